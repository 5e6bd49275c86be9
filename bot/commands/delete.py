"""/otl delete LINK: nobody can book with it any more."""

from functools import partial

from bot.commands.verb import LinkForm, Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.link_ids import read_link
from bot.messages.link_card import deleted
from bot.messages.message import Message, Question
from bot.text.buttons import ASKED_BEFORE_DELETING, DELETE
from scheduling.links.delete import delete_link


async def delete(public_id: str, invocation: Invocation, context: Context) -> Message:
    """Delete an unused link for good."""
    link = await context.database.write(
        delete_link,
        workspace_id=context.workspace.id,
        public_id=public_id,
        actor=await context.actor(invocation),
        now=context.now(),
    )
    return deleted(link, await context.viewer(invocation, link))


LOSS = "Nobody can book with it any more. A deleted link never works again."

VERB = Verb(
    name="delete",
    parse=partial(read_link, verb="delete"),
    run=delete,
    order=60,
    usage="delete LINK",
    help=(("delete {link}", "nobody can book with it any more"),),
    other_words=("remove", "revoke", "cancel"),
    question=Question(ASKED_BEFORE_DELETING, LOSS, DELETE, is_final=True),
    link_form=LinkForm(title="Delete a link", hint=LOSS),
)
