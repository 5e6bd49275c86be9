"""/otl help: all commands, with a calendar and a link that exist, so that each line works."""

from typing import Final

from bot.context import Context
from bot.messages.message import Message
from bot.messages.notes import help_text
from scheduling.calendars.find import list_calendars
from scheduling.errors import DatabaseUnavailable
from scheduling.links.report import link_report
from scheduling.links.status import LinkStatus

SOME_CALENDAR: Final = "onboarding-call"
SOME_LINK: Final = "L-7K2QXA"


async def show_help(user_id: str, context: Context) -> Message:
    """Show the commands; help comes even where the database does not."""
    try:
        calendars = await context.database.read(list_calendars, workspace_id=context.workspace.id)
        own = await context.database.read(
            link_report,
            workspace_id=context.workspace.id,
            calendar=None,
            public_id=None,
            user_id=user_id,
            only=LinkStatus.ACTIVE,
            now=context.now(),
            limit=1,
        )
    except DatabaseUnavailable:
        return help_text(calendar=SOME_CALENDAR, link=SOME_LINK)
    active = [calendar.slug for calendar in calendars if calendar.active]
    return help_text(
        calendar=active[0] if active else SOME_CALENDAR,
        link=own.links[0].public_id if own.links else SOME_LINK,
    )
