"""Where a meeting is, in a private message, with a button for its host."""

from typing import Final

from slack_sdk.models.blocks import Block

from bot.messages.message import button, section
from bot.text import places as words
from scheduling.places import Place

CHANGE_PLACE: Final = "change_place"


def place_of(where: Place | None, *, phone: str, appointment_id: int, is_host: bool) -> list[Block]:
    """Show it; [] where the calendar says nothing.

    Args:
        is_host: whoever reads it says where it is.
    """
    said = words.place(where, phone=phone)
    if where is None or not said:
        return []
    if not is_host:
        return [section(said)]
    label = words.ADD if where.is_missing else words.CHANGE
    return [section(said, button(label, action_id=CHANGE_PLACE, value=str(appointment_id)))]
