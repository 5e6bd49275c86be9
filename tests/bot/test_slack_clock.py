"""Between which instants Slack's clock stands, whatever becomes of our two clocks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from bot.slack_clock import PRECISION, SlackClock

OURS = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Steady:
    """Seconds that grow when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def goes_on(self, span: timedelta) -> None:
        self.seconds += span.total_seconds()


@pytest.fixture
def wall() -> Iterator[FrozenDateTimeFactory]:
    with freeze_time(OURS) as wall:
        yield wall


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def clock(wall: FrozenDateTimeFactory, steady: Steady) -> SlackClock:
    return SlackClock(steady)


def date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


def test_before_slack_has_answered_there_is_our_clock_alone(clock: SlackClock) -> None:
    assert clock.now() == (OURS, OURS)


@pytest.mark.parametrize("ahead", [-HOUR, -90 * timedelta(seconds=1), timedelta(0), HOUR])
def test_an_answer_says_how_slacks_clock_stands_whatever_ours_shows(
    clock: SlackClock, wall: FrozenDateTimeFactory, steady: Steady, ahead: timedelta
) -> None:
    clock.note(date(OURS + ahead))
    wall.tick(MINUTE)
    steady.goes_on(MINUTE)

    slacks = OURS + ahead + MINUTE
    assert clock.now() == (slacks - PRECISION, slacks + PRECISION)


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_where_our_clock_is_set_slacks_own_instant_stays_between_the_two(
    clock: SlackClock, wall: FrozenDateTimeFactory, steady: Steady, by: timedelta
) -> None:
    clock.note(date(OURS))
    wall.tick(MINUTE + by)
    steady.goes_on(MINUTE)

    slacks = OURS + MINUTE
    ends = sorted([slacks, slacks + by])
    assert clock.now() == (ends[0] - PRECISION, ends[1] + PRECISION)


def test_where_the_machine_slept_and_the_steady_clock_stood_slacks_own_instant_is_between(
    clock: SlackClock, wall: FrozenDateTimeFactory
) -> None:
    clock.note(date(OURS))
    wall.tick(HOUR)

    assert clock.now() == (OURS - PRECISION, OURS + HOUR + PRECISION)


def test_the_next_answer_puts_it_right_again(
    clock: SlackClock, wall: FrozenDateTimeFactory
) -> None:
    clock.note(date(OURS))
    wall.tick(HOUR)
    clock.note(date(OURS + MINUTE))

    slacks = OURS + MINUTE
    assert clock.now() == (slacks - PRECISION, slacks + PRECISION)


@pytest.mark.parametrize(
    "no_date",
    [
        None,
        "",
        "yesterday",
        "Wed, 32 Dec 2026 12:00:00 GMT",
        "Wed, 02 Dec 2026 12:00:00",  # of no zone
        "Wed, 02 Dec 99999999999999999999 12:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",  # there is none after it
        "Fri, 31 Dec 9999 23:59:59 -0100",
        "1796212800",
        "\x00",
    ],
)
def test_an_answer_without_a_date_that_can_be_read_changes_nothing(
    clock: SlackClock, wall: FrozenDateTimeFactory, steady: Steady, no_date: str | None
) -> None:
    clock.note(date(OURS + HOUR))
    before = clock.now()

    clock.note(no_date)

    assert clock.now() == before


def test_a_date_in_another_zone_is_the_instant_that_it_names(clock: SlackClock) -> None:
    clock.note("Wed, 02 Dec 2026 14:00:00 +0100")

    slacks = OURS + HOUR
    assert clock.now() == (slacks - PRECISION, slacks + PRECISION)
