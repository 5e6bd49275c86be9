"""The TOML file of `otl calendars load`: read, and refused with words."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeGuard

from scheduling.calendars.limits import (
    DESCRIPTION_LENGTH,
    MOST_SEATS,
    CalendarSettings,
    Problem,
    ProblemKind,
)
from scheduling.calendars.types import CalendarType
from scheduling.contacts import NAME_LENGTH
from scheduling.errors import InvalidCalendar
from scheduling.places import PLACE_LENGTH, Place, PlaceKind, read_web_address
from scheduling.plain_text import clean
from scheduling.times.opening_hours import DAYS
from scheduling.times.time_zones import is_zone

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH: Final = 64
USER: Final = re.compile(r"[UW][A-Z0-9]{2,30}")
CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{2,30}")
LARGEST: Final = 366 * 24 * 60  # a year of minutes
A_PLACE: Final = (
    'must be "host-room", "host-calls", { url = "https://…" }, { address = "…" } or { text = "…" }'
)


class UnreadableFile(Exception):
    """The file is missing or no TOML; the message says which, and where."""


class UnreadableCalendar(UnreadableFile):
    """A calendar of the file has values that cannot be read; the message names all of them.

    Attributes:
        calendar: slug, or "" where the slug itself cannot be read.
        problems: field of the file, and what is wrong with it in a clause without a full stop.
    """

    def __init__(self, calendar: str, *problems: tuple[str, str]) -> None:
        super().__init__(_sentence(calendar, problems))
        self.calendar = calendar
        self.problems = problems


def read_calendar_file(path: Path) -> list[CalendarSettings]:
    """Read the calendars of a file.

    Raises:
        UnreadableFile: it cannot be opened, or is no TOML.
        UnreadableCalendar: all that cannot be read of the first calendar that has such fields.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} is not valid TOML: {error}.") from error
    tables = content.get("calendar")
    if not _is_tables(tables) or set(content) != {"calendar"}:
        raise UnreadableFile(f"{path} must hold [[calendar]] tables and nothing else.")
    calendars = [_calendar(table) for table in tables]
    slugs = [calendar.slug for calendar in calendars]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise UnreadableCalendar(slug, ("slug", "stands twice in the file"))
    return calendars


def refusal(error: InvalidCalendar) -> str:
    """Say what is wrong with a calendar that could be read, in the words of the file."""
    problems = [(_KEYS[problem.field], _words(problem)) for problem in error.problems]
    return _sentence(error.calendar, problems)


def _sentence(calendar: str, problems: Iterable[tuple[str, str]]) -> str:
    whose = f"calendar {calendar}" if calendar else "a calendar"
    wrong = "; ".join(f"{field} {words}" for field, words in problems)
    return f"In {whose}, {wrong}. Nothing was changed."


def _words(problem: Problem) -> str:
    value = repr(problem.value[:40])
    match problem.kind:
        case ProblemKind.MISSING:
            return "is missing"
        case ProblemKind.OUT_OF_BOUNDS:
            return _bounds(problem)
        case ProblemKind.NOBODY:
            return f"cannot be: Slack knows nobody as {problem.value}"
        case ProblemKind.NO_WEEKDAY:
            return f"cannot be: {value} is no weekday; they are {', '.join(DAYS)}"
        case ProblemKind.NO_SPAN:
            return f"cannot be: {problem.day}: {value} is no span such as 09:00-12:00"
        case ProblemKind.OVERLAP:
            one, other = problem.value.split()
            return f"cannot be: {problem.day}: {one} and {other} overlap"


def _bounds(problem: Problem) -> str:
    if problem.field == "seats":
        return f"must be 2 to {MOST_SEATS} for a class, and 1 for every other type"
    if problem.field == "most_moves":
        return f"must be {problem.least} to {problem.most}"
    if problem.field == "hosts":
        return "must be one for event and class"
    if problem.most is None:
        return "must not be negative"
    unit = timedelta(days=1) if _KEYS[problem.field].endswith("_days") else timedelta(minutes=1)
    return f"must be {_in(problem.least, unit)} to {_in(problem.most, unit)}"


def _in(bound: timedelta | int | None, unit: timedelta) -> int:
    assert isinstance(bound, timedelta)
    return bound // unit


def _is_tables(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(table, dict) for table in value)


def _calendar(table: Mapping[str, Any]) -> CalendarSettings:
    slug = table.get("slug")
    if not isinstance(slug, str) or not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        problem = "must be small letters, digits and hyphens, like onboarding-call"
        raise UnreadableCalendar(slug if isinstance(slug, str) else "", ("slug", problem))
    problems = [
        (name, "is no field of a calendar")
        for name in table
        if name != "slug" and name not in FIELDS
    ]
    named: dict[str, Any] = {}
    for name, (attribute, read) in FIELDS.items():
        if name in table:
            try:
                named[attribute] = read(table[name])
            except (ValueError, TypeError) as error:
                problems.append((name, str(error)))
    if problems:
        raise UnreadableCalendar(slug, *problems)
    return CalendarSettings(slug=slug, **named)


