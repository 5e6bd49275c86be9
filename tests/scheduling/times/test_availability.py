"""Which starts a contact may book."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling.calendars.types import CalendarType
from scheduling.times.availability import OpenTime
from scheduling.times.intervals import Interval
from tests.scheduling.times.rules import (
    ALL_DAY,
    ANA,
    EVENT,
    MINUTE,
    NO_TIME,
    ROUND_ROBIN,
    SAM,
    at,
    listed,
    spans,
    starts,
)


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
