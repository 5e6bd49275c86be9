"""Open times of several hosts and of classes; and all types against the rules one by one."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.calendars.types import CalendarType
from scheduling.times.availability import OpenTime, Rules, RunningClass, open_times
from scheduling.times.intervals import Interval
from tests.scheduling.times.rules import (
    ALL_DAY,
    ANA,
    CLASS,
    COLLECTIVE,
    JOE,
    MIDNIGHT,
    MINUTE,
    NO_TIME,
    ROUND_ROBIN,
    SAM,
    at,
    listed,
    running,
    spans,
)


class TestSeveralHosts:
    """Round Robin needs one of them, Collective all."""

    busy = {
        SAM: spans("09:00-09:30", "10:00-10:30"),
        ANA: spans("09:30-10:30"),
    }

    def test_round_robin_is_open_while_one_is_free_and_says_who(self) -> None:
        found = listed(ROUND_ROBIN, "09:00-11:00", busy=self.busy, hosts=(ANA, SAM))

        assert [(f"{one.start:%H:%M}", one.free_hosts) for one in found] == [
            ("09:00", (ANA,)),
            ("09:30", (SAM,)),
            ("10:30", (ANA, SAM)),
        ]
        assert {one.free_seats for one in found} == {(1,)}

    def test_collective_is_open_only_while_all_are_free(self) -> None:
        found = listed(COLLECTIVE, "09:00-11:00", busy=self.busy, hosts=(ANA, SAM))

        assert [(f"{one.start:%H:%M}", one.free_hosts) for one in found] == [
            ("10:30", (ANA, SAM)),
        ]


class TestClasses:
    """Several contacts share one meeting."""

    def test_a_class_that_nobody_has_booked_yet_has_all_seats_and_needs_its_host(self) -> None:
        found = listed(CLASS, "09:00-10:00", busy={SAM: spans("09:30-10:00")})

        assert found == [OpenTime(at("09:00"), at("09:30"), (SAM,), (1, 2, 3))]

    def test_a_class_that_runs_already_has_the_seats_that_are_left(self) -> None:
        found = listed(
            CLASS,
            "09:00-10:00",
            busy={SAM: spans("09:00-09:30")},
            classes={at("09:00"): running(1, 3)},
        )

        assert found == [
            OpenTime(at("09:00"), at("09:30"), (), (2,), running(1, 3)),
            OpenTime(at("09:30"), at("10:00"), (SAM,), (1, 2, 3)),
        ]

    def test_a_class_that_runs_already_is_as_long_as_it_was_booked(self) -> None:
        longer = replace(CLASS, duration=60 * MINUTE)

        found = listed(
            longer,
            "09:00-11:00",
            busy={SAM: spans("09:00-09:30")},
            classes={at("09:00"): running(1)},
        )

        assert [(f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in found] == [
            ("09:00", "09:30"),
            ("09:30", "10:30"),
            ("10:00", "11:00"),
        ]

    def test_a_full_class_is_not_open(self) -> None:
        full = {at("09:00"): running(1, 2, 3)}

        assert listed(CLASS, "09:00-09:30", busy={SAM: [ALL_DAY]}, classes=full) == []

    def test_a_class_with_fewer_seats_than_before_is_full_sooner(self) -> None:
        smaller = replace(CLASS, seats=2)
        booked = {at("09:00"): running(1, 2, 7), at("09:30"): running(2, 7)}

        found = listed(smaller, "09:00-10:00", busy={SAM: [ALL_DAY]}, classes=booked)

        assert [(f"{one.start:%H:%M}", one.free_seats) for one in found] == [("09:30", (1,))]

    def test_a_class_is_closed_to_late_bookings_too(self) -> None:
        booked = {at("09:00"): running(1)}

        assert listed(CLASS, "09:00-09:30", classes=booked, now=at("09:01")) == []


def some_spans(most: int, longest: int) -> st.SearchStrategy[list[Interval]]:
    return st.lists(
        st.builds(
            lambda start, length: Interval(
                MIDNIGHT + start * 5 * MINUTE, MIDNIGHT + (start + length) * 5 * MINUTE
            ),
            st.integers(-20, 120),
            st.integers(1, longest),
        ),
        max_size=most,
    )


lengths = st.integers(0, 12).map(lambda fives: fives * 5 * MINUTE)
positive = st.integers(1, 12).map(lambda fives: fives * 5 * MINUTE)
some_rules = st.builds(
    Rules,
    type=st.sampled_from(CalendarType),
    duration=positive,
    step=positive,
    buffer_before=lengths,
    buffer_after=lengths,
    minimum_notice=lengths,
    window=st.integers(0, 100).map(lambda fives: fives * 5 * MINUTE),
    seats=st.integers(1, 3),
)


@settings(deadline=None, max_examples=300)
@given(
    rules=some_rules,
    openings=some_spans(3, 40),
    busy=st.dictionaries(st.sampled_from([SAM, ANA, JOE]), some_spans(6, 12)),
    booked=st.dictionaries(
        st.integers(0, 60).map(lambda fives: MIDNIGHT + fives * 5 * MINUTE),
        st.tuples(positive, st.frozensets(st.integers(1, 3))),
        max_size=10,
    ),
    first=st.integers(0, 100),
    length=st.integers(1, 100),
)
def test_the_open_times_are_those_that_the_rules_say_one_by_one(
    rules: Rules,
    openings: list[Interval],
    busy: dict[int, list[Interval]],
    booked: dict[datetime, tuple[timedelta, frozenset[int]]],
    first: int,
    length: int,
) -> None:
    """Every five minutes is asked by itself: a second way to the same answer."""
    hosts = (SAM, ANA)
    now = MIDNIGHT + 7 * MINUTE
    within = Interval(
        MIDNIGHT + first * 5 * MINUTE, MIDNIGHT + (first + length) * 5 * MINUTE + MINUTE
    )
    is_class = rules.type is CalendarType.CLASS
    classes = (
        {start: RunningClass(1, start + long, seats) for start, (long, seats) in booked.items()}
        if is_class
        else {}
    )

    found = open_times(rules, openings, busy, classes, hosts=hosts, within=within, now=now)

    expected = []
    start = within.start
    while start < within.end:
        on_grid = any(
            opening.start <= start
            and start + rules.duration <= opening.end
            and (start - opening.start) % rules.step == NO_TIME
            for opening in openings
        )
        in_time = now + rules.minimum_notice <= start < now + rules.window
        whole = Interval(start - rules.buffer_before, start + rules.duration + rules.buffer_after)
        free = tuple(
            host for host in hosts if not any(whole.overlaps(span) for span in busy.get(host, []))
        )
        if rules.type is CalendarType.COLLECTIVE and free != hosts:
            free = ()
        seats = tuple(range(1, rules.seats + 1)) if is_class else (1,)
        end, joins = start + rules.duration, classes.get(start)
        if joins is not None:
            free, end = (), joins.end
            seats = tuple(seat for seat in seats if seat not in joins.taken_seats)
        if on_grid and in_time and seats and (free or joins):
            expected.append(OpenTime(start, end, free, seats, joins))
        start += 5 * MINUTE
    assert found == expected
