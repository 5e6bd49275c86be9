"""/otl delete LINK: nobody can book with it any more."""

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.commands import DeleteLink
from bot.messages.link_card import deleted
from bot.messages.message import Message
from scheduling.links.delete import delete_link


async def delete(command: DeleteLink, invocation: Invocation, context: Context) -> Message:
    """Delete an unused link for good."""
    link = await context.database.write(
        delete_link,
        workspace_id=context.workspace.id,
        public_id=command.link,
        actor=await context.actor(invocation),
        now=context.now(),
    )
    return deleted(link, await context.viewer(invocation, link))
