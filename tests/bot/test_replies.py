"""An answer finds its way, whatever goes wrong; a log keeps what was said to itself."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import create_bot
from bot.doors.invocation import Invocation
from bot.messages.notes import note
from bot.replies import Reply, send
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.database import Database
from scheduling.links.issue import issue_link
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring, Purpose
from tests.bot.conftest import URL, Office, in_words, unreadable_calendars
from tests.given import KEYRING, NOW, SALES, SAM, given_calendar, given_link, given_workspace


def from_sam(slack: PracticeSlack) -> Invocation:
    return Invocation(
        user_id=SAM,
        team_ids=frozenset({"T0PRACTICE"}),
        channel_id=SALES,
        request_key="1.2.3",
        response_url=slack._response_url(SAM, SALES, None),
    )


HELLO = Reply(note("Hello."))


async def test_an_unexpected_error_shows_a_reference_and_the_log_has_the_trace_under_it(
    office: Office, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await given_calendar(office.database)
    with unreadable_calendars(sqlite_url):
        said = await office.types(SAM, "/otl issue demo")

    (logged,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    reference = logged.getMessage().rpartition(" ")[2]
    assert f"`{reference}`" in in_words(said)
    assert "You typed `/otl issue demo`" in in_words(said)
    assert "nonsense" not in in_words(said)
    assert "LookupError" in caplog.text


async def test_a_refusal_is_no_error_of_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    said = await office.types(SAM, "/otl copy L-7K2QXA")

    assert "I don't know a link `L-7K2QXA`." in in_words(said)
    assert caplog.records == []


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HTTP_500, Fault.HTTP_503])
async def test_an_answer_survives_one_broken_connection(
    slack: PracticeSlack, client: AsyncWebClient, fault: Fault
) -> None:
    slack.fault("response_url", fault)

    await send(HELLO, from_sam(slack), client)

    assert in_words(slack.ephemerals(SAM)[0]) == "Hello."


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HTTP_500])
async def test_an_answer_that_cannot_be_sent_is_logged_without_its_address(
    slack: PracticeSlack,
    client: AsyncWebClient,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
) -> None:
    slack.fault("response_url", fault, times=None)
    invocation = from_sam(slack)

    await send(HELLO, invocation, client)

    assert "an answer did not reach Slack" in caplog.text
    assert invocation.response_url not in caplog.text
    assert slack.ephemerals(SAM) == []


async def test_an_answer_without_an_address_is_given_up(
    slack: PracticeSlack, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    invocation = Invocation(SAM, frozenset({"T0PRACTICE"}), SALES, "1", response_url="")

    await send(HELLO, invocation, client)

    assert "nowhere to answer to" in caplog.text


async def test_no_log_holds_an_address_a_token_or_a_name_not_even_at_debug(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await given_calendar(office.database)
    office.slack.fault("users.info", "internal_error")

    card = await office.types(SAM, "/otl issue onboarding for Margarethe margarethe@example.com")
    await office.types(SAM, "/otl copy nonsense-by-margarethe")
    await office.bot.close()

    (token,) = URL.findall(card.text)
    ours = "\n".join(
        f"{one.getMessage()} {one.exc_text or ''}"
        for one in caplog.records
        if not one.name.startswith(("aiosqlite", "asyncio"))
    )
    for secret in (token, "xoxb-practice", "argarethe", "/response/"):
        assert secret not in ours


async def test_an_address_whose_key_is_gone_is_told_so(office: Office) -> None:
    await given_calendar(office.database)
    lost = Keyring.parse("2:another-secret-key-that-was-thrown-away")
    link = await office.database.write(
        issue_link,
        workspace_id=1,
        calendar="onboarding-call",
        contact=None,
        issued_by=SAM,
        channel_id=SALES,
        deadline=None,
        request_key="1.2.3",
        secret=lost.new_secret(Purpose.LINK, token_bytes(16)),
        now=NOW,
    )

    said = await office.types(SAM, f"/otl copy {link.public_id}")

    assert f"The address of `{link.public_id}` is lost" in in_words(said)
    assert f"/otl regenerate {link.public_id}" in in_words(said)


@asynccontextmanager
async def slow_answers(slack: PracticeSlack) -> AsyncIterator[None]:
    slack.fault("response_url", Fault.DELAY, times=None, seconds=0.3)
    yield
    slack.faults.clear()


async def test_closing_waits_for_answers_that_have_begun(office: Office) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    async with slow_answers(office.slack):
        await asyncio.gather(*(office.slack.command(SAM, SALES, "/otl status") for _ in range(3)))

        await office.bot.close()

        assert len(office.slack.ephemerals(SAM)) == 3


async def test_bolt_s_own_environment_variables_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
    slack: PracticeSlack,
    client: AsyncWebClient,
    sqlite_database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN"):
        monkeypatch.setenv(name, "of-another-app")
    workspace = await given_workspace(sqlite_database)
    bot = create_bot(
        database=sqlite_database,
        workspace=workspace,
        keyring=KEYRING,
        urls=PublicUrls("https://book.example.com"),
        client=client,
    )
    invocation = from_sam(slack)
    payload = {
        "command": "/otl",
        "text": "help",
        "user_id": SAM,
        "team_id": workspace.team_id,
        "channel_id": SALES,
        "response_url": invocation.response_url,
        "trigger_id": "1.2.3",
    }

    heard = await bot.accept(payload, {})

    await bot.close()
    assert heard.status == 200
    assert "/otl calendars" in in_words(slack.ephemerals(SAM)[0])
    assert caplog.records == []
