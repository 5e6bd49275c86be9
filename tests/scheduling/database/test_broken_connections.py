"""Connections to PostgreSQL that break or cannot be had: what is asked again, and what is said."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.database import Database, open_database
from scheduling.database.opening import postgresql_dsn
from scheduling.database.postgresql import TRIES, PostgresqlDatabase
from scheduling.errors import DatabaseUnavailable
from tests.arguments import booking
from tests.fakes.cut_line import CutLine
from tests.given import given_calendar, given_link, given_workspace
from tests.rendezvous import STUCK_SECONDS, Rendezvous, all_of, pausing_before
from tests.scheduling.database.server import (
    cut_everybody_else_off,
    others_connected,
    socket_folder,
    with_host,
)
from tests.stored import count, half_done


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
