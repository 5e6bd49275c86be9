"""The program dies at every place and at any instant, and keeps every promise.

`make crash` kills it a thousand times on each database.
"""

import asyncio
from pathlib import Path

import pytest

from scheduling.failpoints import PLACES
from tests.crash.kill_points import A_ROUND, AT_RANDOM, Report, kill_points
from tests.crash.postgresql_server import PostgresqlServer
from tests.crash.sqlite_files import SqliteFiles
from tests.crash.starter import Starter

POINTS = 3 * len(A_ROUND)
SEEDS = (20261207, 20261208)


@pytest.mark.timeout(600)
async def test_of_many_kills_on_each_database_none_loses_or_doubles_anything(
    starter: Starter, mortal_postgresql: PostgresqlServer, sqlite_template: Path, tmp_path: Path
) -> None:
    # Both at once: each waits for its dying program most of the time.
    files = SqliteFiles(tmp_path, sqlite_template)
    sqlite, postgresql = await asyncio.gather(
        kill_points(starter, files.new_database, POINTS, tmp_path, seed=SEEDS[0]),
        kill_points(starter, mortal_postgresql.new_database, POINTS, tmp_path, seed=SEEDS[1]),
    )

    for report in (sqlite, postgresql):
        assert report.verdict.violations() == {}, f"the histories are in {tmp_path}"
        assert report.kills.total() == POINTS
        assert _was_everywhere(report)
        assert report.verdict.acknowledged == report.verdict.bookings > POINTS / 4


def _was_everywhere(report: Report) -> bool:
    return {AT_RANDOM, *PLACES} - report.kills.keys() == set()
