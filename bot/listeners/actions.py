"""Buttons: which command each one runs, and whether the answer takes the card's place."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.commands.confirmation import send_confirmation_again, show_text_to_send
from bot.commands.copy import copy
from bot.commands.delete import delete
from bot.commands.details import show_class, show_details
from bot.commands.issue import issue
from bot.commands.me import fill_own_form
from bot.commands.meetings import show_meetings
from bot.commands.regenerate import regenerate
from bot.commands.registry import parse_command
from bot.commands.status import is_used, show_page, show_status
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import FormNotOpened, OldButton
from bot.grammar.issue import IssueLink
from bot.grammar.link_ids import public_id
from bot.grammar.meetings import ShowMeetings
from bot.grammar.report_query import read_query
from bot.grammar.status import ShowStatus
from bot.home.homes import Homes
from bot.listeners.requests import (
    acknowledge,
    answered_in_modal,
    invocation_of,
    is_open_for,
    open_for,
)
from bot.messages import (
    calendar_list,
    class_booked,
    link_card,
    link_used,
    mail,
    meetings,
    status_report,
)
from bot.messages.class_booked import ClassPage
from bot.messages.home import TURN_ACTIVE, TURN_USED, HomePage
from bot.messages.message import Message
from bot.messages.notes import OPEN_ISSUE_FORM, RUN_LINES
from bot.messages.own_settings import CHANGE_ME
from bot.messages.places import CHANGE_PLACE
from bot.modals.opened import form_for_press
from bot.replies import Reply, send, show_form
from bot.text.notices import nothing_done
from scheduling.errors import LinkNotActive, UnknownBooking, UnknownLink
from scheduling.links.status import LinkStatus

Press = Callable[[Invocation, Context], Awaitable[Reply]]
Show = Callable[[Invocation, Context], Awaitable[Message]]


def register(bolt: AsyncApp, context: Context, homes: Homes) -> None:
    """Listen to every button; one that no release of ours shows any more is answered too."""

    async def hear(ack: AsyncAck, request: AsyncBoltRequest) -> None:
        await ack()
        await open_for(request, form_for_press(invocation_of(request)), context)

    async def turn_home(request: AsyncBoltRequest) -> None:
        invocation = invocation_of(request)
        await homes.open(invocation, HomePage.of_value(invocation.value))

    async def fill_own(request: AsyncBoltRequest) -> None:
        opened = answered_in_modal(request)
        invocation = opened or invocation_of(request)
        await context.require_member(invocation)
        if opened is None:
            raise FormNotOpened
        await show_form(await fill_own_form(opened, context), opened, context.slack)

    for action_id, press in PRESSES.items():
        bolt.block_action(action_id)(ack=hear, lazy=[_answers(press, context)])
    for action_id, show in SHOWN_IN_MODALS.items():
        bolt.block_action(action_id)(ack=hear, lazy=[_fills_modal(show, context)])
    for action_id in (*TURN_ACTIVE, *TURN_USED):
        bolt.block_action(action_id)(ack=acknowledge, lazy=[turn_home])
    bolt.block_action(CHANGE_ME)(ack=hear, lazy=[fill_own])
    bolt.block_action(re.compile(".*"))(ack=acknowledge, lazy=[_answers(_unknown, context)])


def _answers(press: Press, context: Context) -> Callable[..., Awaitable[Any]]:
    async def answer(request: AsyncBoltRequest) -> None:
        if await is_open_for(request, context):
            return
        invocation = invocation_of(request)
        await context.require_member(invocation)
        await send(await press(invocation, context), invocation, context.slack)

    return answer


def _fills_modal(show: Show, context: Context) -> Callable[..., Awaitable[Any]]:
    async def fill_modal(request: AsyncBoltRequest) -> None:
        opened = answered_in_modal(request)
        invocation = opened or invocation_of(request)
        await context.require_member(invocation)
        message = await show(invocation, context)
        await send(Reply(message, replaces=opened is not None), invocation, context.slack)

    return fill_modal


async def _issue(invocation: Invocation, context: Context) -> Reply:
    return Reply(await issue(IssueLink(invocation.value), invocation, context))


async def _copy(invocation: Invocation, context: Context) -> Reply:
    link = _link(invocation)
    try:
        return Reply(await copy(link, invocation, context))
    except LinkNotActive as ended:
        return await _refreshed(link, ended.status, invocation, context)


async def _regenerate(invocation: Invocation, context: Context) -> Reply:
    link = _link(invocation)
    if invocation.value.endswith(LinkStatus.ACTIVE) and await is_used(link, context):
        return await _refreshed(link, LinkStatus.USED, invocation, context)
    message = await regenerate(link, invocation, context)
    return Reply(message, replaces=invocation.is_for_one)


async def _delete(invocation: Invocation, context: Context) -> Reply:
    link = _link(invocation)
    try:
        message = await delete(link, invocation, context)
    except LinkNotActive as ended:
        return await _refreshed(link, ended.status, invocation, context)
    return Reply(message, replaces=invocation.is_for_one)


async def _refreshed(
    link: str, ended: LinkStatus, invocation: Invocation, context: Context
) -> Reply:
    """Show how the link stands now, in place of the card that showed it otherwise."""
    shows = ShowStatus(link=link)
    message = await show_status(shows, invocation, context, notice=nothing_done(ended))
    return Reply(message, replaces=invocation.is_for_one)


async def _send_again(invocation: Invocation, context: Context) -> Reply:
    return Reply(await send_confirmation_again(_link(invocation), invocation, context))


async def _show_text(invocation: Invocation, context: Context) -> Reply:
    return Reply(await show_text_to_send(_link(invocation), invocation, context))


async def _show_status(invocation: Invocation, context: Context) -> Reply:
    return Reply(await show_status(ShowStatus(link=_link(invocation)), invocation, context))


async def _show_details(invocation: Invocation, context: Context) -> Message:
    return await show_details(_link(invocation), invocation, context)


async def _show_class(invocation: Invocation, context: Context) -> Message:
    page = ClassPage.of_value(invocation.value)
    if page is None:
        raise UnknownBooking
    return await show_class(page, invocation, context)


async def _turn_class(invocation: Invocation, context: Context) -> Reply:
    return Reply(await _show_class(invocation, context), replaces=True)


async def _turn_page(invocation: Invocation, context: Context) -> Reply:
    message = await show_page(read_query(invocation.value), invocation, context)
    return Reply(message, replaces=invocation.is_for_one)


async def _turn_meetings(invocation: Invocation, context: Context) -> Reply:
    shown = ShowMeetings.of_value(invocation.value)
    message = await show_meetings(shown, invocation, context)
    return Reply(message, replaces=invocation.is_for_one)


async def _run_line(invocation: Invocation, context: Context) -> Reply:
    message = await parse_command(invocation.value).run(invocation, context)
    return Reply(message, replaces=invocation.is_ephemeral)


async def _form_not_opened(invocation: Invocation, context: Context) -> Reply:
    """Say so: this button's form opens while Slack waits (`bot.modals.opened`), or not at all."""
    del invocation, context
    raise FormNotOpened


