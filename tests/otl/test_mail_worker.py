"""Mail all the way: queued, carried, repeated, refused. Its trouble leaves Slack alone."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import SmtpServer
from bot.slack_client import SlackClient
from otl.delivering import running_mail, running_worker
from otl.mail_settings import MailSettings
from otl.practice import PracticeSlack
from otl.worker import Timing
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.events.refusing import refusing
from scheduling.public_urls import PublicUrls
from scheduling.workspaces import Workspace
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.given import (
    KEYRING,
    SALES,
    SAM,
    TEAM,
    a_booker,
    given_calendar,
    given_link,
    when_booked,
)
from tests.otl.due import SIDE_CHANNELS, STUCK_SECONDS, start
from tests.otl.working import TIMING
from tests.stored import rows

FROM = Mailbox("Acme Meetings", "meetings@acme.com")
JANE = "jane@example.com"
SAM_S = "sam@example.com"
TO_BOTH = {JANE: 1, SAM_S: 1}
PATIENT = replace(TIMING, request=timedelta(seconds=30))


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


@asynccontextmanager
async def mailing(
    database: Database,
    server: SmtpServer | None,
    *,
    slack: SlackClient | None = None,
    timing: Timing = PATIENT,
) -> AsyncIterator[None]:
    """Run the mail's worker, and Slack's beside it if its client is given."""
    workspace = Workspace(1, TEAM, "Practice")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            running_mail(
                None if server is None else MailSettings(server, FROM),
                database=database,
                keyring=KEYRING,
                urls=PublicUrls("https://book.example.com"),
                workspace=workspace,
                timing=timing,
            )
        )
        if slack is not None:
            await stack.enter_async_context(running_worker(database, slack, workspace, timing))
        yield


async def booked(
    database: Database, number: int = 0, *, email: str = JANE, channel_id: str = SALES
) -> int:
    """Book a meeting of Sam's, next week by the real clock; return the booking's id."""
    now = datetime.now(UTC)
    link = await given_link(database, channel_id=channel_id, now=now)
    booker = a_booker(email=email)
    made = await when_booked(database, link, start=start(number), booker=booker, now=now)
    return made.booking_id


async def deliveries(database: Database) -> Sequence[tuple[Any, ...]]:
    return await database.read(
        rows,
        "SELECT recipient, state, reason FROM delivery WHERE destination = 'mail' ORDER BY id",
    )


async def until(database: Database, is_so: Callable[[Sequence[tuple[Any, ...]]], bool]) -> None:
    found: Sequence[tuple[Any, ...]] = ()
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            while not is_so(found := await deliveries(database)):  # noqa: ASYNC110  # others write
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"it did not come to that: {found}") from None


async def until_all(database: Database, state: str = "done", number: int = 2) -> None:
    await until(
        database,
        lambda found: [row[1] for row in found] == [state] * number,
    )


def received(server: MailServer) -> Counter[str]:
    return Counter(taken.recipient for taken in server.taken)


async def test_a_booking_s_mails_are_sent_once_and_both_roads_are_travelled(
    database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database)

    async with mailing(database, server.address, slack=client):
        await booked(database)
        await until_all(database)
        await slack.until(lambda: slack.messages(SALES))

    assert received(server) == TO_BOTH


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("RCPT", "450 4.2.0 greylisted", id="greylisted"),
        pytest.param("DATA", "451 4.3.0 later", id="not taken"),
        pytest.param("354", "", id="cut before the final dot"),
        pytest.param("MAIL", "", id="cut before anything"),
    ],
)
async def test_what_the_server_did_not_take_comes_once(
    database: Database, server: MailServer, command: str, answer: str
) -> None:
    await given_calendar(database)
    server.fault(command, answer)

    async with mailing(database, server.address):
        await booked(database)
        await until_all(database)

    assert received(server) == TO_BOTH


async def test_what_the_server_took_unheard_comes_again_as_the_same_mail(
    database: Database, server: MailServer
) -> None:
    await given_calendar(database)
    server.fault("DATA", takes=True, recipient=JANE)

    async with mailing(database, server.address):
        await booked(database)
        await until_all(database)

    assert received(server) == {JANE: 2, SAM_S: 1}
    assert len(set(server.ids_to(JANE))) == 1
    assert len(set(server.ids_to(SAM_S))) == 1


async def test_a_server_that_is_down_for_an_hour_loses_nothing_and_doubles_nothing(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    await server.stop()

    async with mailing(sqlite_database, server.address):
        for number in range(3):
            await booked(sqlite_database, number)
        await until(
            sqlite_database,
            lambda found: all(row[2] == "ConnectionRefusedError" for row in found) and bool(found),
        )
        await server.start()
        with freeze_time(datetime.now(UTC) + timedelta(hours=1), tick=True, real_asyncio=True):
            await until_all(sqlite_database, number=6)

    assert received(server) == {JANE: 3, SAM_S: 3}
    assert len({taken.id for taken in server.taken}) == 6


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


async def test_a_slow_mail_server_holds_up_nothing_that_goes_to_slack(
    sqlite_database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(sqlite_database)
    channels, goes_on = SIDE_CHANNELS[:9], asyncio.Event()
    server.fault("DATA", "250 OK", takes=True, until=goes_on, times=None)

    async with mailing(sqlite_database, server.address, slack=client):
        for number, channel in enumerate(channels):
            await booked(sqlite_database, number, channel_id=channel)
        await slack.until(lambda: all(slack.messages(channel) for channel in channels))
        meanwhile = await deliveries(sqlite_database)
        goes_on.set()
        await until_all(sqlite_database, number=18)

    assert "done" not in {row[1] for row in meanwhile}
    assert received(server) == {JANE: 9, SAM_S: 9}


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


async def test_a_worker_that_dies_while_it_sends_has_the_same_mail_sent_again(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    server.fault("DATA", "250 OK", takes=True, seconds=30, times=None)
    hasty = replace(TIMING, request=timedelta(seconds=0.3))
    async with mailing(sqlite_database, server.address, timing=hasty):
        await booked(sqlite_database)
        await until(sqlite_database, lambda found: {row[1] for row in found} == {"unsure"})
    server.faults.clear()

    async with mailing(sqlite_database, server.address):
        await until_all(sqlite_database)

    assert len({taken.id for taken in server.taken}) == 2


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
