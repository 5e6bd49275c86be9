"""The forms of `/otl me`: what a person says of themselves, and whether meetings follow. Pure."""

from dataclasses import dataclass, field
from typing import Final

from slack_sdk.models.blocks.block_elements import RadioButtonsElement
from slack_sdk.models.views import View

from bot.messages.message import context
from bot.modals.fields import Misfilled, Values, chosen_in, form, option, text_input, typed_in
from bot.modals.fields import field as input_field
from bot.text import own_settings as words
from scheduling.calendars.own_settings import OwnSettings
from scheduling.contacts import EMAIL_LENGTH, read_email
from scheduling.places import read_web_address
from scheduling.times.time_zones import find_zone

CALLBACK: Final = "own_form"
ROOM: Final = "room"
EMAIL: Final = "email"
ZONE: Final = "zone"

USE_CALLBACK: Final = "use_room_form"
USE: Final = "use_room"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class SaveOwnSettings:
    """What was filled in; None: nothing, so what Slack says serves."""

    room_url: str | None = field(repr=False)
    email: str | None = field(repr=False)
    zone: str | None


@dataclass(frozen=True, slots=True)
class UseRoom:
    """The answer to whether coming meetings take place in the new room."""

    is_wanted: bool


def own_form(settings: OwnSettings, *, channel_id: str) -> View:
    """Return the form, filled in with what they said; what Slack says stands there in grey."""
    room = text_input(ROOM, typed=settings.room_url or "", placeholder=words.SOME_ROOM)
    email = text_input(
        EMAIL,
        typed=settings.email or "",
        placeholder=settings.slack_email or words.SOME_EMAIL,
    )
    zone = text_input(
        ZONE, typed=settings.zone or "", placeholder=settings.slack_zone or words.SOME_ZONE
    )
    email_hint, zone_hint = words.email_hint(settings), words.zone_hint(settings)
    view = form(
        callback_id=CALLBACK,
        title=words.TITLE,
        submit=words.SAVE,
        blocks=[
            input_field(ROOM, words.ROOM, room, hint=words.ROOM_HINT, optional=True),
            input_field(EMAIL, words.EMAIL, email, hint=email_hint, optional=True),
            input_field(ZONE, words.ZONE, zone, hint=zone_hint, optional=True),
        ],
        channel_id=channel_id,
    )
    if not settings.hosts:
        view.blocks = [context(words.NO_HOST), *view.blocks]
    return view


def read_own_form(values: Values) -> SaveOwnSettings:
    """Read what was filled in.

    Raises:
        Misfilled: with a sentence for each field that cannot be read.
    """
    errors = {}
    room, email, zone = (typed_in(values, name, name) for name in (ROOM, EMAIL, ZONE))
    room_url, address, zone_name = read_web_address(room), read_email(email), find_zone(zone)
    if room and room_url is None:
        errors[ROOM] = words.ROOM_UNREADABLE
    if email and (address is None or len(address) > EMAIL_LENGTH):
        errors[EMAIL] = words.EMAIL_UNREADABLE
    if zone and zone_name is None:
        errors[ZONE] = words.ZONE_UNREADABLE
    if errors:
        raise Misfilled(errors)
    return SaveOwnSettings(room_url, address, zone_name)


def use_room_form(number: int, *, channel_id: str) -> View:
    """Ask whether so many coming meetings take place in the new room; yes is chosen."""
    choices = [option(words.YES, YES), option(words.NO, NO)]
    radio = RadioButtonsElement(action_id=USE, options=choices, initial_option=choices[0])
    return form(
        callback_id=USE_CALLBACK,
        title=words.USE_TITLE,
        submit=words.USE,
        blocks=[input_field(USE, words.use_it(number), radio)],
        channel_id=channel_id,
    )


def read_use_room_form(values: Values) -> UseRoom:
    """Read the answer."""
    return UseRoom(chosen_in(values, USE, USE) != NO)
