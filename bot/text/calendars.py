"""What the bot says about calendars. People's text is escaped here."""

from typing import Final

from bot.text.mrkdwn import DAY, code, escape, moment
from bot.text.refusals import SHOWS_ALL_CALENDARS
from scheduling.calendars.find import CalendarDetails
from scheduling.places import kind_words
from scheduling.times.words import duration_words

PLACE_LENGTH: Final = 40


def headline(number: int, searched: str) -> str:
    """Return how many there are."""
    counted = "1 calendar" if number == 1 else f"{number} calendars"
    return f"{counted} for “{escape(searched)}”" if searched else counted


def name(calendar: CalendarDetails) -> str:
    """Return what people call it."""
    return escape(calendar.name)


def slug(calendar: CalendarDetails) -> str:
    """Return what people type for it."""
    return code(calendar.slug)


def facts(calendar: CalendarDetails) -> str:
    """Return group, duration, kind of place, type, status and the date of the last change."""
    parts = (
        escape(calendar.group or ""),
        duration_words(calendar.duration),
        escape(kind_words(calendar.place), PLACE_LENGTH),
        calendar.type.label,
        _status(calendar),
        f"updated {moment(calendar.updated_at, DAY)}",
    )
    return " · ".join(part for part in parts if part)


def _status(calendar: CalendarDetails) -> str:
    if not calendar.active:
        return "Deactivated"
    return "Active" if calendar.offers_times else "No times: its host has left Slack"


def and_more(number: int) -> str:
    """Return how many are not shown, and how to find them; "" if none."""
    return f"and {number} more. `/otl calendars WORDS` finds one by its words." if number else ""


def nothing_found(searched: str) -> str:
    """Return the words for an empty list."""
    if searched:
        return f"No calendar has “{escape(searched)}” in its name or group. {SHOWS_ALL_CALENDARS}"
    return "There are no calendars yet. Whoever runs OTL loads them with `otl calendars load`."
