"""Menus that ask for their options while somebody types: calendars by group, links by words."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_sdk.models.blocks import Option, OptionGroup

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import BotRefusal
from bot.grammar.verbs import Verb
from bot.messages.message import LABEL_LENGTH, plain
from bot.modals.fields import option
from bot.modals.issue_form import CHOOSE_CALENDAR
from bot.modals.link_form import MENUS
from bot.text import forms as words
from bot.text.links import menu_line
from scheduling.calendars.find import CalendarDetails, list_calendars
from scheduling.errors import SchedulingError
from scheduling.links.search import search_links

MOST_OPTIONS: Final = (
    100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
)

Menu = Callable[[Invocation, Context], Awaitable[list[Option] | list[OptionGroup]]]

log = logging.getLogger(__name__)


async def suggest(menu: Menu, invocation: Invocation, context: Context) -> dict[str, Any]:
    """Answer a menu's question; nobody who may not use OTL is shown anything."""
    try:
        await context.people.require_member(invocation, team_id=context.workspace.team_id)
        found = await menu(invocation, context)
    except BotRefusal:
        found = []
    except SchedulingError as error:
        log.warning("a menu has no options: %s", type(error).__name__)
        found = []
    shown = [one.to_dict() for one in found]
    grouped = bool(found) and isinstance(found[0], OptionGroup)
    return {"option_groups" if grouped else "options": shown}


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


def _links(verb: Verb) -> Menu:
    async def menu(invocation: Invocation, context: Context) -> list[Option]:
        found = await context.database.read(
            search_links,
            workspace_id=context.workspace.id,
            actor=await context.actor(invocation),
            words=invocation.value,
            only_own=verb is Verb.COPY,
            only_active=verb is not Verb.REGENERATE,
            now=context.now(),
            limit=MOST_OPTIONS,
        )
        return [
            option(menu_line(link, reader=invocation.user_id), link.public_id) for link in found
        ]

    return menu


MENU_OF: Final[Mapping[str, Menu]] = {
    CHOOSE_CALENDAR: _calendars,
    **{action_id: _links(verb) for action_id, verb in MENUS.items()},
}
