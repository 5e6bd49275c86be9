"""Opening hours agree with the clock on the wall, looked at minute by minute."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times.intervals import Interval
from scheduling.times.opening_hours import OpeningHours, WallSpan, openings
from scheduling.times.time_zones import zone
from tests.scheduling.times.hours import DAY, MINUTE, days, every_day

JUMPS = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("Europe/Dublin", "2026-03-29"),
    ("Europe/Dublin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/Havana", "2024-03-10"),
    ("America/Havana", "2024-11-03"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Cairo", "2026-10-30"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Troll", "2026-10-25"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Casablanca", "2026-03-22"),
    ("Asia/Gaza", "2011-04-01"),
    ("Asia/Gaza", "2026-03-28"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Asia/Kathmandu", "2026-12-31"),
    ("Pacific/Chatham", "2026-04-05"),
    ("Pacific/Chatham", "2026-09-27"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kiritimati", "1994-12-31"),
    ("Pacific/Kiritimati", "2026-12-31"),
    ("America/Asuncion", "2024-03-24"),
    ("America/Asuncion", "2024-10-06"),
    ("Asia/Tehran", "2022-03-22"),
    ("Asia/Tehran", "2022-09-22"),
    ("UTC", "2028-02-29"),
]
SEVERAL_HOURS = [
    every_day("00:00-24:00"),
    every_day("09:00-17:00", "22:00-02:30"),
    every_day("01:15-02:45", "23:10-00:50"),
    every_day("00:00-00:40", "02:00-03:00", "12:00-11:00"),
]


def open_by_the_minute(hours: OpeningHours, place: ZoneInfo, within: Interval) -> set[datetime]:
    """Look at the clock each minute: a second way to the same answer."""
    found = set()
    minute = within.start
    while minute < within.end:
        shown = minute.astimezone(place).replace(tzinfo=None, fold=0)
        for day in (shown.date(), shown.date() - DAY):
            for span in hours.exceptions.get(day, hours.weekly.get(day.weekday(), ())):
                opens = datetime.combine(day, time()) + span.start * MINUTE
                closes = datetime.combine(day, time()) + span.end * MINUTE
                if closes <= opens:
                    closes += DAY
                if opens <= shown < closes:
                    found.add(minute)
        minute += MINUTE
    return found


def minutes_of(found: Iterable[Interval], within: Interval) -> set[datetime]:
    minutes = set()
    for opening in found:
        minute = max(opening.start, within.start)
        while minute < min(opening.end, within.end):
            minutes.add(minute)
            minute += MINUTE
    return minutes


@pytest.mark.parametrize(("name", "day"), JUMPS)
def test_hours_agree_with_the_clock_on_the_wall_minute_by_minute(name: str, day: str) -> None:
    place = zone(name)
    middle = days(day)
    around = Interval(middle.start - DAY, middle.end + DAY)

    for hours in SEVERAL_HOURS:
        found = openings(hours, place, around)

        assert minutes_of(found, around) == open_by_the_minute(hours, place, around)
        assert found == sorted(found)
        assert all(opening.overlaps(around) for opening in found)


minutes_of_a_day = st.integers(0, 1439)


@st.composite
def some_hours(draw: st.DrawFn, around: date) -> OpeningHours:
    def spans() -> tuple[WallSpan, ...]:
        marks = sorted(draw(st.lists(minutes_of_a_day, max_size=6, unique=True)))
        found = [WallSpan(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
        if len(marks) % 2 and found:
            found.append(WallSpan(marks[-1], marks[0]))
        elif len(marks) == 1:
            found.append(WallSpan(marks[0], draw(minutes_of_a_day)))
        return tuple(sorted(found))

    weekly = {day: spans() for day in draw(st.sets(st.integers(0, 6)))}
    offsets = draw(st.sets(st.integers(-2, 2), max_size=3))
    return OpeningHours(
        {day: spans_ for day, spans_ in weekly.items() if spans_},
        {around + offset * DAY: spans() for offset in offsets},
    )


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(JUMPS), st.integers(0, 1440), st.integers(1, 1440))
def test_any_hours_agree_with_the_clock_on_the_wall(
    data: st.DataObject, jump: tuple[str, str], first: int, length: int
) -> None:
    name, day = jump
    hours = data.draw(some_hours(date.fromisoformat(day)))
    start = days(day).start - DAY / 2 + first * MINUTE
    within = Interval(start, start + length * MINUTE)

    found = openings(hours, zone(name), within)

    assert minutes_of(found, within) == open_by_the_minute(hours, zone(name), within)


@settings(deadline=None)
@given(some_hours(date(2026, 12, 24)))
def test_hours_survive_being_stored(hours: OpeningHours) -> None:
    assert OpeningHours.from_json(hours.to_json()) == hours
