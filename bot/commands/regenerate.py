"""/otl regenerate LINK: the old link loses access, a fresh one takes its place."""

from bot.context import Desk
from bot.doors.invocation import Invocation
from bot.grammar.commands import RegenerateLink
from bot.messages.link_card import regenerated, regenerated_for_another
from bot.messages.message import Message
from scheduling.links.issue import regenerate_link


async def regenerate(command: RegenerateLink, asked: Invocation, desk: Desk) -> Message:
    """Replace a link. Its issuer sees the new address, an owner or admin only the new id."""
    done = await desk.database.write(
        regenerate_link,
        workspace_id=desk.workspace.id,
        public_id=command.link,
        actor=await desk.actor(asked),
        delivery_key=asked.delivery_key,
        secret=desk.new_secret(),
        now=desk.now(),
    )
    if asked.user_id != done.link.issued_by:
        return regenerated_for_another(done)
    return regenerated(done, url=desk.url(done.link))
