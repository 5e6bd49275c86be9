"""Menus that ask for their options while somebody types: calendars by group, links by words."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.models.blocks import Option, OptionGroup

from bot.commands.registry import verbs
from bot.commands.verb import LinkForm
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import BotRefusal
from bot.listeners.requests import invocation_of
from bot.messages.message import LABEL_LENGTH, plain
from bot.modals.fields import NO_CHOICE, option
from bot.modals.issue_form import CHOOSE_CALENDAR
from bot.modals.link_form import menu_of
from bot.replies import log_unexpected
from bot.text import forms as words
from bot.text.links import menu_line
from scheduling.calendars.find import CalendarDetails, list_calendars
from scheduling.errors import DatabaseUnavailable
from scheduling.links.search import search_links

MOST_OPTIONS: Final = (
    100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
)

Menu = Callable[[Invocation, Context], Awaitable[list[Option] | list[OptionGroup]]]


def register(bolt: AsyncApp, context: Context) -> None:
    """Listen to every menu's question."""
    for action_id, menu in MENU_OF.items():
        bolt.options(action_id)(_answers(menu, context))


def options_saying(error: Exception) -> dict[str, Any]:
    """Return options of which the only one says why there are none; a menu can say nothing else."""
    match error:
        case BotRefusal():
            said = words.MENU_IS_FOR_MEMBERS
        case DatabaseUnavailable():
            said = words.MENU_HAS_NO_DATABASE
        case _:
            said = words.menu_failed(log_unexpected(error))
    return _as_json([option(said, NO_CHOICE)])


def _answers(menu: Menu, context: Context) -> Callable[..., Awaitable[None]]:
    async def question(ack: AsyncAck, request: AsyncBoltRequest) -> None:
        invocation = invocation_of(request)
        await context.require_member(invocation)
        await ack(_as_json(await menu(invocation, context)))

    return question


def _as_json(found: list[Option] | list[OptionGroup]) -> dict[str, Any]:
    grouped = bool(found) and isinstance(found[0], OptionGroup)
    return {"option_groups" if grouped else "options": [one.to_dict() for one in found]}


async def _calendars(invocation: Invocation, context: Context) -> list[Option] | list[OptionGroup]:
    found = await context.database.read(
        list_calendars, workspace_id=context.workspace.id, words=invocation.value
    )
    return calendar_options([one for one in found if one.active])


def calendar_options(found: list[CalendarDetails]) -> list[Option] | list[OptionGroup]:
    """Return the first hundred, under their groups' names where there are groups."""
    shown = found[:MOST_OPTIONS]
    if not any(one.group for one in shown):
        return [option(one.name, one.slug) for one in shown]
    groups: dict[str, list[Option]] = {}
    for one in sorted(shown, key=lambda one: (one.group is None, (one.group or "").casefold())):
        groups.setdefault(one.group or words.NO_GROUP, []).append(option(one.name, one.slug))
    return [
        OptionGroup(label=plain(name, LABEL_LENGTH), options=options)
        for name, options in groups.items()
    ]


def _links(asks: LinkForm) -> Menu:
    async def menu(invocation: Invocation, context: Context) -> list[Option]:
        found = await context.database.read(
            search_links,
            workspace_id=context.workspace.id,
            actor=await context.actor(invocation),
            words=invocation.value,
            only_own=asks.only_own,
            only_active=asks.only_active,
            now=context.now(),
            limit=MOST_OPTIONS,
        )
        return [
            option(menu_line(link, reader=invocation.user_id), link.public_id) for link in found
        ]

    return menu


MENU_OF: Final[Mapping[str, Menu]] = {
    CHOOSE_CALENDAR: _calendars,
    **{menu_of(verb): _links(verb.link_form) for verb in verbs().values() if verb.link_form},
}
