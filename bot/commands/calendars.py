"""/otl calendars [words]: what can be booked."""

from bot.context import Context
from bot.grammar.commands import ListCalendars
from bot.messages.calendar_list import calendar_list
from bot.messages.message import Message
from scheduling.calendars.find import list_calendars


async def show_calendars(command: ListCalendars, context: Context) -> Message:
    """Show the calendars whose name, slug or group has all the words."""
    found = await context.database.read(
        list_calendars, workspace_id=context.workspace.id, words=command.words
    )
    return calendar_list(found, searched=command.words)
