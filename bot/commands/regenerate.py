"""/otl regenerate LINK: the old link loses access, a fresh one takes its place."""

from functools import partial

from bot.commands.verb import LinkForm, Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.link_ids import read_link
from bot.messages.link_card import regenerated, regenerated_for_another
from bot.messages.message import Message, Question
from bot.text.buttons import ASKED_BEFORE_REGENERATING, REGENERATE
from scheduling.links.regenerate import regenerate_link


async def regenerate(public_id: str, invocation: Invocation, context: Context) -> Message:
    """Replace a link. Its issuer sees the new address, an owner or admin only the new id."""
    done = await context.database.write(
        regenerate_link,
        workspace_id=context.workspace.id,
        public_id=public_id,
        actor=await context.actor(invocation),
        request_key=invocation.request_key,
        secret=context.new_secret(),
        now=context.now(),
    )
    if invocation.user_id != done.link.issued_by:
        return regenerated_for_another(done)
    return regenerated(done, url=context.url(done.link))


VERB = Verb(
    name="regenerate",
    parse=partial(read_link, verb="regenerate"),
    run=regenerate,
    order=40,
    usage="regenerate LINK",
    help=(("regenerate {link}", "a new address; the old one stops working"),),
    other_words=("renew", "replace"),
    question=Question(
        ASKED_BEFORE_REGENERATING,
        "The old one stops working at once. The contact needs the new address from you.",
        REGENERATE,
    ),
    link_form=LinkForm(
        title="Regenerate a link",
        hint="The old link stops working at once; the contact needs the new address.",
        only_active=False,
    ),
)