async def _unknown(invocation: Invocation, context: Context) -> Reply:
    """Answer a button that no release of ours shows any more."""
    del invocation, context
    raise OldButton


def _link(invocation: Invocation) -> str:
    """Return the link that a button's value begins with; its state when shown may follow."""
    link = public_id(invocation.value.partition(" ")[0])
    if link is None:
        raise UnknownLink
    return link


PRESSES: Final[dict[str, Press]] = {
    mail.SEND_AGAIN: _send_again,
    mail.SHOW_TEXT: _show_text,
    calendar_list.ISSUE: _issue,
    link_used.ISSUE_ANOTHER: _issue,
    link_used.SHOW_STATUS: _show_status,
    link_card.COPY: _copy,
    link_card.REGENERATE: _regenerate,
    link_card.DELETE: _delete,
    CHANGE_PLACE: _form_not_opened,
    OPEN_ISSUE_FORM: _form_not_opened,
    status_report.OPEN_STATUS_FORM: _form_not_opened,
    status_report.NEWER: _turn_page,
    status_report.OLDER: _turn_page,
    status_report.SHOW_ALL: _turn_page,
    meetings.EARLIER: _turn_meetings,
    meetings.LATER: _turn_meetings,
    **dict.fromkeys(class_booked.TURN, _turn_class),
    **dict.fromkeys(status_report.SHOW_ONLY.values(), _turn_page),
    **dict.fromkeys(RUN_LINES, _run_line),
}
SHOWN_IN_MODALS: Final[dict[str, Show]] = {
    link_used.DETAILS: _show_details,
    class_booked.EVERYBODY: _show_class,
}
