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
from bot.context import Desk
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
    command: Command, asked: Invocation, desk: Desk
) -> Message:
    """Do what was typed, and return the answer."""
    match command:
        case NextSteps():
            return await show_next_steps(asked.user_id, desk)
        case Help():
            return await show_help(asked.user_id, desk)
        case ListCalendars():
            return await show_calendars(command, desk)
        case IssueLink():
            return await issue(command, asked, desk)
        case CopyLink():
            return await copy(command, asked, desk)
        case RegenerateLink():
            return await regenerate(command, asked, desk)
        case ShowStatus():
            return await show_status(command, asked, desk)
        case DeleteLink():
            return await delete(command, asked, desk)
        case ShowHealth():
            return await show_health(desk)
