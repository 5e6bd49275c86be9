"""/otl regenerate LINK: the old link loses access, a fresh one takes its place."""

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.commands import RegenerateLink
from bot.messages.link_card import regenerated, regenerated_for_another
from bot.messages.message import Message
from scheduling.links.regenerate import regenerate_link


async def regenerate(command: RegenerateLink, invocation: Invocation, context: Context) -> Message:
    """Replace a link. Its issuer sees the new address, an owner or admin only the new id."""
    done = await context.database.write(
        regenerate_link,
        workspace_id=context.workspace.id,
        public_id=command.link,
        actor=await context.actor(invocation),
        request_key=invocation.request_key,
        secret=context.new_secret(),
        now=context.now(),
    )
    if invocation.user_id != done.link.issued_by:
        return regenerated_for_another(done)
    return regenerated(done, url=context.url(done.link))
