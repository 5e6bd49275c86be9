"""One process or three over real sockets: served, stopped, killed, and without Slack."""

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.database import Database
from scheduling.database.models import DeliveryRow
from scheduling.events.deliveries import State
from tests.fakes.mail_server import running_mail_server
from tests.given import SALES, given_calendar
from tests.journeys.contact import Contact
from tests.otl.due import (
    SIDE_CHANNELS,
    STUCK_SECONDS,
    names_told,
    told,
    until_told,
)
from tests.otl.processes import Program, entries, running
from tests.otl.serving import (
    POST,
    connect_door,
    fetched,
    given_links,
    issued_by_command,
    opened,
    settings_for,
    until_used_is_told,
)
from tests.stored import rows

POSTING: Final = (
    "POST {path} HTTP/1.1\r\nHost: book.example.com\r\nContent-Length: {length}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


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
        running_mail_server() as mail,
        running("serve", "--only", "bot", **settings) as bot,
        running("serve", "--only", "web", **settings) as web,
        # Mail is the worker's: the others need to know nothing of its server.
        running(
            "serve",
            "--only",
            "worker",
            **settings,
            OTL_SMTP_URL=mail.url,
            OTL_MAIL_FROM="meetings@acme.com",
        ) as worker,
    ):
        at_bot, at_web, at_worker = await asyncio.gather(*map(Program.serves, (bot, web, worker)))
        connect_door(slack, at_bot, "http")
        path, _ = await issued_by_command(slack)
        async with Contact() as contact:
            booked = await contact.books(at_web + path, name="Jane Doe")
        await until_used_is_told(slack)
        await slack.until(lambda: len(mail.taken) == 2)
        healths = [await fetched(f"{base}/healthz") for base in (at_bot, at_web, at_worker)]
        readies = [await fetched(f"{base}/readyz") for base in (at_bot, at_web, at_worker)]
        pages_of_the_bot = await fetched(at_bot + path)
        for program in (bot, web, worker):
            program.terminate()
        codes = [await program.ends() for program in (bot, web, worker)]

    assert booked.status == 303
    assert names_told(slack, ["Jane Doe"], SALES) == {"Jane Doe": 1}
    assert healths == [(200, "ok")] * 3
    assert readies == [(200, '{"ready": true, "slack": "ok", "mail": "ok"}')] * 3
    assert {one.sender for one in mail.taken} == {"meetings@acme.com"}
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


async def when_the_lease_runs_out(database: Database) -> None:
    """Have it be half a minute later for the rows that a dead worker left; nothing else is."""
    await database.write(_end_leases)


def _end_leases(session: Session) -> None:
    leased = update(DeliveryRow).where(DeliveryRow.state == State.SENDING)
    session.execute(leased.values(not_before=datetime.now(UTC)))
