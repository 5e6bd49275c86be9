"""The types of calendars. Pure."""

from enum import StrEnum
from typing import Final


class CalendarType(StrEnum):
    """How a calendar takes its hosts and its contacts together."""

    EVENT = "event"
    ROUND_ROBIN = "round-robin"
    CLASS = "class"
    COLLECTIVE = "collective"

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS: Final = {
    CalendarType.EVENT: "Event",
    CalendarType.ROUND_ROBIN: "Round Robin",
    CalendarType.CLASS: "Class Booking",
    CalendarType.COLLECTIVE: "Collective",
}
