"""Mail that is refused, by its address or altogether: who is told, what waits, what goes on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.events.refusing import refusing
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.given import (
    SALES,
    SAM,
    given_calendar,
)
from tests.otl.due import STUCK_SECONDS
from tests.otl.mailing import (
    JANE,
    SAM_S,
    TO_BOTH,
    booked,
    deliveries,
    mailing,
    received,
    until,
    until_all,
)
from tests.stored import rows


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


async def test_a_wrong_login_leaves_slack_alone_and_all_goes_out_when_it_is_right(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database)
    async with running_mail_server(user="otl", password="new") as server:
        address = replace(server.address, password="old")
        async with mailing(database, address, slack=client):
            await booked(database)
            await until(database, lambda found: any(row[2] == "535 5.7.8" for row in found))
            await booked(database, 1)
            await slack.until(lambda: len(slack.messages(SALES)) == 2)
            waiting = await deliveries(database)
            refused = await database.read(refusing)
            server.password = "old"
            await until_all(database, number=4)

    assert {row[1] for row in waiting} == {"ready"}
    assert refused["mail"].reason == "535 5.7.8"
    assert "slack" not in refused
    assert received(server) == {JANE: 2, SAM_S: 2}
    assert await database.read(refusing) == {}


async def test_a_token_that_slack_refuses_leaves_mail_alone(
    database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database)
    slack.revoke_token()

    async with mailing(database, server.address, slack=client):
        await booked(database)
        await until_all(database)

    assert received(server) == TO_BOTH
    assert not slack.messages(SALES)


async def test_an_address_that_is_refused_is_told_to_the_issuer_once(
    database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database)
    server.fault("RCPT", "550 5.1.1 no such user", times=None, recipient=JANE)

    async with mailing(database, server.address, slack=client):
        await booked(database)
        await slack.until(lambda: _about_mail(slack, SAM))
        await until(database, lambda found: {row[1] for row in found} == {"refused", "done"})
        await _nothing_open(database)

    (told,) = _about_mail(slack, SAM)
    assert f"No mail reaches {JANE}: the address may be wrong." in told
    assert "The mail server said `550 5.1.1`" in told
    assert received(server) == {SAM_S: 1}


async def test_a_host_whose_address_is_refused_is_told_of_the_first_invitation_alone(
    database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database)
    server.fault("RCPT", "550 5.2.1 mailbox disabled", times=None, recipient=SAM_S)

    async with mailing(database, server.address, slack=client):
        await booked(database)
        await slack.until(lambda: _about_mail(slack, SAM))
        await booked(database, 1)
        await until(
            database,
            lambda found: (
                len(found) == 4
                and {row[1] for row in found}
                == {
                    "refused",
                    "done",
                }
            ),
        )
        await _nothing_open(database)

    (told,) = _about_mail(slack, SAM)
    assert f"No invitation reaches <@{SAM}> at {SAM_S}: the mailbox is full or closed" in told
    assert received(server) == {JANE: 2}


async def test_mail_that_waits_when_it_is_switched_off_goes_out_when_it_is_on_again(
    database: Database, server: MailServer
) -> None:
    await given_calendar(database)
    server.fault("MAIL", "451 later", times=None)
    async with mailing(database, server.address):
        await booked(database)
        await until(database, lambda found: any(row[2] == "451" for row in found))
    server.faults.clear()

    async with mailing(database, None):
        await booked(database, 1)
    off = await deliveries(database)
    async with mailing(database, server.address):
        await until_all(database)

    assert {row[1] for row in off} == {"ready"}
    assert received(server) == TO_BOTH


def _about_mail(slack: PracticeSlack, user: str) -> list[str]:
    texts = [message.text for message in slack.messages(slack.direct(user).id)]
    return [text for text in texts if text.startswith(("No mail", "No invitation"))]


async def _nothing_open(database: Database) -> None:
    async with asyncio.timeout(STUCK_SECONDS):
        while await database.read(  # noqa: ASYNC110  # others write
            rows, "SELECT 1 FROM delivery WHERE closed_at IS NULL"
        ):
            await asyncio.sleep(0.01)


async def test_neither_an_address_nor_a_secret_reaches_our_log(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await given_calendar(sqlite_database)
    async with running_mail_server(user="otl", password="s3cret") as server:
        server.fault("RCPT", f"550 5.1.1 <{JANE}>: unknown", recipient=JANE)
        server.fault("DATA", "554 5.7.1 spam https://book.example.com/booking/", recipient=SAM_S)
        async with mailing(sqlite_database, server.address):
            await booked(sqlite_database)
            await until_all(sqlite_database, "refused")
        wrong = replace(server.address, password="s3cret!")
        async with mailing(sqlite_database, wrong):
            await booked(sqlite_database, 1)
            await until(sqlite_database, lambda found: found[-1][2] == "535 5.7.8")

    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("mail.")]
    assert "mail refuses everything: 535 5.7.8" in ours
    assert [one for one in ours if one.endswith("to mail is refused for good: 550 5.1.1")]
    for secret in ("jane@", "sam@", "s3cret", "/booking/"):
        assert secret not in "\n".join(ours)


async def test_an_erased_contact_is_not_written_to_and_no_mail_is_sent_anew(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    async with mailing(sqlite_database, server.address):
        await booked(sqlite_database)
        await until_all(sqlite_database)
        later = datetime.now(UTC) + timedelta(days=30)
        await sqlite_database.write(erase_contact, email=JANE, request_id="1", now=later)
        await asyncio.sleep(0.3)

    assert {row[1] for row in await deliveries(sqlite_database)} == {"done"}
    assert received(server) == TO_BOTH
