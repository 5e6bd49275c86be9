"""Submitted forms: Slack waits for what becomes of them."""

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.context import Context
from bot.listeners.requests import invocation_of
from bot.modals.submissions import FORMS, submit


def register(bolt: AsyncApp, context: Context) -> None:
    """Listen to every form."""

    async def submission(ack: AsyncAck, request: AsyncBoltRequest) -> None:
        view = request.body["view"]
        values = view["state"]["values"]
        await ack(await submit(view["callback_id"], values, invocation_of(request), context))

    for callback_id in FORMS:
        bolt.view_submission(callback_id)(submission)
