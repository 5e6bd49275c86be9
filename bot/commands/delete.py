"""/otl delete LINK: nobody can book with it any more."""

from bot.context import Desk
from bot.doors.invocation import Invocation
from bot.grammar.commands import DeleteLink
from bot.messages.link_card import deleted
from bot.messages.message import Message
from scheduling.links.issue import delete_link


async def delete(command: DeleteLink, asked: Invocation, desk: Desk) -> Message:
    """Delete an unused link for good."""
    link = await desk.database.write(
        delete_link,
        workspace_id=desk.workspace.id,
        public_id=command.link,
        actor=await desk.actor(asked),
        now=desk.now(),
    )
    return deleted(link, await desk.viewer(asked, link))
