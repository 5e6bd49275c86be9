"""`otl serve` as it runs for people: processes that start, are stopped, are killed, start again."""

import asyncio
import re
import socket
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import asyncpg
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.database import Database, open_database, open_for_reading
from scheduling.database.migrating import LOCK
from scheduling.database.models import DeliveryRow
from scheduling.database.opening import sqlite_path
from scheduling.events.deliveries import State
from tests.given import SALES, SAM, SECRET_KEY, GivenLink, given_calendar
from tests.journeys.contact import Contact
from tests.otl.due import (
    SIDE_CHANNELS,
    STUCK_SECONDS,
    given_due_link,
    names_told,
    told,
    until_told,
)
from tests.otl.processes import Program, entries, running, said_by
from tests.stored import rows

POST: Final = "chat.postMessage"
WAITING: Final = (
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)
POSTING: Final = (
    "POST {path} HTTP/1.1\r\nHost: book.example.com\r\nContent-Length: {length}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
LINK: Final = re.compile(r"https://book\.example\.com(/otl/([a-z2-9]{32}))")
SETTINGS: Final = {
    "OTL_PORT": "0",
    "OTL_PUBLIC_URL": "https://book.example.com",
    "OTL_SECRET_KEY": SECRET_KEY,
    "OTL_QUARANTINE_SECONDS": "0.3",
}


def settings_for(
    slack: PracticeSlack, database_url: str, *, door: str = "socket"
) -> dict[str, str]:
    settings = SETTINGS | {
        "OTL_DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": slack.tokens.bot,
        "SLACK_API_URL": slack.api_url,
    }
    if door == "socket":
        return settings | {"SLACK_APP_TOKEN": slack.tokens.app}
    return settings | {"SLACK_SIGNING_SECRET": "practice-signing-secret"}


@asynccontextmanager
async def opened(database_url: str, *, reading: bool = False) -> AsyncIterator[Database]:
    database = open_for_reading(database_url) if reading else open_database(database_url)
    try:
        yield database
    finally:
        await database.close()


async def given_links(database_url: str, number: int = 1) -> list[GivenLink]:
    """Issue links before the program runs, each in a channel of its own if there are several."""
    channels = [SALES] if number == 1 else SIDE_CHANNELS[:number]
    async with opened(database_url) as database:
        return [await given_due_link(database, channel_id=channel) for channel in channels]


async def issued_by_command(slack: PracticeSlack) -> tuple[str, str]:
    """Type `/otl issue`; return the link's path and its token."""
    answer = await slack.command(SAM, SALES, "/otl issue onboarding for Jane")
    assert answer.ok, answer
    (card,) = await slack.until(lambda: slack.ephemerals(SAM), seconds=STUCK_SECONDS)
    found = LINK.search(card.text)
    assert found is not None, card.text
    return found[1], found[2]


async def until_used_is_told(slack: PracticeSlack) -> None:
    await slack.until(lambda: slack.messages(SALES), seconds=STUCK_SECONDS)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def connect_door(slack: PracticeSlack, base: str, door: str) -> None:
    if door == "http":
        slack.connect_http(f"{base}/slack/events")


@pytest.mark.parametrize("door", ["socket", "http"])
async def test_one_process_does_the_whole_job_and_logs_no_secret(
    slack: PracticeSlack, sqlite_url: str, door: str
) -> None:
    async with opened(sqlite_url) as database:
        await given_calendar(database)

    async with running("serve", **settings_for(slack, sqlite_url, door=door)) as program:
        base = await program.serves()
        connect_door(slack, base, door)
        path, token = await issued_by_command(slack)
        async with Contact() as contact:
            booked = await contact.books(base + path, name="Jane Secret", notes="a private note")
            await until_used_is_told(slack)
            dead = await contact.opens(base + path)
        program.terminate()
        code = await program.ends()

    assert (booked.status, dead.status, code) == (303, 410, 0)
    (message,) = slack.messages(SALES)
    assert "Link used: Jane Secret booked Onboarding Call" in message.text
    async with opened(sqlite_url, reading=True) as database:
        assert [row.state for row in await told(database)] == [State.DONE]
    assert [entry["message"] for entry in entries(program)][-2:] == ["stopping", "stopped"]
    assert all(entry["level"] == "info" for entry in entries(program))
    for secret in (token, booked.location.rpartition("/")[2], "Jane", "note", "xoxb", "xapp"):
        assert secret not in program.text


async def test_stopped_under_load_it_loses_no_booking_and_no_notification(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    links = await given_links(sqlite_url, len(SIDE_CHANNELS))
    names = [f"Contact {number:02}" for number in range(len(links))]
    acknowledged: set[str] = set()
    slack.fault(POST, Fault.DELAY, times=None, seconds=0.15)
    few_at_once = asyncio.Semaphore(2)

    async with running("serve", **settings_for(slack, sqlite_url)) as program, Contact() as contact:
        base = await program.serves()
        urls = [f"{base}/otl/{link.token}" for link in links]
        forms = [await contact.fetches(url) for url in urls]

        async def book(number: int) -> None:
            fields = forms[number].filled(forms[number].starts[number], name=names[number])
            async with few_at_once:
                answer = await contact.sends(urls[number], fields)
            assert answer.status == 303
            acknowledged.add(names[number])
            if len(acknowledged) == 5:
                program.terminate()

        ends = await asyncio.gather(*map(book, range(len(links))), return_exceptions=True)
        code = await program.ends()
    slack.faults.clear()
    async with opened(sqlite_url, reading=True) as database:
        booked = {name for (name,) in await database.read(rows, "SELECT contact_name FROM booking")}
        left = await told(database)
        async with running("serve", **settings_for(slack, sqlite_url)) as again:
            await again.serves()
            await until_told(database, len(booked))

    assert code == 0
    assert 5 <= len(acknowledged) < len(links)
    assert all(end is None or isinstance(end, aiohttp.ClientError) for end in ends), ends
    assert acknowledged <= booked
    assert [row for row in left if row.state is State.SENDING] == []
    counts = names_told(slack, names, *SIDE_CHANNELS)
    assert counts == {name: int(name in booked) for name in names}


async def test_a_form_that_was_sent_is_answered_though_the_program_is_told_to_stop(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    (link,) = await given_links(sqlite_url)

    async with running("serve", **settings_for(slack, sqlite_url)) as program, Contact() as contact:
        base = await program.serves()
        form = await contact.fetches(f"{base}/otl/{link.token}")
        body = urlencode(form.filled(form.starts[0]))
        reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
        with held_back(sqlite_url):
            request = POSTING.format(path=f"/otl/{link.token}", length=len(body)) + body
            writer.write(request.encode())
            await fetched(f"{base}/healthz")  # so the form has been read before
            program.terminate()
            await program.says('"stopping"')
        status_line = await reader.readline()
        writer.close()
        code = await program.ends()

    assert status_line.split()[1] == b"303"
    assert code == 0


@contextmanager
def held_back(sqlite_url: str) -> Iterator[None]:
    """Have every write wait."""
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


@pytest.mark.parametrize("command", ["serve", "demo"])
async def test_a_second_program_on_one_sqlite_file_is_refused_and_the_first_goes_on(
    slack: PracticeSlack, sqlite_url: str, command: str
) -> None:
    settings = settings_for(slack, sqlite_url)

    async with running("serve", **settings) as first:
        base = await first.serves()
        code, said = await said_by(command, **settings)
        health = await fetched(f"{base}/healthz")

    assert (code, said) == (1, "Error: OTL is running on this database: stop it first.")
    assert health == (200, "ok")


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
async def test_a_second_program_is_refused_through_a_link_to_the_database_too(
    slack: PracticeSlack, sqlite_url: str, tmp_path: Path, kind: str
) -> None:
    settings = settings_for(slack, sqlite_url)
    path, other = sqlite_path(sqlite_url), tmp_path / "other" / "name.sqlite3"
    other.parent.mkdir()

    async with running("serve", **settings) as first:
        base = await first.serves()
        if kind == "symbolic":
            other.symlink_to(path)
        else:
            other.hardlink_to(path)
        code, said = await said_by("serve", **settings | {"OTL_DATABASE_URL": f"sqlite:///{other}"})
        health = await fetched(f"{base}/healthz")

    assert code == 1
    assert ("OTL is running on this database" if kind == "symbolic" else "second name") in said
    assert health == (200, "ok")


async def test_the_database_and_all_beside_it_are_for_their_owners_eyes(
    slack: PracticeSlack, tmp_path: Path
) -> None:
    path = tmp_path / "var" / "otl.sqlite3"
    settings = settings_for(slack, f"sqlite:///{path}")
    del settings["OTL_SECRET_KEY"]

    async with running("serve", **settings) as program:
        await program.serves()
        made = {file.name: mode(file) for file in path.parent.iterdir()}
        folder = mode(path.parent)
        await program.kill()
    for file in path.parent.iterdir():
        file.chmod(0o644)
    async with running("serve", **settings) as program:
        await program.serves()
        tightened = {file.name: mode(file) for file in path.parent.iterdir()}

    assert set(made) == {
        "otl.key",
        "otl.lock",
        *(f"{path.name}{end}" for end in ("", "-wal", "-shm")),
    }
    assert set(made.values()) == {0o600}
    assert folder == 0o700
    assert tightened == made


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_is_refused_at_start(
    slack: PracticeSlack, sqlite_url: str, name: str
) -> None:
    settings = settings_for(slack, sqlite_url) | {name: f"x{name[6].lower()}-of-another-app"}

    code, said = await said_by("serve", **settings)

    assert code == 1
    assert said.startswith(f"Error: Slack did not take {name} (invalid_auth).")
    assert "of-another-app" not in said


async def test_a_database_server_that_is_down_is_told_in_words_at_start(
    slack: PracticeSlack,
) -> None:
    down = "postgresql://otl:hidden-word@127.0.0.1:1/otl"

    code, said = await said_by("serve", **settings_for(slack, down))

    assert code == 1
    assert "Error: The database cannot be reached (ConnectionRefusedError). Check" in said
    assert "hidden-word" not in said


async def test_a_port_that_is_taken_is_told_in_words(slack: PracticeSlack, sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = await said_by(
            "serve", **settings_for(slack, sqlite_url) | {"OTL_PORT": str(port)}
        )

    assert code == 1
    assert "set OTL_PORT to another port" in said.splitlines()[-1]
    assert "Traceback" not in said


async def test_it_can_be_stopped_while_it_still_waits_for_slack(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    asked = asyncio.Event()

    def notice(_: Mapping[str, Any]) -> bool:
        asked.set()
        return True

    slack.fault("auth.test", Fault.TIMEOUT, seconds=STUCK_SECONDS, where=notice)

    async with running("serve", **settings_for(slack, sqlite_url)) as program:
        await asyncio.wait_for(asked.wait(), STUCK_SECONDS)
        program.terminate()
        code = await program.ends()

    assert code == 0
    assert [entry["message"] for entry in entries(program)] == ["stopping", "stopped"]


async def test_the_site_serves_contacts_while_slack_cannot_be_reached(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    (link,) = await given_links(sqlite_url)
    nowhere = {"SLACK_API_URL": "http://127.0.0.1:1/api/"}

    async with running("serve", **settings_for(slack, sqlite_url) | nowhere) as program:
        base = await program.serves()
        async with Contact() as contact:
            booked = await contact.books(f"{base}/otl/{link.token}")
        ready = await fetched(f"{base}/readyz")
        program.terminate()
        code = await program.ends()
    async with running("serve", **settings_for(slack, sqlite_url)) as again:
        await again.serves()
        await until_used_is_told(slack)

    assert (booked.status, ready[0], code) == (303, 200, 0)
    assert len(slack.messages(SALES)) == 1
    assert "xoxb" not in program.text
    assert entries(program)


async def test_bot_site_and_worker_are_three_processes_over_one_postgresql_database(
    slack: PracticeSlack, postgresql_url: str
) -> None:
    async with opened(postgresql_url) as database:
        await given_calendar(database)
    settings = settings_for(slack, postgresql_url, door="http")

    async with (
        running("serve", "--only", "bot", **settings) as bot,
        running("serve", "--only", "web", **settings) as web,
        running("serve", "--only", "worker", **settings) as worker,
    ):
        at_bot, at_web, at_worker = await asyncio.gather(*map(Program.serves, (bot, web, worker)))
        connect_door(slack, at_bot, "http")
        path, _ = await issued_by_command(slack)
        async with Contact() as contact:
            booked = await contact.books(at_web + path, name="Jane Doe")
        await until_used_is_told(slack)
        healths = [await fetched(f"{base}/healthz") for base in (at_bot, at_web, at_worker)]
        readies = [await fetched(f"{base}/readyz") for base in (at_bot, at_web, at_worker)]
        pages_of_the_bot = await fetched(at_bot + path)
        for program in (bot, web, worker):
            program.terminate()
        codes = [await program.ends() for program in (bot, web, worker)]

    assert booked.status == 303
    assert names_told(slack, ["Jane Doe"], SALES) == {"Jane Doe": 1}
    assert healths == [(200, "ok")] * 3
    assert readies == [(200, '{"ready": true, "slack": "ok"}')] * 3
    assert pages_of_the_bot[0] == 404
    assert codes == [0, 0, 0]


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.STORE_THEN_TIMEOUT])
async def test_a_worker_killed_between_commit_and_answer_tells_once_after_its_restart(
    slack: PracticeSlack, postgresql_url: str, fault: Fault
) -> None:
    (link,) = await given_links(postgresql_url)
    settings = settings_for(slack, postgresql_url)
    posting = asyncio.Event()

    def notice(_: Mapping[str, Any]) -> bool:
        posting.set()
        return True

    slack.fault(POST, fault, seconds=STUCK_SECONDS, where=notice)

    async with opened(postgresql_url) as database:
        async with (
            running("serve", "--only", "web", **settings) as web,
            running("serve", "--only", "worker", **settings) as worker,
            Contact() as contact,
        ):
            base, _ = await asyncio.gather(web.serves(), worker.serves())
            booked = await contact.books(f"{base}/otl/{link.token}", name="Jane Doe")
            await asyncio.wait_for(posting.wait(), STUCK_SECONDS)
            await worker.kill()
        left = await told(database)
        await when_the_lease_runs_out(database)
        async with running("serve", "--only", "worker", **settings) as again:
            await again.serves()
            done = await until_told(database)

    assert booked.status == 303
    assert [row.state for row in left] == [State.SENDING]
    assert names_told(slack, ["Jane Doe"], SALES) == {"Jane Doe": 1}
    assert done[0].claims == 2


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
async def test_two_that_start_at_once_on_an_empty_database_migrate_it_one_after_the_other(
    slack: PracticeSlack, empty_database_url: str
) -> None:
    settings = settings_for(slack, empty_database_url)

    async with AsyncExitStack() as stack:
        lock = await asyncpg.connect(empty_database_url)
        stack.push_async_callback(lock.close)
        await lock.execute(f"SELECT pg_advisory_lock({LOCK})")
        one, other = [
            await stack.enter_async_context(running("serve", "--only", "web", **settings))
            for _ in range(2)
        ]
        await until_two_wait(lock)
        await lock.close()
        bases = await asyncio.gather(one.serves(), other.serves())
        readies = [await fetched(f"{base}/readyz") for base in bases]
    async with opened(empty_database_url) as database:
        versions = await database.read(rows, "SELECT version_num FROM alembic_version")

    assert [status for status, _ in readies] == [200, 200]
    assert len(versions) == 1


async def until_two_wait(connection: Any) -> None:
    """Wait until two processes stand before the lock of migrations."""
    async with asyncio.timeout(STUCK_SECONDS):
        while await connection.fetchval(WAITING) < 2:  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(0.01)


async def test_calendars_are_loaded_at_start(
    slack: PracticeSlack, empty_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "calendars.toml"
    file.write_text(
        '[[calendar]]\nslug = "call"\nname = "Call"\ntype = "event"\nduration_minutes = 30\n'
        f'timezone = "UTC"\nhosts = ["{SAM}"]\nowner = "{SAM}"\nopening_hours = {{}}\n'
    )
    settings = settings_for(slack, empty_database_url)

    async with running("serve", "--calendars", str(file), **settings) as program:
        await program.serves()
        code, listed = await said_by("calendars", "list", **settings)

    assert code == 0
    assert listed.startswith("call ")
    assert listed.endswith("with Sam Rivera")


async def test_the_practice_workspace_has_a_database_of_its_own_and_stops_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async with running("demo", OTL_PORT=str(port), OTL_DATABASE_URL="") as program:
        await program.says(f"http://localhost:{port}/practice")
        status, _ = await fetched(f"http://127.0.0.1:{port}/practice")
        program.terminate()
        code = await program.ends()

    assert (status, code) == (200, 0)
    made = {path.name for path in (tmp_path / "var").iterdir()}
    assert made == {"practice.sqlite3", "practice.key", "practice.lock", "practice.log"}
    assert mode(tmp_path / "var" / "practice.log") == 0o600


async def test_the_greeting_of_the_practice_workspace_is_not_drowned_by_its_log(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async with running("demo", folder=tmp_path, OTL_PORT=str(port)) as program:
        await program.says("What OTL logs goes to var/practice.log.")
        await fetched(f"http://127.0.0.1:{port}/practice")
        program.terminate()
        await program.ends()

    assert not [line for line in program.lines if line.startswith("{")]
    assert '"stopped"' in (tmp_path / "var" / "practice.log").read_text()


async def fetched(url: str) -> tuple[int, str]:
    """GET an address: status and text."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def when_the_lease_runs_out(database: Database) -> None:
    """Have it be half a minute later for the rows that a dead worker left; nothing else is."""
    await database.write(_end_leases)


def _end_leases(session: Session) -> None:
    leased = update(DeliveryRow).where(DeliveryRow.state == State.SENDING)
    session.execute(leased.values(not_before=datetime.now(UTC)))