def _text(value: Any, *, limit: int = NAME_LENGTH, lines: bool = False) -> str:
    if not isinstance(value, str):
        raise TypeError("must be text in quotes")
    text = clean(value, limit=2 * limit, lines=lines)
    if len(text) > limit:
        raise ValueError(f"must have at most {limit} characters")
    return text


def _description(value: Any) -> str:
    return _text(value, limit=DESCRIPTION_LENGTH, lines=True)


def _place(value: Any) -> Place | Literal[""]:
    match value:
        case "":
            return ""
        case "host-room":
            return Place(PlaceKind.HOST_ROOM)
        case "host-calls":
            return Place(PlaceKind.PHONE)
        case {"url": str(text)} if len(value) == 1:
            url = read_web_address(text)
            if url is None:
                raise ValueError("must have a url that begins with https:// and has no spaces")
            return Place(PlaceKind.URL, url)
        case {"address": str(text)} | {"text": str(text)} if len(value) == 1:
            if not clean(text, limit=PLACE_LENGTH):
                raise ValueError("must not be empty")
            kind = PlaceKind.ADDRESS if "address" in value else PlaceKind.TEXT
            return Place(kind, _text(text, limit=PLACE_LENGTH))
        case _:
            raise ValueError(A_PLACE)


def _name(value: Any) -> str:
    if not _text(value):
        raise ValueError("must not be empty")
    return _text(value)


def _type(value: Any) -> CalendarType:
    if value not in list(CalendarType):
        raise ValueError("must be event, round-robin, class or collective")
    return CalendarType(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("must be a whole number")
    if abs(value) > LARGEST:
        raise ValueError(f"must be at most {LARGEST}")
    return value


def _minutes(value: Any) -> timedelta:
    return timedelta(minutes=_whole(value))


def _days(value: Any) -> timedelta:
    return timedelta(days=_whole(value))


def _zone(value: Any) -> str:
    if not isinstance(value, str) or not is_zone(value):
        raise ValueError("must be a time zone like Europe/Berlin")
    return value


def _user(value: Any) -> str:
    if not isinstance(value, str) or not USER.fullmatch(value):
        raise ValueError("must be a Slack user id like U0123456789")
    return value


def _users(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError('must be a list of Slack user ids like ["U0123456789"]')
    return tuple(_user(one) for one in value)


def _channel(value: Any) -> str:
    if value != "" and (not isinstance(value, str) or not CHANNEL.fullmatch(value)):
        raise ValueError("must be a Slack channel id like C0123456789")
    return str(value)


def _active(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def _weekly(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table like mon = ["09:00-12:00"]')
    return {day: _spans(spans) for day, spans in value.items()}


def _exceptions(value: Any) -> dict[date, tuple[str, ...]]:
    if not isinstance(value, list):
        raise TypeError("must be [[calendar.exceptions]] tables")
    found: dict[date, tuple[str, ...]] = {}
    for table in value:
        on = table.get("date") if isinstance(table, dict) else None
        if type(on) is not date or set(table) - {"date", "hours"}:
            raise ValueError("each needs a date like 2026-12-24 and hours, nothing else")
        if on in found:
            raise ValueError(f"{on} stands twice")
        found[on] = _spans(table.get("hours", []))
    return found


def _spans(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(span, str) for span in value):
        raise TypeError('hours must be a list like ["09:00-12:00", "13:00-17:00"]')
    return tuple(value)


FIELDS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "name": ("name", _name),
    "type": ("type", _type),
    "duration_minutes": ("duration", _minutes),
    "step_minutes": ("step", _minutes),
    "buffer_before_minutes": ("buffer_before", _minutes),
    "buffer_after_minutes": ("buffer_after", _minutes),
    "minimum_notice_minutes": ("minimum_notice", _minutes),
    "window_days": ("window", _days),
    "change_cutoff_minutes": ("change_cutoff", _minutes),
    "most_moves": ("most_moves", _whole),
    "seats": ("seats", _whole),
    "group": ("group", _text),
    "description": ("description", _description),
    "place": ("place", _place),
    "timezone": ("zone", _zone),
    "hosts": ("hosts", _users),
    "owner": ("owner", _user),
    "notification_channel": ("notification_channel", _channel),
    "active": ("active", _active),
    "opening_hours": ("weekly", _weekly),
    "exceptions": ("exceptions", _exceptions),
}
_KEYS: Final = {attribute: name for name, (attribute, _) in FIELDS.items()}
