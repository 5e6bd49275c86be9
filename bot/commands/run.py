"""From a command value to the room where it is done."""

from bot.commands.calendars import show_calendars
from bot.commands.copy import copy
from bot.commands.delete import delete
from bot.commands.health import show_health
from bot.commands.help import show_help
from bot.commands.issue import issue
from bot.commands.next_steps import show_next_steps
from bot.commands.regenerate import regenerate
from bot.commands.status import show_status
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.commands import (
    Command,
    CopyLink,
    DeleteLink,
    Help,
    IssueLink,
    ListCalendars,
    NextSteps,
    RegenerateLink,
    ShowHealth,
    ShowStatus,
)
from bot.messages.message import Message


async def run(  # noqa: PLR0911  # one return for each command
    command: Command, invocation: Invocation, context: Context
) -> Message:
    """Do what was typed, and return the answer."""
    match command:
        case NextSteps():
            return await show_next_steps(invocation.user_id, context)
        case Help():
            return await show_help(invocation.user_id, context)
        case ListCalendars():
            return await show_calendars(command, context)
        case IssueLink():
            return await issue(command, invocation, context)
        case CopyLink():
            return await copy(command, invocation, context)
        case RegenerateLink():
            return await regenerate(command, invocation, context)
        case ShowStatus():
            return await show_status(command, invocation, context)
        case DeleteLink():
            return await delete(command, invocation, context)
        case ShowHealth():
            return await show_health(context)
