"""The form in which a host says where one meeting is. Pure."""

from dataclasses import dataclass, field
from typing import Final

from slack_sdk.models.views import View

from bot.modals.fields import Misfilled, Values, form, text_input, typed_in
from bot.modals.fields import field as input_field
from bot.text import places as words
from scheduling.places import Place, read_place

CALLBACK: Final = "place_form"
PLACE: Final = "place"
LONGEST_ID: Final = 18


@dataclass(frozen=True, slots=True)
class ChangePlace:
    """Which meeting, and where it is."""

    appointment_id: int
    place: Place = field(repr=False)


def place_form(appointment_id: str, *, channel_id: str) -> View:
    """Return the form; which meeting it is for stands in the name of its field."""
    element = text_input(f"{PLACE} {appointment_id}", typed="", placeholder=words.SOME_PLACE)
    return form(
        callback_id=CALLBACK,
        title=words.TITLE,
        submit=words.SAVE,
        blocks=[input_field(PLACE, words.PLACE, element, hint=words.PLACE_HINT)],
        channel_id=channel_id,
    )


def read_place_form(values: Values) -> ChangePlace:
    """Read what was filled in.

    Raises:
        Misfilled: it is no place.
    """
    action_id = next(iter(values.get(PLACE) or {}), "")
    number = action_id.removeprefix(f"{PLACE} ")
    place = read_place(typed_in(values, PLACE, action_id))
    if place is None:
        raise Misfilled({PLACE: words.PLACE_MISSING})
    is_id = number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID
    return ChangePlace(int(number) if is_id else 0, place)
