"""/otl calendars [words]: what can be booked."""

from bot.commands.verb import Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.typed_text import Typed
from bot.messages.calendar_list import calendar_list
from bot.messages.message import Message
from scheduling.calendars.find import list_calendars


async def show_calendars(words: str, _invocation: Invocation, context: Context) -> Message:
    """Show the calendars whose name, slug or group has all the words; "" shows all."""
    found = await context.database.read(
        list_calendars, workspace_id=context.workspace.id, words=words
    )
    return calendar_list(found, searched=words)


VERB = Verb(
    name="calendars",
    parse=Typed.text,
    run=show_calendars,
    order=10,
    usage="calendars",
    help=(("calendars", "what can be booked; add words to search"),),
    other_words=("list", "calendar"),
)
