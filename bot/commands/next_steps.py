"""/otl alone: the most useful next steps for this person."""

from bot.commands.verb import Verb, read_nothing
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.message import Message
from bot.messages.next_steps import MOST_CALENDARS, MOST_LINKS, next_steps
from scheduling.links.own import calendars_used_last
from scheduling.links.status import LinkStatus


async def show_next_steps(_: None, invocation: Invocation, context: Context) -> Message:
    """Show the person's active links and the calendars they used last."""
    own = await context.own_links(invocation.user_id, LinkStatus.ACTIVE, limit=MOST_LINKS)
    calendars = await context.database.read(
        calendars_used_last,
        workspace_id=context.workspace.id,
        user_id=invocation.user_id,
        limit=MOST_CALENDARS,
    )
    active = own.counts.get(LinkStatus.ACTIVE, 0)
    return next_steps(own.links, active=active, calendars=calendars)


VERB = Verb(name="", parse=read_nothing, run=show_next_steps)
