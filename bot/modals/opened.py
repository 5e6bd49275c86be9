"""Opens forms while Slack still waits: a trigger lives three seconds and opens one view."""

import asyncio
import logging
from typing import Final

from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import me
from bot.commands.registry import parse_command, verbs
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import (
    BotRefusal,
    CalendarMissing,
    ContactMissing,
    DeadlineMissing,
    LinkMissing,
    Misunderstanding,
)
from bot.grammar.issue import read_draft
from bot.grammar.report_query import read_query
from bot.messages.class_booked import EVERYBODY
from bot.messages.link_used import DETAILS
from bot.messages.notes import OPEN_ISSUE_FORM, RUN_LINES, note
from bot.messages.own_settings import CHANGE_ME
from bot.messages.places import CHANGE_PLACE
from bot.messages.status_report import OPEN_STATUS_FORM
from bot.modals.issue_form import issue_form
from bot.modals.link_form import link_form
from bot.modals.place_form import place_form
from bot.modals.shown import as_modal
from bot.modals.status_form import status_form
from bot.slack_client import SLACK_TROUBLE, error_code
from bot.text.forms import ONE_MOMENT
from bot.text.refusals import refusal

OPEN_SECONDS: Final = 2.0
FILLED_LATER: Final = (DETAILS, EVERYBODY, CHANGE_ME)
"""Buttons that open a modal at once, for what is read from the database then."""

log = logging.getLogger(__name__)


def form_for_line(text: str, channel_id: str) -> View | None:
    """Return the form for a line in which something is missing; None where nothing is."""
    try:
        verb = parse_command(text).verb
    except (CalendarMissing, ContactMissing, DeadlineMissing):
        return issue_form(read_draft(text), channel_id=channel_id)
    except LinkMissing as missing:
        verb = verbs()[missing.verb]
        assert verb.link_form is not None
        return link_form(verb, verb.link_form, channel_id=channel_id)
    except Misunderstanding:
        return None
    return as_modal(note(ONE_MOMENT), channel_id=channel_id) if verb is me.VERB else None


def names_me(text: str) -> bool:
    """Tell whether a line opens the form that is filled in with what a person said before."""
    try:
        return parse_command(text).verb is me.VERB
    except Misunderstanding:
        return False


def form_for_press(invocation: Invocation) -> View | None:
    """Return the form, or the modal to be filled, that a button opens; None where it opens none."""
    if invocation.action_id in RUN_LINES:
        return form_for_line(invocation.value, invocation.channel_id)
    if invocation.action_id in FILLED_LATER:
        return as_modal(note(ONE_MOMENT), channel_id=invocation.channel_id)
    if invocation.action_id == CHANGE_PLACE:
        return place_form(invocation.value, channel_id=invocation.channel_id)
    if invocation.action_id == OPEN_ISSUE_FORM:
        return issue_form(read_draft(invocation.value), channel_id=invocation.channel_id)
    if invocation.action_id == OPEN_STATUS_FORM:
        return status_form(read_query(invocation.value).shows, channel_id=invocation.channel_id)
    return None


async def open_form(view: View, invocation: Invocation, context: Context) -> str:
    """Show the form and return its id; "" where Slack did not, or who asks is no member.

    Only what is remembered of them is looked at: there is no time to ask Slack.
    `refuse_outsiders` does that afterwards.
    """
    if not context.may_be_member(invocation):
        return ""
    show = context.slack.views_push if invocation.modal_id else context.slack.views_open
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            answer = await show(trigger_id=invocation.trigger_id, view=view)
    except SLACK_TROUBLE as error:
        log.warning("a form was not opened: %s", error_code(error))
        return ""
    return str((answer.get("view") or {}).get("id") or "")


async def refuse_outsiders(view_id: str, invocation: Invocation, context: Context) -> None:
    """Say no in the form's place where the person turns out to be a guest or a stranger."""
    try:
        await context.require_member(invocation)
    except BotRefusal as error:
        await _replace(context.slack, view_id, error)


async def _replace(slack: AsyncWebClient, view_id: str, error: BotRefusal) -> None:
    try:
        await slack.views_update(
            view_id=view_id, view=as_modal(note(refusal(error)), channel_id="")
        )
    except SLACK_TROUBLE as trouble:
        log.warning("a form stays open before somebody who may not: %s", error_code(trouble))
