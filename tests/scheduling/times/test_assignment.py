"""Who takes the meeting."""

import pytest

from scheduling.calendars.types import CalendarType
from scheduling.times.assignment import assign_hosts, assign_seat


@pytest.mark.parametrize(
    ("free_hosts", "meetings", "host"),
    [
        pytest.param((1, 2, 3), {1: 4, 2: 1, 3: 2}, 2, id="the fewest bookings"),
        pytest.param((1, 2, 3), {1: 4, 2: 2, 3: 2}, 2, id="of equals the lowest id"),
        pytest.param((3, 2), {}, 2, id="the lowest id, in whatever order they come"),
        pytest.param((1, 2), {1: 1}, 2, id="who has no bookings at all"),
        pytest.param((1, 3), {1: 5, 2: 0, 3: 9}, 1, id="who is not free is not asked"),
    ],
)
def test_round_robin_gives_the_meeting_to_the_free_host_with_the_fewest(
    free_hosts: tuple[int, ...], meetings: dict[int, int], host: int
) -> None:
    assert assign_hosts(CalendarType.ROUND_ROBIN, free_hosts, meetings) == (host,)


def test_round_robin_without_a_free_host_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no host"):
        assign_hosts(CalendarType.ROUND_ROBIN, (), {1: 0})


def test_a_collective_meeting_takes_all_hosts() -> None:
    assert assign_hosts(CalendarType.COLLECTIVE, (3, 1, 2), {1: 9}) == (3, 1, 2)


@pytest.mark.parametrize("type_", [CalendarType.EVENT, CalendarType.CLASS])
def test_an_event_and_a_class_have_the_one_host(type_: CalendarType) -> None:
    assert assign_hosts(type_, (7,), {7: 9}) == (7,)


def test_a_class_that_runs_already_takes_no_further_host() -> None:
    assert assign_hosts(CalendarType.CLASS, (), {}) == ()


def test_a_class_gives_the_lowest_free_seat() -> None:
    assert assign_seat((5, 2, 4)) == 2


def test_a_full_class_gives_no_seat() -> None:
    with pytest.raises(ValueError, match="empty"):
        assign_seat(())
