"""What the parts of a listener hand on in Bolt's context of a request."""

from dataclasses import replace
from typing import Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.models.views import View

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.modals.opened import open_form, refuse_outsiders

INVOCATION: Final = "otl_invocation"
OPENED_FORM: Final = "otl_opened_form"


async def acknowledge(ack: AsyncAck) -> None:
    """Say that it arrived; whatever is to be done, the lazy part does."""
    await ack()


def invocation_of(request: AsyncBoltRequest) -> Invocation:
    """Return what a person did; `Bot.accept` has read it."""
    invocation = request.context[INVOCATION]
    assert isinstance(invocation, Invocation)
    return invocation


async def open_for(request: AsyncBoltRequest, form: View | None, context: Context) -> None:
    """Open a form while Slack waits; None opens none."""
    if form is not None:
        request.context[OPENED_FORM] = await open_form(form, invocation_of(request), context)


def answered_in_modal(request: AsyncBoltRequest) -> Invocation | None:
    """Return it as if it was done in the modal that was opened for it; None: none was."""
    view_id = request.context.get(OPENED_FORM)
    if not view_id:
        return None
    return replace(invocation_of(request), response_url="", modal_id=view_id)


async def is_open_for(request: AsyncBoltRequest, context: Context) -> bool:
    """Tell whether a form is open for whoever asked; they are refused in its place if need be."""
    view_id = request.context.get(OPENED_FORM)
    if view_id:
        await refuse_outsiders(view_id, invocation_of(request), context)
    return bool(view_id)
