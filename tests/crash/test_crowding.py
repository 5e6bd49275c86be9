"""Contacts book though more connections say nothing, or half of it, than the program has places."""

from pathlib import Path

from tests.crash.crowding import crowd_out
from tests.crash.starter import Starter

CONNECTIONS = 1100
BOOKINGS = 5
ANSWER_SECONDS = 5.0


async def test_who_books_gets_through_a_crowd_that_says_nothing(
    starter: Starter, database_url: str, tmp_path: Path
) -> None:
    done = await crowd_out(
        starter, database_url, tmp_path, connections=CONNECTIONS, bookings=BOOKINGS
    )

    assert done.verdict.violations() == {}
    assert done.verdict.acknowledged == done.verdict.notifications == BOOKINGS
    assert done.slowest_seconds < ANSWER_SECONDS
    assert done.logged < 500_000
