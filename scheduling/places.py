"""Where a meeting is. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PLACE_LENGTH: Final = 500
"""Most characters of an address, of words, or of a room's URL."""


class PlaceKind(StrEnum):
    """What kind of place a calendar's meetings have."""

    URL = "url"  # one meeting room on the web for all meetings
    HOST_ROOM = "host-room"  # the room on the web that each host has
    PHONE = "phone"  # the host calls the contact
    ADDRESS = "address"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Place:
    """A place, of a calendar or of one meeting.

    Attributes:
        text: the URL, the address or the words. "" for a phone (each booking has its own number),
            for a host's room in a calendar, and in a meeting whose host has not said it yet.
    """

    kind: PlaceKind
    text: str = field(default="", repr=False)

    @property
    def is_missing(self) -> bool:
        """Whether the host still has to say where the meeting is."""
        return self.kind is PlaceKind.HOST_ROOM and not self.text


def stored_place(kind: PlaceKind | None, text: str | None) -> Place | None:
    """Return a place as two columns hold it."""
    return None if kind is None else Place(kind, text or "")
