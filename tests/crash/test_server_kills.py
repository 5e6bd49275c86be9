"""PostgreSQL dies with everything that belongs to it; the program waits for it and goes on."""

from pathlib import Path

from tests.crash.postgresql_server import PostgresqlServer
from tests.crash.server_kills import kill_server
from tests.crash.starter import Starter

BOOKINGS = 150


async def test_a_killed_postgresql_server_loses_no_booking_and_is_served_again_by_itself(
    starter: Starter, mortal_postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    done = await kill_server(starter, mortal_postgresql, tmp_path, bookings=BOOKINGS, kills=1)

    assert done.verdict.violations() == {}
    assert done.verdict.acknowledged == done.verdict.bookings == BOOKINGS
    assert done.seen_503 > 0
    assert len(done.recovered) == 1
