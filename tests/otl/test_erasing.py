"""`otl erase`, beside a server that runs and with none."""

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import Final

import pytest

from otl.erasing import SUFFIX, erase, hand_in
from otl.practice import PracticeSlack
from otl.process_lock import process_lock
from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from scheduling.database.opening import is_sqlite, sqlite_path
from tests.given import SALES, SAM, GivenLink, given_calendar, given_link, when_booked
from tests.otl.commands import Run
from tests.otl.due import STUCK_SECONDS, until_told
from tests.otl.processes import running, said_by
from tests.otl.serving import opened, settings_for
from tests.stored import count, rows

ADDRESS: Final = "jane.zimmerli@example.com"
TRACES: Final = (b"Zimmerli", b"zimmerli", b"Waldo")
NOW: Final = datetime.now(UTC)
THEN: Final = datetime.combine(NOW.date() - timedelta(days=20), time(9), UTC)


async def given_booking(database: Database, *, days: int = 0, hour: int = 0) -> GivenLink:
    """Have Jane Zimmerli's meeting have been three weeks ago."""
    now = THEN - timedelta(days=10)
    await given_calendar(database, now=now)
    link = await given_link(database, contact=Contact("Jane Zimmerli", ADDRESS), now=now)
    await when_booked(
        database,
        link,
        start=THEN + timedelta(days=days, hours=hour),
        booker=Booker("Jane Zimmerli", ADDRESS, "Waldo comes along. " * 90, "UTC"),
        now=now,
    )
    return link


def bytes_left(database_url: str) -> dict[str, list[bytes]]:
    """Return what the files of an SQLite database still hold of the contact."""
    path = sqlite_path(database_url)
    files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    left = {file.name: [one for one in TRACES if one in file.read_bytes()] for file in files}
    return {name: found for name, found in left.items() if found}


async def test_with_no_server_it_is_done_at_once(otl: Run, database_url: str) -> None:
    async with opened(database_url) as database:
        for hour in range(5):
            await given_booking(database, hour=hour)
    if is_sqlite(database_url):
        assert bytes_left(database_url)

    result = await otl("erase", ADDRESS.upper(), OTL_DATABASE_URL=database_url)

    assert result.exit_code == 0, result.output
    assert "from 5 links and 5 bookings" in result.output
    assert "backups" in result.output
    assert "zimmerli" not in result.output
    if is_sqlite(database_url):
        assert bytes_left(database_url) == {}
    async with opened(database_url) as database:
        assert await database.read(count, "booking", "contact_name = 'a contact'") == 5


async def test_a_server_that_runs_carries_it_out(slack: PracticeSlack, database_url: str) -> None:
    async with opened(database_url) as database:
        await given_booking(database)
    settings = settings_for(slack, database_url)
    async with running("serve", **settings) as program:
        await program.serves()
        (message,) = await slack.until(lambda: slack.messages(SALES), seconds=STUCK_SECONDS)
        assert "Zimmerli" in message.text
        async with opened(database_url, reading=True) as database:
            await until_told(database)

        code, said = await said_by("erase", ADDRESS, **settings)

        assert (code, "from 1 link and 1 booking" in said) == (0, True), said
        assert "In Slack 2 messages" in said
        await slack.until(lambda: "Zimmerli" not in message.text, seconds=STUCK_SECONDS)
        assert message.text.startswith("Link used: a contact booked Onboarding Call")
        assert "Zimmerli" not in json.dumps(message.blocks)
        (private,) = slack.messages(SAM)
        await slack.until(lambda: "Zimmerli" not in private.text, seconds=STUCK_SECONDS)
        for trace in ("Zimmerli", ADDRESS, "Waldo"):
            assert trace not in private.text + json.dumps(private.blocks)
        if is_sqlite(database_url):
            async with asyncio.timeout(STUCK_SECONDS):  # while somebody reads, the WAL is kept
                while bytes_left(database_url):  # noqa: ASYNC110  # another process empties it
                    await asyncio.sleep(0.05)
            assert not list(sqlite_path(database_url).parent.glob(f"*{SUFFIX}*"))
        program.terminate()
        assert await program.ends() == 0
        assert "zimmerli" not in program.text.lower()
    assert len(slack.messages(SALES)) == 1


