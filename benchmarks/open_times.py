"""B5: open times of ten hosts over sixty days, 500 busy spans each, beside two floors."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.timing import milliseconds
from scheduling.calendars.types import CalendarType
from scheduling.times.availability import Rules, open_times
from scheduling.times.intervals import Interval

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAYS, HOSTS, SPANS = 60, 10, 500
STEP = timedelta(minutes=30)
RULES = Rules(
    type=CalendarType.ROUND_ROBIN,
    duration=STEP,
    step=STEP,
    buffer_before=timedelta(0),
    buffer_after=timedelta(0),
    minimum_notice=timedelta(0),
    window=timedelta(days=DAYS),
    seats=1,
)


def measure() -> Iterator[str]:
    """Yield a line a figure."""
    openings, busy = _openings(), _busy()
    within = Interval(NOW, NOW + timedelta(days=DAYS))

    def ours() -> list[datetime]:
        hosts = tuple(busy)
        found = open_times(RULES, openings, busy, {}, hosts=hosts, within=within, now=NOW)
        return [time.start for time in found]

    assert ours() == _naive(openings, busy) == _merged(openings, busy)
    our_time = milliseconds(ours)
    naive = milliseconds(lambda: _naive(openings, busy), rounds=1)
    merged = milliseconds(lambda: _merged(openings, busy))
    yield f"B5  open times       {our_time:8.2f} ms"
    yield f"    naive            {naive:8.2f} ms   {naive / our_time:6.1f} x ours"
    yield f"    a sorted merge   {merged:8.2f} ms   ours is {our_time / merged:.2f} x of it"


def _openings() -> list[Interval]:
    return [
        Interval(NOW + timedelta(days=day, hours=9), NOW + timedelta(days=day, hours=17))
        for day in range(DAYS)
    ]


def _busy() -> dict[int, list[Interval]]:
    chance = random.Random(5)  # noqa: S311  # the same spans in every run

    def span() -> Interval:
        start = NOW + timedelta(minutes=5 * chance.randrange(DAYS * 288))
        return Interval(start, start + timedelta(minutes=chance.choice((30, 45, 60))))

    return {host: [span() for _ in range(SPANS)] for host in range(1, HOSTS + 1)}


def _starts(openings: list[Interval]) -> Iterator[datetime]:
    for opening in openings:
        start = opening.start
        while start + STEP <= opening.end:
            yield start
            start += STEP


def _naive(openings: list[Interval], busy: dict[int, list[Interval]]) -> list[datetime]:
    return [
        start
        for start in _starts(openings)
        if any(
            not any(span.start < start + STEP and start < span.end for span in spans)
            for spans in busy.values()
        )
    ]


def _merged(openings: list[Interval], busy: dict[int, list[Interval]]) -> list[datetime]:
    starts = list(_starts(openings))
    free = [False] * len(starts)
    for spans in busy.values():
        merged: list[tuple[datetime, datetime]] = []
        for span in sorted(spans):
            if merged and span.start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
            else:
                merged.append((span.start, span.end))
        at = 0
        for number, start in enumerate(starts):
            while at < len(merged) and merged[at][1] <= start:
                at += 1
            if at == len(merged) or merged[at][0] >= start + STEP:
                free[number] = True
    return [start for start, is_free in zip(starts, free, strict=True) if is_free]
