"""Programs with wrong clocks tell each booking once, though answers of Slack's get lost."""

from pathlib import Path

from tests.crash.clocks import clock_ahead, clock_jumps, clocks_apart
from tests.crash.starter import Starter

BOOKINGS = 10
HOUR = 3600.0


async def test_a_clock_that_is_ahead_of_slacks_doubles_nothing(
    starter: Starter, sqlite_url: str, tmp_path: Path
) -> None:
    done = await clock_ahead(starter, sqlite_url, tmp_path, bookings=BOOKINGS, seconds=HOUR)

    assert done.verdict.violations() == {}
    assert done.verdict.notifications == BOOKINGS
    assert done.looked_up == BOOKINGS


async def test_two_processes_whose_clocks_differ_by_more_than_a_lease_double_nothing(
    starter: Starter, postgresql_url: str, tmp_path: Path
) -> None:
    done = await clocks_apart(starter, postgresql_url, tmp_path, bookings=BOOKINGS, seconds=120)

    assert done.verdict.violations() == {}
    assert done.verdict.notifications == BOOKINGS
    assert done.looked_up == BOOKINGS // 2


async def test_a_clock_that_jumps_while_notifications_are_unsure_doubles_nothing(
    starter: Starter, database_url: str, tmp_path: Path
) -> None:
    done = await clock_jumps(starter, database_url, tmp_path, bookings=BOOKINGS, seconds=HOUR)

    assert done.verdict.violations() == {}
    assert done.verdict.notifications == BOOKINGS
    assert done.looked_up == BOOKINGS
