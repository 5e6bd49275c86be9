"""Submitted forms: errors beside their fields, or the answer in the form's place. Once each."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from slack_sdk.models.views import View

from bot.commands import issue, me, place, status
from bot.commands.registry import verbs
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.message import Message
from bot.modals import issue_form, link_form, own_form, place_form, status_form
from bot.modals.fields import Misfilled, Values
from bot.modals.shown import as_modal
from bot.replies import words_for
from bot.text import forms as words
from bot.text.refusals import refusal
from scheduling.errors import NotAllowed, SchedulingError

ANSWER_SECONDS: Final = 2.5
"""Slack waits for three."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form runs, how it is read, and the field beside which a refusal stands."""

    run: Callable[[Any, Invocation, Context], Awaitable[Message | View]]
    read: Callable[[Values], Any]
    main_field: str


FORMS: Final[Mapping[str, Form]] = {
    issue_form.CALLBACK: Form(issue.VERB.run, issue_form.read_issue_form, issue_form.CALENDAR),
    status_form.CALLBACK: Form(status.VERB.run, status_form.read_status_form, status_form.CALENDAR),
    own_form.CALLBACK: Form(me.save_me, own_form.read_own_form, own_form.ROOM),
    own_form.USE_CALLBACK: Form(me.use_room, own_form.read_use_room_form, own_form.USE),
    place_form.CALLBACK: Form(place.save_place, place_form.read_place_form, place_form.PLACE),
    **{
        link_form.callback_of(verb): Form(
            verb.run, partial(link_form.read_link_form, verb), link_form.LINK
        )
        for verb in verbs().values()
        if verb.link_form
    },
}
"""By callback_id."""


async def submit(
    callback_id: str, values: Values, invocation: Invocation, context: Context
) -> dict[str, Any]:
    """Do what a form says, and return what Slack does with it.

    Submitted again it finds what it has done: its own id is the key. A write that has begun
    finishes, though the answer may come too late.

    Raises:
        TimeoutError: it takes longer than Slack waits.
    """
    form = FORMS[callback_id]
    value = form.read(values)
    async with asyncio.timeout(ANSWER_SECONDS):
        await context.require_member(invocation)
        answer = await form.run(value, invocation, context)
    if isinstance(answer, View):  # it asks for more
        return {"response_action": "update", "view": answer.to_dict()}
    return _in_place_of_the_form(answer, invocation.channel_id)


def answer_error(error: Exception, callback_id: str, channel_id: str) -> dict[str, Any]:
    """Return what Slack does with a form that could not be carried out.

    It stays open as it is where something can be put right, so that nothing typed is lost.
    """
    main_field = FORMS[callback_id].main_field
    match error:
        case Misfilled(errors=errors):
            return {"response_action": "errors", "errors": errors}
        case TimeoutError():
            said = words.TOO_SLOW
        case NotAllowed():
            said = words.NOT_YOURS
        case SchedulingError():
            said = words.inline(refusal(error))
        case _:
            return _in_place_of_the_form(words_for(error), channel_id)
    return {"response_action": "errors", "errors": {main_field: said}}


def _in_place_of_the_form(message: Message, channel_id: str) -> dict[str, Any]:
    view = as_modal(message, channel_id=channel_id)
    return {"response_action": "update", "view": view.to_dict()}
