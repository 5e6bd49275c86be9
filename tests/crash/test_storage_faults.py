"""A disk that fails: nobody is told "ok" whose booking is not stored, and nobody restarts it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy.orm import Session

from booking_web.app import create_site
from scheduling.database.opening import sqlite_path
from scheduling.database.sqlite import SqliteDatabase
from scheduling.public_urls import PublicUrls
from tests.crash import world
from tests.crash.contacts import Contacts, Wish, base_of
from tests.crash.history import History
from tests.crash.starter import Starter
from tests.crash.storage_faults import fail_storage, full_disk, io_error, small_disk
from tests.crash.world import EVENT, Starts
from tests.given import KEYRING
from tests.stored import count, half_done

BOOKINGS = 60


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of our own."""
    with small_disk(tmp_path) as disk:
        yield disk


async def test_bookings_while_writes_fail_in_the_middle_of_commits(
    starter: Starter, tmp_path: Path
) -> None:
    faults = await fail_storage(starter, tmp_path, io_error, bookings=BOOKINGS, seed=1)

    assert faults.verdict.violations() == {}
    assert faults.verdict.bookings == faults.verdict.acknowledged == BOOKINGS
    assert faults.seen_503 > 0
    assert faults.restarts == 0


async def test_bookings_while_the_disk_is_full_at_times(starter: Starter, disk: Path) -> None:
    faults = await fail_storage(starter, disk, full_disk, bookings=BOOKINGS, seed=2)

    assert faults.verdict.violations() == {}
    assert faults.verdict.bookings == faults.verdict.acknowledged == BOOKINGS
    assert faults.seen_503 > 0
    assert faults.restarts == 0


async def test_a_contact_keeps_the_form_while_the_database_can_only_be_read(
    sqlite_url: str,
) -> None:
    (link,) = (await world.prepare(sqlite_url, 1, calendars=[EVENT]))[EVENT]
    history, wish = History(), Wish(link, [Starts().take()])
    database = SqliteDatabase(sqlite_path(sqlite_url))
    site = create_site(database=database, keyring=KEYRING, urls=PublicUrls("http://localhost"))
    async with TestServer(site) as server, Contacts(base_of(server), history) as contact:
        database._driver.execute("PRAGMA query_only = ON")

        refused = await contact.send_once(wish)
        left_behind = await database.read(_traces)
        database._driver.execute("PRAGMA query_only = OFF")
        booked = await contact.send_once(wish)

    await database.close()
    assert (refused, booked) == (503, 303)
    assert left_behind == (0, {})


def _traces(session: Session) -> tuple[int, object]:
    return count(session, "booking"), half_done(session)
