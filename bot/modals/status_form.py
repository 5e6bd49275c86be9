"""The form that narrows the status of links: to a calendar or a person, to a state. Pure."""

from typing import Final

from slack_sdk.models.blocks.block_elements import StaticSelectElement, UserSelectElement
from slack_sdk.models.views import View

from bot.grammar.status import ShowStatus
from bot.messages.message import plain
from bot.modals.fields import (
    HINT_LENGTH,
    Misfilled,
    Values,
    chosen_in,
    field,
    form,
    option,
    search_menu,
)
from bot.modals.issue_form import CHOOSE_CALENDAR
from bot.text import forms as words
from bot.text.links import STATUS_NAMES
from scheduling.links.status import LinkStatus

CALLBACK: Final = "status_form"
CALENDAR: Final = "calendar"
PERSON: Final = "person"
STATUS: Final = "status"
EVERY: Final = "every"


def status_form(shown: ShowStatus, *, channel_id: str) -> View:
    """Return the form, filled in with what is shown now."""
    typed = option(shown.calendar, shown.calendar) if shown.calendar else None
    choices = [
        option(words.EVERY_STATUS, EVERY),
        *(option(STATUS_NAMES[one], one.value) for one in LinkStatus),
    ]
    wanted = shown.only.value if shown.only else EVERY
    menu = StaticSelectElement(
        action_id=STATUS,
        options=choices,
        initial_option=next(one for one in choices if one.value == wanted),
    )
    calendar = search_menu(CHOOSE_CALENDAR, chosen=typed, placeholder=words.EVERY_CALENDAR)
    person = UserSelectElement(
        action_id=PERSON,
        initial_user=shown.user,
        placeholder=plain(words.EVERYBODY, HINT_LENGTH),
    )
    return form(
        callback_id=CALLBACK,
        title=words.STATUS_TITLE,
        submit=words.SHOW,
        blocks=[
            field(CALENDAR, words.CALENDAR, calendar, optional=True),
            field(PERSON, words.ISSUED_BY, person, optional=True),
            field(STATUS, words.STATUS, menu),
        ],
        channel_id=channel_id,
    )


def read_status_form(values: Values) -> ShowStatus:
    """Read what was chosen.

    Raises:
        Misfilled: both a calendar and a person.
    """
    calendar = chosen_in(values, CALENDAR, CHOOSE_CALENDAR) or None
    person = chosen_in(values, PERSON, PERSON) or None
    if calendar and person:
        raise Misfilled({PERSON: words.ONE_OF_BOTH})
    status = chosen_in(values, STATUS, STATUS)
    only = LinkStatus(status) if status in set(LinkStatus) else None
    return ShowStatus(calendar=calendar, user=person, only=only)
