"""The slash command."""

from typing import Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.commands.me import fill_own_form
from bot.commands.registry import parse_command
from bot.context import Context
from bot.listeners.requests import answered_in_modal, invocation_of, is_open_for, open_for
from bot.modals.opened import form_for_line, names_me
from bot.replies import Reply, send, show_form

COMMAND: Final = "/otl"


def register(bolt: AsyncApp, context: Context) -> None:
    """Listen to the command."""

    async def hear(ack: AsyncAck, request: AsyncBoltRequest) -> None:
        await ack()
        invocation = invocation_of(request)
        form = form_for_line(invocation.value, invocation.channel_id)
        await open_for(request, form, context)

    async def answer(request: AsyncBoltRequest) -> None:
        opened = answered_in_modal(request)
        if opened is not None and names_me(opened.value):
            await context.require_member(opened)
            await show_form(await fill_own_form(opened, context), opened, context.slack)
            return
        if await is_open_for(request, context):
            return
        invocation = invocation_of(request)
        await context.require_member(invocation)
        message = await parse_command(invocation.value).run(invocation, context)
        await send(Reply(message), invocation, context.slack)

    bolt.command(COMMAND)(ack=hear, lazy=[answer])
