"""/otl delete LINK: nobody can book with it any more."""

from bot.desk import Desk
from bot.grammar import DeleteLink
from bot.invocation import Invocation
from bot.messages.link_card import deleted
from bot.messages.message import Message
from scheduling.links import delete_link


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
