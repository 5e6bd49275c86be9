"""/otl copy LINK: its address again, for whoever issued it."""

from functools import partial

from bot.commands.verb import LinkForm, Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.link_ids import read_link
from bot.messages.link_card import issued
from bot.messages.message import Message
from scheduling.links.copy import copy_link
from scheduling.links.permissions import Actor


async def copy(public_id: str, invocation: Invocation, context: Context) -> Message:
    """Show an active link to its issuer again."""
    link = await context.database.read(
        copy_link,
        workspace_id=context.workspace.id,
        public_id=public_id,
        # Admins do not see others' addresses either.
        actor=Actor(invocation.user_id, is_admin=False),
        now=context.now(),
    )
    return issued(link, url=context.url(link))


VERB = Verb(
    name="copy",
    parse=partial(read_link, verb="copy"),
    run=copy,
    order=30,
    usage="copy LINK",
    help=(("copy {link}", "its address again, while it is active"),),
    other_words=("share",),
    link_form=LinkForm(
        title="Copy a link",
        hint="Your own active links: only their issuer sees an address.",
        only_own=True,
    ),
)