async def test_messages_are_edited_when_the_server_comes_back(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    async with opened(sqlite_url) as database:
        await given_booking(database)
    settings = settings_for(slack, sqlite_url)
    async with running("serve", **settings) as program:
        await program.serves()
        (message,) = await slack.until(lambda: slack.messages(SALES), seconds=STUCK_SECONDS)
        async with opened(sqlite_url, reading=True) as database:
            await until_told(database)

    code, said = await said_by("erase", ADDRESS, **settings)

    assert (code, "edited as soon as OTL serves" in said) == (0, True), said
    async with running("serve", **settings) as program:
        await program.serves()
        await slack.until(lambda: "Zimmerli" not in message.text, seconds=STUCK_SECONDS)


async def test_what_a_server_left_is_carried_out_at_its_next_start(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    async with opened(sqlite_url) as database:
        await given_booking(database)
    with process_lock(sqlite_url):  # a server that does not get round to it
        answer = await erase(sqlite_url, ADDRESS, wait_seconds=0.2)
    assert answer.erasure is None
    (request,) = sqlite_path(sqlite_url).parent.glob(f"*{SUFFIX}*")
    assert stat.S_IMODE(request.stat().st_mode) == 0o600

    async with running("serve", **settings_for(slack, sqlite_url)) as program:
        await program.says("erased a contact")

    assert not request.exists()
    with closing(sqlite3.connect(sqlite_path(sqlite_url))) as connection:
        assert connection.execute("SELECT contact_email FROM booking").fetchall() == [("",)]


async def test_to_be_killed_before_the_request_is_removed_does_no_harm(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    async with opened(sqlite_url) as database:
        await given_booking(database)
    path = sqlite_path(sqlite_url)
    settings = settings_for(slack, sqlite_url)
    for _ in range(2):
        hand_in(path, ADDRESS, "the-same")
        async with running("serve", **settings) as program:
            await program.says("erased a contact: 1 links, 1 bookings")

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT bookings FROM erasure").fetchall() == [(1,)]


async def test_a_coming_meeting_is_refused_in_words(otl: Run, sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        link = await given_booking(database, days=25)

    result = await otl("erase", ADDRESS, OTL_DATABASE_URL=sqlite_url)

    assert result.exit_code == 1
    assert f"a meeting still to come ({link.details.public_id})" in result.output
    async with opened(sqlite_url) as database:
        assert await database.read(rows, "SELECT contact_email FROM booking") == [(ADDRESS,)]


async def test_an_address_that_nobody_has_is_said_so_and_so_is_a_second_time(
    otl: Run, sqlite_url: str
) -> None:
    async with opened(sqlite_url) as database:
        await given_booking(database)

    first, second, other = [
        await otl("erase", address, OTL_DATABASE_URL=sqlite_url)
        for address in (ADDRESS, ADDRESS, "bob@example.com")
    ]

    assert "Erased" in first.output
    assert [second.exit_code, other.exit_code] == [0, 0]
    assert "OTL knows nobody with this address" in second.output
    assert second.output == other.output


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("jane", "jane is no e-mail address."),
        (ADDRESS, "There is no database yet. `otl serve` makes it."),
    ],
)
async def test_what_cannot_be_is_said_in_words(otl: Run, address: str, words: str) -> None:
    result = await otl("erase", address)

    assert result.exit_code != 0
    assert words in result.output


async def test_a_link_that_is_active_is_named(otl: Run, sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await given_calendar(database)
        await given_link(database, contact=Contact("Jane", ADDRESS))

    result = await otl("erase", ADDRESS, OTL_DATABASE_URL=sqlite_url)

    assert "1 link can still be booked with" in result.output
