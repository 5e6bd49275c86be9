"""What a calendar may be: its settings, and what is wrong with them. Pure, and no words for people.

Whoever asked for the change has the words, and the names that people know the fields by.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

from scheduling.calendars.types import CalendarType
from scheduling.places import Place
from scheduling.times.opening_hours import DAYS, WallSpan, first_overlap

DEFAULT_WINDOW: Final = timedelta(days=60)
LONGEST_DURATION: Final = timedelta(days=1)
LONGEST_WINDOW: Final = timedelta(days=366)
MOST_SEATS: Final = 500
DESCRIPTION_LENGTH: Final = 1000
DEFAULT_CUTOFF: Final = timedelta(hours=2)
DEFAULT_MOVES: Final = 5
MOST_MOVES: Final = 100

_NOTHING: Final = timedelta(0)
_MINUTE: Final = timedelta(minutes=1)
_REQUIRED: Final = ("name", "type", "duration", "zone", "hosts", "owner", "weekly")
_LENGTHS: Final[Mapping[str, tuple[timedelta, timedelta | None]]] = {
    "duration": (_MINUTE, LONGEST_DURATION),
    "step": (_MINUTE, LONGEST_DURATION),
    "buffer_before": (_NOTHING, LONGEST_DURATION),
    "buffer_after": (_NOTHING, LONGEST_DURATION),
    "minimum_notice": (_NOTHING, None),
    "change_cutoff": (_NOTHING, None),
    "window": (timedelta(days=1), LONGEST_WINDOW),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """What a change names; None leaves a field as it is (or its default in a new calendar).

    Attributes:
        slug: which calendar; a new one is made where there is none.
        step: distance of two starts; a new calendar's is its duration.
        change_cutoff: until so long before the start whoever booked may move or cancel.
        most_moves: and move so often.
        group: "" takes the calendar out of its group.
        description, place: "" takes it away.
        notification_channel: "" lets "Link used" go to where the link was issued.
        hosts: Slack user ids; exactly one for Event and Class Booking.
        weekly: day ("mon" … "sun") to spans ("09:00-12:00"); days that are not named are closed.
        exceptions: other hours on a date; none means closed.
    """

    slug: str
    name: str | None = None
    type: CalendarType | None = None
    duration: timedelta | None = None
    step: timedelta | None = None
    buffer_before: timedelta | None = None
    buffer_after: timedelta | None = None
    minimum_notice: timedelta | None = None
    change_cutoff: timedelta | None = None
    most_moves: int | None = None
    window: timedelta | None = None
    seats: int | None = None
    group: str | None = None
    description: str | None = None
    place: Place | Literal[""] | None = None
    zone: str | None = None
    hosts: tuple[str, ...] | None = None
    owner: str | None = None
    notification_channel: str | None = None
    active: bool | None = None
    weekly: Mapping[str, tuple[str, ...]] | None = None
    exceptions: Mapping[date, tuple[str, ...]] | None = None

    def changed_by(self, other: "CalendarSettings") -> "CalendarSettings":
        """Return these settings with what the other names put in its place."""
        named = {field.name: getattr(other, field.name) for field in fields(other)}
        return replace(self, **{name: value for name, value in named.items() if value is not None})


class ProblemKind(StrEnum):
    """What can be wrong with a field."""

    MISSING = "missing"
    OUT_OF_BOUNDS = "out of bounds"
    NOBODY = "nobody"  # Slack knows no such user
    NO_WEEKDAY = "no weekday"
    NO_SPAN = "no span"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        field: of `CalendarSettings`.
        least, most: the bounds, both allowed, of what is out of them; most is None: no upper one.
        value: the user id, the day's name, the span or the two spans that are wrong; else "".
        day: the weekday ("mon") or date ("2026-12-24") on which a span is wrong; else "".
    """

    field: str
    kind: ProblemKind
    least: timedelta | int | None = None
    most: timedelta | int | None = None
    value: str = ""
    day: str = ""


def problems_of(
    settings: CalendarSettings, *, known: Collection[str], named: Collection[str]
) -> tuple[Problem, ...]:
    """Return all that is wrong with what a calendar would be; () if nothing is.

    Args:
        settings: all of the calendar's, not only what changes.
        known: the Slack user ids that exist.
        named: those that the change names; the others were found earlier.
    """
    users = {"hosts": settings.hosts or (), "owner": (settings.owner or "",)}
    return (
        *(
            Problem(name, ProblemKind.MISSING)
            for name in _REQUIRED
            if getattr(settings, name) in (None, ())
        ),
        *_lengths(settings),
        *_numbers(settings),
        *(
            Problem(field, ProblemKind.NOBODY, value=user_id)
            for field, user_ids in users.items()
            for user_id in user_ids
            if user_id in named and user_id not in known
        ),
        *_hours(settings),
    )


def _lengths(settings: CalendarSettings) -> Iterator[Problem]:
    for name, (least, most) in _LENGTHS.items():
        length: timedelta | None = getattr(settings, name)
        if length is not None and not (least <= length and (most is None or length <= most)):
            yield Problem(name, ProblemKind.OUT_OF_BOUNDS, least, most)


def _numbers(settings: CalendarSettings) -> Iterator[Problem]:
    if settings.most_moves is not None and not 0 <= settings.most_moves <= MOST_MOVES:
        yield Problem("most_moves", ProblemKind.OUT_OF_BOUNDS, 0, MOST_MOVES)
    if settings.type is None:
        return
    least, most = (2, MOST_SEATS) if settings.type is CalendarType.CLASS else (1, 1)
    if settings.seats is not None and not least <= settings.seats <= most:
        yield Problem("seats", ProblemKind.OUT_OF_BOUNDS, least, most)
    has_one_host = settings.type in {CalendarType.EVENT, CalendarType.CLASS}
    if has_one_host and len(set(settings.hosts or ())) > 1:
        yield Problem("hosts", ProblemKind.OUT_OF_BOUNDS, 1, 1)


def _hours(settings: CalendarSettings) -> Iterator[Problem]:
    for day, spans in (settings.weekly or {}).items():
        if day not in DAYS:
            yield Problem("weekly", ProblemKind.NO_WEEKDAY, value=day)
        else:
            yield from _spans("weekly", day, spans)
    for on, spans in (settings.exceptions or {}).items():
        yield from _spans("exceptions", on.isoformat(), spans)


def _spans(field: str, day: str, texts: tuple[str, ...]) -> Iterator[Problem]:
    spans = []
    for text in texts:
        try:
            spans.append(WallSpan.parse(text))
        except ValueError:
            yield Problem(field, ProblemKind.NO_SPAN, value=text, day=day)
    if overlap := first_overlap(spans):
        yield Problem(field, ProblemKind.OVERLAP, value=" ".join(map(str, overlap)), day=day)
