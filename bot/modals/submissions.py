"""Submitted forms: errors beside their fields, or the answer in the form's place. Once each."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bot.commands.run import run
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import Guest, Outsider
from bot.grammar.commands import Command
from bot.grammar.verbs import Verb
from bot.messages.message import Message
from bot.modals import issue_form, link_form, status_form
from bot.modals.fields import Misfilled, Values
from bot.modals.shown import as_modal
from bot.replies import words_for
from bot.text import forms as words
from bot.text.refusals import refusal
from scheduling.errors import NotAllowed, SchedulingError

ANSWER_SECONDS: Final = 2.5
"""Slack waits for three."""

Read = Callable[[Values], Command]


def _read_link(verb: Verb) -> Read:
    return lambda values: link_form.read_link_form(verb, values)


FORMS: Final[Mapping[str, tuple[Read, str]]] = {
    issue_form.CALLBACK: (issue_form.read_issue_form, issue_form.CALENDAR),
    status_form.CALLBACK: (status_form.read_status_form, status_form.CALENDAR),
    **{
        callback: (_read_link(verb), link_form.LINK)
        for callback, verb in link_form.CALLBACKS.items()
    },
}
"""By callback_id: how the form is read, and the field beside which a refusal stands."""


async def submit(
    callback_id: str, values: Values, invocation: Invocation, context: Context
) -> dict[str, Any]:
    """Do what a form says, and return what Slack does with it.

    The form stays open as it is where something is wrong, so that nothing typed is lost. Submitted
    again it finds what it has done: its own id is the key.
    """
    read, main_field = FORMS[callback_id]
    try:
        command = read(values)
        message = await _in_time(_work(command, invocation, context))
    except Misfilled as error:
        return {"response_action": "errors", "errors": error.errors}
    except TimeoutError:
        return {"response_action": "errors", "errors": {main_field: words.TOO_SLOW}}
    except (Guest, Outsider) as error:
        message = words_for(error)
    except NotAllowed:
        return {"response_action": "errors", "errors": {main_field: words.NOT_YOURS}}
    except SchedulingError as error:
        said = words.inline(refusal(error))
        return {"response_action": "errors", "errors": {main_field: said}}
    except Exception as error:  # noqa: BLE001  # the top of a listener; `words_for` logs it
        message = words_for(error)
    view = as_modal(message, channel_id=invocation.channel_id)
    return {"response_action": "update", "view": view.to_dict()}


async def _work(command: Command, invocation: Invocation, context: Context) -> Message:
    await context.people.require_member(invocation, team_id=context.workspace.team_id)
    return await run(command, invocation, context)


async def _in_time(work: Awaitable[Message]) -> Message:
    """Wait for the answer as long as Slack does; a write that has begun finishes all the same."""
    async with asyncio.timeout(ANSWER_SECONDS):
        return await work
