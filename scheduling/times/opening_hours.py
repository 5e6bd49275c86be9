"""When a calendar takes bookings: wall time by weekday and date, turned into instants. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from scheduling.times.intervals import Interval
from scheduling.times.time_zones import Stretch, stretches

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60
_SPAN_SHAPE = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-\u2013]\s*([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class WallSpan:
    """A span of wall time, half-open, in minutes after midnight.

    An end that is not after the start lies on the next day; the span belongs to its start's day.
    So 00:00-24:00 and 00:00-00:00 are the whole day.

    Raises:
        ValueError: start is not in 0..1439 or end not in 0..1440.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < _MINUTES_A_DAY:
            raise ValueError("a span must start between 00:00 and 23:59")
        if not 0 <= self.end <= _MINUTES_A_DAY:
            raise ValueError("a span must end between 00:00 and 24:00")

    @classmethod
    def parse(cls, text: str) -> "WallSpan":
        """Read "09:00-12:00".

        Raises:
            ValueError: it is nothing like it, or there is no such time.
        """
        match = _SPAN_SHAPE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text[:40]!r} is no span such as 09:00-12:00")
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        if from_minute > 59 or to_minute > 59:
            raise ValueError(f"{text[:40]!r} has a minute after 59")
        try:
            return cls(from_hour * 60 + from_minute, to_hour * 60 + to_minute)
        except ValueError as error:
            raise ValueError(f"in {text[:40]!r}, {error}") from error

    @property
    def length(self) -> int:
        """Minutes of wall time, from 1 to 1440."""
        return (self.end - self.start - 1) % _MINUTES_A_DAY + 1

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a week, and of single dates that differ from it.

    Attributes:
        weekly: by weekday, 0 is Monday; a day that is missing is closed.
        exceptions: by date; they take the place of the weekday's hours, () is closed.
    """

    weekly: Mapping[int, tuple[WallSpan, ...]]
    exceptions: Mapping[date, tuple[WallSpan, ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: object) -> "OpeningHours":
        """Read {"weekly": {"mon": ["09:00-12:00"]}, "exceptions": {"2026-12-24": []}}.

        Both keys may be missing.

        Raises:
            ValueError: it is nothing like it; the message is a clause that names what is wrong.
        """
        parts = _table(data, "opening hours")
        for key in parts:
            if key not in ("weekly", "exceptions"):
                raise ValueError(f"there is no {key!r} in opening hours")
        weekly = _table(parts.get("weekly", {}), "weekly")
        exceptions = _table(parts.get("exceptions", {}), "exceptions")
        by_weekday = {_read_weekday(day): _read_spans(day, hours) for day, hours in weekly.items()}
        return cls(
            weekly={day: by_weekday[day] for day in sorted(by_weekday) if by_weekday[day]},
            exceptions={_read_date(on): _read_spans(on, spans) for on, spans in exceptions.items()},
        )

    def to_json(self) -> dict[str, dict[str, list[str]]]:
        """Write what from_json reads; days in their order."""
        return {
            "weekly": {DAYS[day]: _write(self.weekly[day]) for day in sorted(self.weekly)},
            "exceptions": {
                day.isoformat(): _write(self.exceptions[day]) for day in sorted(self.exceptions)
            },
        }

    def on(self, day: date) -> tuple[WallSpan, ...]:
        """Return the spans that start on this day."""
        exception = self.exceptions.get(day)
        return self.weekly.get(day.weekday(), ()) if exception is None else exception


def first_overlap(spans: Iterable[WallSpan]) -> tuple[WallSpan, WallSpan] | None:
    """Return the first two spans of one day that overlap, or None."""
    for one, other in pairwise(sorted(spans)):
        if other.start < one.start + one.length:
            return one, other
    return None


def openings(hours: OpeningHours, zone: ZoneInfo, within: Interval) -> list[Interval]:
    """Turn wall time into instants.

    A wall time that the zone's clocks leave out is in no opening; one that they show twice is in
    openings twice. Time is contiguous where clocks jump: 01:00-04:00 with 02:00 to 03:00 left out
    is one opening of two hours.

    Returns:
        The openings that have an instant in `within`, ascending. They are whole, not cut to it,
        because a grid of starts begins where they begin. Each comes from one span: spans that
        touch give openings that touch; spans of two days can give openings that overlap.
    """
    around = Interval(within.start - 3 * _DAY, within.end + 3 * _DAY)
    pieces = stretches(zone, around)
    found: list[Interval] = []
    day = within.start.astimezone(zone).date() - 2 * _DAY
    last = within.end.astimezone(zone).date() + _DAY
    while day <= last:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # wall time
        for span in hours.on(day):
            opens = midnight + timedelta(minutes=span.start)
            closes = opens + timedelta(minutes=span.length)
            found += _instants(opens, closes, pieces)
        day += _DAY
    return sorted(opening for opening in found if opening.overlaps(within))


def _instants(opens: datetime, closes: datetime, pieces: Sequence[Stretch]) -> list[Interval]:
    """Return when the clocks show a wall time in [opens, closes), as few intervals as possible."""
    bounds: list[tuple[datetime, datetime]] = []
    for piece in pieces:
        start = max((opens - piece.offset).replace(tzinfo=UTC), piece.start)
        end = min((closes - piece.offset).replace(tzinfo=UTC), piece.end)
        if start >= end:
            continue
        if bounds and bounds[-1][1] == start:
            start = bounds.pop()[0]
        bounds.append((start, end))
    return [Interval(start, end) for start, end in bounds]


def _table(data: object, name: str) -> dict[str, object]:
    if not isinstance(data, dict):
        raise ValueError(f"{name} must be a table")  # noqa: TRY004  # bad input, not a bug
    return {str(key): value for key, value in data.items()}


def _read_weekday(name: str) -> int:
    if name not in DAYS:
        raise ValueError(f"{name[:40]!r} is no weekday; they are {', '.join(DAYS)}")
    return DAYS.index(name)


def _read_date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # one date must not come in two spellings
        raise ValueError(f"{text[:40]!r} is no date such as 2026-12-24")
    return day


def _read_spans(day: str, texts: object) -> tuple[WallSpan, ...]:
    if not isinstance(texts, list | tuple):
        raise ValueError(f"{day}: the hours must be a list")  # noqa: TRY004
    spans = []
    for text in texts:
        if not isinstance(text, str):
            raise ValueError(f"{day}: {str(text)[:40]!r} is no span such as 09:00-12:00")  # noqa: TRY004
        try:
            spans.append(WallSpan.parse(text))
        except ValueError as error:
            raise ValueError(f"{day}: {error}") from error
    if overlap := first_overlap(spans):
        raise ValueError(f"{day}: {overlap[0]} and {overlap[1]} overlap")
    return tuple(sorted(spans))


def _write(spans: tuple[WallSpan, ...]) -> list[str]:
    return [str(span) for span in spans]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
