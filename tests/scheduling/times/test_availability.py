"""Which starts a contact may book."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.calendars.types import CalendarType
from scheduling.times.availability import OpenTime, Rules, RunningClass, open_times
from scheduling.times.intervals import Interval

MIDNIGHT = datetime(2026, 12, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NO_TIME = timedelta(0)
SAM, ANA, JOE = 1, 2, 3
ALL_DAY = Interval(MIDNIGHT, MIDNIGHT + DAY)

EVENT = Rules(
    type=CalendarType.EVENT,
    duration=30 * MINUTE,
    step=30 * MINUTE,
    buffer_before=NO_TIME,
    buffer_after=NO_TIME,
    minimum_notice=NO_TIME,
    window=60 * DAY,
    seats=1,
)
ROUND_ROBIN = replace(EVENT, type=CalendarType.ROUND_ROBIN)
COLLECTIVE = replace(EVENT, type=CalendarType.COLLECTIVE)
CLASS = replace(EVENT, type=CalendarType.CLASS, seats=3)


def at(clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return MIDNIGHT + (60 * hours + minutes) * MINUTE


def spans(*texts: str) -> list[Interval]:
    return [Interval(at(text[:5]), at(text[6:])) for text in texts]


def starts(found: Sequence[OpenTime]) -> list[str]:
    return [f"{one.start:%H:%M}" for one in found]


def listed(
    rules: Rules,
    *openings: str,
    busy: Mapping[int, Sequence[Interval]] | None = None,
    classes: Mapping[datetime, RunningClass] | None = None,
    hosts: tuple[int, ...] = (SAM,),
    within: Interval = ALL_DAY,
    now: datetime = MIDNIGHT,
) -> list[OpenTime]:
    return open_times(
        rules,
        spans(*openings),
        busy or {},
        classes or {},
        hosts=hosts,
        within=within,
        now=now,
    )


def running(*taken_seats: int) -> RunningClass:
    """Return a class that ends at half past nine."""
    return RunningClass(1, at("09:30"), frozenset(taken_seats))


class TestTheGrid:
    """Where starts lie when nobody is busy."""

    def test_starts_lie_a_step_apart_and_the_meeting_fits_into_the_opening(self) -> None:
        found = listed(EVENT, "09:00-10:45")

        assert starts(found) == ["09:00", "09:30", "10:00"]
        assert found[0] == OpenTime(at("09:00"), at("09:30"), (SAM,), (1,))

    def test_the_grid_begins_at_each_opening_and_not_at_the_full_hour(self) -> None:
        assert starts(listed(EVENT, "09:10-10:10", "13:25-14:00")) == ["09:10", "09:40", "13:25"]

    def test_a_meeting_never_reaches_from_one_opening_into_the_next(self) -> None:
        long = replace(EVENT, duration=60 * MINUTE)

        assert starts(listed(long, "09:00-10:00", "10:00-11:30")) == ["09:00", "10:00", "10:30"]

    def test_a_step_shorter_than_the_meeting_gives_starts_that_overlap(self) -> None:
        dense = replace(EVENT, step=10 * MINUTE)

        assert starts(listed(dense, "09:00-09:50")) == ["09:00", "09:10", "09:20"]

    def test_a_step_longer_than_the_meeting_leaves_gaps(self) -> None:
        assert starts(listed(replace(EVENT, step=45 * MINUTE), "09:00-10:15")) == ["09:00", "09:45"]

    def test_openings_in_any_order_that_overlap_give_each_start_once(self) -> None:
        found = listed(EVENT, "10:00-11:00", "09:00-11:00")

        assert starts(found) == ["09:00", "09:30", "10:00", "10:30"]

    def test_an_opening_shorter_than_the_meeting_gives_nothing(self) -> None:
        assert listed(EVENT, "09:00-09:29") == []

    def test_without_openings_nothing_is_open(self) -> None:
        assert listed(EVENT) == []

    def test_without_hosts_nothing_is_open(self) -> None:
        assert listed(ROUND_ROBIN, "09:00-10:00", hosts=()) == []


class TestTheTimeAskedFor:
    """`within`, minimum notice and booking window."""

    def test_only_starts_within_are_listed_but_meetings_may_end_later(self) -> None:
        within = Interval(at("09:30"), at("10:30"))

        assert starts(listed(EVENT, "09:00-12:00", within=within)) == ["09:30", "10:00"]

    @pytest.mark.parametrize("first", ["09:00", "09:01", "09:10", "09:29"])
    def test_the_grid_is_the_same_wherever_the_listing_begins(self, first: str) -> None:
        within = Interval(at(first), at("12:00"))

        assert starts(listed(EVENT, "09:00-11:00", within=within))[-3:] == [
            "09:30",
            "10:00",
            "10:30",
        ]

    @pytest.mark.parametrize(
        ("now", "first"),
        [("07:00", "09:00"), ("07:01", "09:30"), ("07:30", "09:30"), ("09:00", None)],
    )
    def test_a_start_is_open_until_the_minimum_notice(self, now: str, first: str | None) -> None:
        rules = replace(EVENT, minimum_notice=120 * MINUTE)

        found = starts(listed(rules, "09:00-11:00", now=at(now)))

        assert (found[0] if found else None) == first

    def test_a_start_in_the_past_is_not_open(self) -> None:
        now = at("09:30") + timedelta(microseconds=1)

        assert starts(listed(EVENT, "09:00-11:00", now=now)) == ["10:00", "10:30"]

    def test_a_start_right_now_is_open_where_no_notice_is_asked_for(self) -> None:
        assert starts(listed(EVENT, "09:00-10:00", now=at("09:30"))) == ["09:30"]

    def test_the_booking_window_ends_before_its_last_instant(self) -> None:
        rules = replace(EVENT, window=120 * MINUTE)

        assert starts(listed(rules, "09:00-11:00", now=at("08:00"))) == ["09:00", "09:30"]


class TestBusyTimes:
    """What a host has already."""

    def test_a_meeting_may_touch_another_but_not_overlap_it(self) -> None:
        found = listed(EVENT, "09:00-11:00", busy={SAM: spans("09:30-10:00")})

        assert starts(found) == ["09:00", "10:00", "10:30"]

    def test_busy_times_may_come_in_any_order_and_overlap(self) -> None:
        busy = {SAM: spans("11:00-11:30", "09:00-10:00", "09:30-10:10", "08:00-09:05")}

        assert starts(listed(EVENT, "09:00-12:00", busy=busy)) == ["10:30", "11:30"]

    def test_a_busy_day_leaves_nothing(self) -> None:
        assert listed(EVENT, "09:00-12:00", busy={SAM: [ALL_DAY]}) == []

    def test_a_meeting_keeps_its_own_buffers_free(self) -> None:
        rules = replace(EVENT, buffer_before=10 * MINUTE, buffer_after=20 * MINUTE)

        found = listed(rules, "09:00-12:00", busy={SAM: spans("10:10-10:30")})

        assert starts(found) == ["09:00", "11:00", "11:30"]

    @pytest.mark.parametrize(
        ("busy", "is_open"),
        [
            ("09:20-09:50", True),
            ("09:20-09:51", False),
            ("10:50-11:00", True),
            ("10:49-11:00", False),
        ],
    )
    def test_buffers_may_touch_a_busy_time_to_the_minute(self, busy: str, *, is_open: bool) -> None:
        rules = replace(EVENT, buffer_before=10 * MINUTE, buffer_after=20 * MINUTE)

        found = listed(rules, "10:00-10:30", busy={SAM: spans(busy)})

        assert bool(found) is is_open

    def test_buffers_may_lie_outside_of_the_opening(self) -> None:
        rules = replace(EVENT, buffer_before=60 * MINUTE, buffer_after=60 * MINUTE)

        assert starts(listed(rules, "09:00-09:30")) == ["09:00"]

    def test_somebody_elses_busy_time_does_not_matter(self) -> None:
        assert starts(listed(EVENT, "09:00-09:30", busy={ANA: [ALL_DAY]})) == ["09:00"]


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": NO_TIME},
        {"step": -MINUTE},
        {"buffer_before": -MINUTE},
        {"buffer_after": -MINUTE},
        {"minimum_notice": -MINUTE},
        {"window": -MINUTE},
        {"seats": 0},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_rules_that_contradict_themselves_are_refused(wrong: dict[str, timedelta]) -> None:
    with pytest.raises(ValueError, match="must"):
        replace(EVENT, **wrong)  # type: ignore[arg-type]  # one field of any type


def test_types_have_the_names_that_people_know() -> None:
    labels = [type_.label for type_ in CalendarType]

    assert labels == ["Event", "Round Robin", "Class Booking", "Collective"]


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
