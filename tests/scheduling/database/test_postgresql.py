"""What is PostgreSQL's alone: broken connections, collisions, and programs side by side."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from scheduling.bookings.book import Booked, book
from scheduling.database import Database, open_database
from scheduling.database.opening import postgresql_dsn
from scheduling.database.postgresql import TRIES, PostgresqlDatabase
from scheduling.errors import DatabaseUnavailable, LinkNotActive
from tests.arguments import booking, free_starts
from tests.bad_rows import HOUR, given_rows, occupy
from tests.fakes.cut_line import CutLine
from tests.given import (
    MONDAY_NINE,
    NOW,
    SAM,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)
from tests.rendezvous import STUCK_SECONDS, Rendezvous, all_of, pausing_before
from tests.stored import count, half_done, rows


@pytest.fixture
async def postgresql(postgresql_url: str) -> AsyncIterator[PostgresqlDatabase]:
    """The database of `postgresql_url`, open."""
    opened = PostgresqlDatabase(postgresql_dsn(postgresql_url))
    yield opened
    await opened.close()


async def test_200_bookings_from_two_programs_at_once_on_one_link_are_one(
    postgresql: Database, postgresql_url: str
) -> None:
    other = open_database(postgresql_url)
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    starts = free_starts(100)

    answers = await all_of(
        [
            *(when_booked(postgresql, link, start=start) for start in starts),
            *(when_booked(other, link, start=start) for start in starts),
        ]
    )

    await other.close()
    assert Counter(map(type, answers)) == {Booked: 1, LinkNotActive: 199}
    assert await postgresql.read(half_done) == {}


async def test_a_write_whose_connection_is_cut_between_two_statements_is_run_again(
    postgresql: Database,
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    form = booking(link)
    tries = []

    def cut_off_once(session: Session) -> Booked:
        booked = book(session, **form)
        tries.append(booked)
        if len(tries) == 1:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return booked

    booked = await postgresql.write(cut_off_once)

    assert (len(tries), booked.replay) == (2, False)
    assert await postgresql.read(count, "booking") == 1
    assert await postgresql.read(half_done) == {}


@pytest.mark.parametrize(
    ("heard", "replay"),
    [
        pytest.param(False, False, id="before the server heard COMMIT"),
        pytest.param(True, True, id="after the server committed"),
    ],
)
async def test_a_commit_that_is_cut_off_is_settled_by_its_submission(
    postgresql: Database, postgresql_url: str, tmp_path: Path, *, heard: bool, replay: bool
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    form = booking(link)
    async with CutLine(socket_folder(postgresql_url), tmp_path) as line:
        through = open_database(with_host(postgresql_url, str(tmp_path)))
        line.cut_at(b"COMMIT", heard=heard)

        booked = await through.write(book, **form)

        await through.close()
        assert line.cuts == 1
    again = await postgresql.write(book, **form)
    assert booked.replay is replay
    assert (again.booking_id, again.secret) == (booked.booking_id, booked.secret)
    assert await postgresql.read(count, "booking") == 1
    assert await postgresql.read(half_done) == {}


@pytest.mark.parametrize("heard", [False, True])
async def test_a_line_that_is_cut_at_every_commit_is_an_unavailable_database(
    postgresql: Database, postgresql_url: str, tmp_path: Path, *, heard: bool
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    form = booking(link)
    async with CutLine(socket_folder(postgresql_url), tmp_path) as line:
        through = open_database(with_host(postgresql_url, str(tmp_path)))
        line.cut_at(b"COMMIT", heard=heard, times=TRIES)

        with pytest.raises(DatabaseUnavailable):
            await through.write(book, **form)

        await through.close()
    again = await postgresql.write(book, **form)
    assert again.replay is heard
    assert await postgresql.read(count, "booking") == 1


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://otl@127.0.0.1:1/otl", id="nobody listens"),
        pytest.param("postgresql:///otl?host=/nowhere", id="no such socket"),
        pytest.param("", id="no such database"),
    ],
)
async def test_a_server_that_cannot_be_reached_is_an_unavailable_database(
    postgresql_url: str, url: str
) -> None:
    nowhere = postgresql_url.replace(urlsplit(postgresql_url).path, "/no_such_database", 1)
    unreachable = open_database(url or nowhere)

    with pytest.raises(DatabaseUnavailable):
        await given_workspace(unreachable)
    with pytest.raises(DatabaseUnavailable):
        await unreachable.read(count, "booking")

    await unreachable.close()


async def test_after_all_connections_were_cut_the_next_write_goes_through(
    postgresql: Database, postgresql_url: str
) -> None:
    await given_calendar(postgresql)
    links = [await given_link(postgresql) for _ in range(8)]
    form = booking(links[0])
    await all_of(postgresql.read(count, "booking") for _ in range(10))  # ten connections are open
    other = open_database(postgresql_url)
    await other.write(cut_everybody_else_off)
    await other.close()

    booked = await postgresql.write(book, **form)

    assert not booked.replay
    assert await postgresql.read(count, "booking") == 1


async def test_whoever_finds_no_connection_free_is_told_that_it_is_unavailable(
    postgresql_url: str,
) -> None:
    narrow = PostgresqlDatabase(postgresql_dsn(postgresql_url), pool=1, patience_seconds=0.1)
    await given_workspace(narrow)
    rendezvous = Rendezvous()
    holding = asyncio.create_task(
        narrow.write(pausing_before, rendezvous=rendezvous, work=count, table="booking")
    )
    await rendezvous.arrived()

    with pytest.raises(DatabaseUnavailable):
        await given_workspace(narrow)
    with pytest.raises(DatabaseUnavailable):
        await narrow.read(count, "booking")

    rendezvous.go_on()
    await holding
    await given_workspace(narrow)
    await narrow.close()


async def test_two_writes_that_deadlock_are_both_carried_out(postgresql: Database) -> None:
    await given_calendar(postgresql)
    await given_calendar(postgresql, slug="anas-own", hosts=("U0ANA",))
    both_hold_one = [asyncio.Event(), asyncio.Event()]

    def rename_both(session: Session, order: list[str], mine: int) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        for user_id in order:
            session.execute(
                text("UPDATE resource SET name = name || '!' WHERE slack_user_id = :id"),
                {"id": user_id},
            )
            both_hold_one[mine].set()
            await_only(both_hold_one[1 - mine].wait())

    await asyncio.gather(
        postgresql.write(rename_both, ["U0SAM", "U0ANA"], 0),
        postgresql.write(rename_both, ["U0ANA", "U0SAM"], 1),
    )

    names = await postgresql.read(rows, "SELECT name FROM resource ORDER BY name")
    assert names == [("Ana Lopes!!",), ("Sam Rivera!!",)]


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_write_that_collides_three_times_is_given_up(
    postgresql: Database, state: str
) -> None:
    tries = []

    def collide(session: Session) -> None:
        tries.append(state)
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))

    with pytest.raises(DatabaseUnavailable):
        await postgresql.write(collide)

    assert len(tries) == TRIES


async def test_a_use_case_that_swallows_a_failed_statement_is_not_told_ok(
    postgresql: Database,
) -> None:
    await given_rows(postgresql)

    def swallow(session: Session) -> str:
        session.execute(text("UPDATE resource SET name = 'Sam'"))
        with contextlib.suppress(IntegrityError):
            occupy(session, SAM, MONDAY_NINE, MONDAY_NINE + HOUR)
        return "ok"

    with pytest.raises(DBAPIError):
        await postgresql.write(swallow)

    assert await postgresql.read(count, "resource", "name = 'Sam'") == 0
    await when_booked(postgresql, await given_link(postgresql), start=free_starts(40)[-1])


async def test_a_statement_that_failed_within_a_savepoint_may_be_swallowed(
    postgresql: Database,
) -> None:
    await given_rows(postgresql)

    def swallow(session: Session) -> str:
        with contextlib.suppress(IntegrityError), session.begin_nested():
            occupy(session, SAM, MONDAY_NINE, MONDAY_NINE + HOUR)
        session.execute(text("UPDATE resource SET name = 'Sam'"))
        return "ok"

    assert await postgresql.write(swallow) == "ok"

    assert await postgresql.read(count, "resource", "name = 'Sam'") == 2


async def test_another_program_is_woken_once_by_each_commit(
    postgresql: Database, postgresql_url: str
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    worker = open_database(postgresql_url)
    calls: asyncio.Queue[None] = asyncio.Queue()
    worker.on_commit(lambda: calls.put_nowait(None))
    async with asyncio.timeout(STUCK_SECONDS):
        await calls.get()  # once when it begins to listen, for what was queued before

        await given_link(postgresql)
        await calls.get()
        await when_booked(postgresql, link)
        await calls.get()

    await worker.close()
    assert calls.empty()


async def test_the_version_moves_with_what_another_program_commits(
    postgresql: Database, postgresql_url: str
) -> None:
    other = open_database(postgresql_url)
    await given_calendar(postgresql)
    before = await other.version()

    await given_calendar(postgresql, name="First Steps", now=NOW + timedelta(minutes=1))

    assert await other.version() != before
    await other.close()


async def test_a_rolled_back_booking_wakes_nobody(
    postgresql: Database, postgresql_url: str
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    worker = open_database(postgresql_url)
    calls: asyncio.Queue[int] = asyncio.Queue()
    await given_link(postgresql)
    worker.on_commit(lambda: calls.put_nowait(1))

    def book_and_fail(session: Session) -> None:
        book(session, **booking(link))
        raise RuntimeError("after the event was recorded")

    async with asyncio.timeout(STUCK_SECONDS):
        await calls.get()
        with pytest.raises(RuntimeError, match="after the event"):
            await postgresql.write(book_and_fail)
        await when_booked(postgresql, link)
        await calls.get()

    await worker.close()
    assert calls.empty()


async def test_a_program_that_was_cut_off_listens_again(
    postgresql: Database, postgresql_url: str
) -> None:
    worker = open_database(postgresql_url)
    calls: asyncio.Queue[int] = asyncio.Queue()
    worker.on_commit(lambda: calls.put_nowait(1))
    async with asyncio.timeout(STUCK_SECONDS):
        await calls.get()

        await postgresql.write(cut_everybody_else_off)

        await calls.get()  # it listens again, and looks after what it may have missed
    await worker.close()


async def test_a_closed_database_holds_no_connection(
    postgresql: Database, postgresql_url: str
) -> None:
    worker = open_database(postgresql_url)
    worker.on_commit(lambda: None)
    await all_of(worker.read(count, "booking") for _ in range(10))

    await worker.close()

    async with asyncio.timeout(STUCK_SECONDS):
        while await postgresql.read(others_connected):  # noqa: ASYNC110  # the server lets go later
            await asyncio.sleep(0.01)


async def test_a_url_as_hosts_print_it_connects(postgresql_url: str) -> None:
    as_printed = f"{postgresql_url}&sslmode=prefer&channel_binding=prefer&pgbouncer=true"
    database = open_database(as_printed.replace("postgresql://", "postgres://"))

    workspace = await given_workspace(database)

    await database.close()
    assert workspace.id == 1


def cut_everybody_else_off(session: Session) -> None:
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


def others_connected(session: Session) -> int:
    number: int = session.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    ).scalar_one()
    return number


def socket_folder(url: str) -> str:
    return dict(pair.split("=", 1) for pair in urlsplit(url).query.split("&"))["host"]


def with_host(url: str, folder: str) -> str:
    return f"{url.partition('?')[0]}?{urlencode({'host': folder})}"
