"""/otl help: all commands, with a calendar and a link that exist, so that each line works."""

from typing import Final

from bot.commands.registry import verbs
from bot.commands.verb import Verb, read_nothing
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.message import Message
from bot.messages.notes import help_text
from scheduling.calendars.find import list_calendars
from scheduling.errors import DatabaseUnavailable
from scheduling.links.status import LinkStatus

SOME_CALENDAR: Final = "onboarding-call"
SOME_LINK: Final = "L-7K2QXA"


async def show_help(_: None, invocation: Invocation, context: Context) -> Message:
    """Show the commands; help comes even where the database does not."""
    try:
        calendars = await context.database.read(list_calendars, workspace_id=context.workspace.id)
        own = await context.own_links(invocation.user_id, LinkStatus.ACTIVE, limit=1)
    except DatabaseUnavailable:
        return help_text(help_lines(calendar=SOME_CALENDAR, link=SOME_LINK))
    active = [calendar.slug for calendar in calendars if calendar.active]
    return help_text(
        help_lines(
            calendar=active[0] if active else SOME_CALENDAR,
            link=own.links[0].public_id if own.links else SOME_LINK,
        )
    )


def help_lines(*, calendar: str, link: str) -> list[tuple[str, str]]:
    """Return each command with what it does.

    Args:
        calendar: slug of a calendar that exists, so that the line works.
        link: public id, the newest of the reader's own if there is one.
    """
    return [
        (f"/otl {line.format(calendar=calendar, link=link)}", meaning)
        for verb in verbs().values()
        for line, meaning in verb.help
    ]


VERB = Verb(name="help", parse=read_nothing, run=show_help, order=80, usage="help")
