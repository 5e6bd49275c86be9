"""The same bot over Slack's WebSocket: no public address, the same answers."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Bot
from otl.practice import PracticeSlack
from otl.practice.delivery import Delivery, Kind
from scheduling.database import Database
from scheduling.links.status import LinkStatus
from tests.bot.conftest import URL, Office, all_links, in_words
from tests.given import SALES, SAM, given_calendar


@pytest.fixture
async def office(
    slack: PracticeSlack, bot: Bot, client: AsyncWebClient, sqlite_database: Database
) -> Office:
    """The bot behind Socket Mode's door; `bot` closes it."""
    await bot.connect_socket_mode("xapp-practice")
    return Office(slack, bot, client, sqlite_database)


async def test_a_rep_issues_and_deletes_a_link(office: Office) -> None:
    await given_calendar(office.database)

    card = await office.types(SAM, "/otl issue onboarding for my payload")
    issued = URL.findall(card.text)
    changed = await office.changes(SAM, card, "delete_link")

    assert issued
    assert in_words(changed).startswith("*Deleted: `L-")
    assert (await all_links(office)).counts == {LinkStatus.DELETED: 1}


async def test_an_envelope_that_comes_twice_has_one_effect(office: Office) -> None:
    await given_calendar(office.database)
    await office.types(SAM, "/otl issue onboarding")

    await office.slack.repeat(office.slack.courier.sent[-1])

    await office.slack.until(lambda: len(office.slack.ephemerals(SAM)) == 2)
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        pytest.param(Kind.COMMAND, {"command": "/otl"}, id="a-command-by-nobody"),
        pytest.param(Kind.INTERACTION, {"type": "block_actions"}, id="a-press-of-nothing"),
        pytest.param(Kind.EVENT, {"type": "event_callback"}, id="an-event-of-nothing"),
        pytest.param(
            Kind.EVENT,
            {"type": "event_callback", "event_id": "Ev1", "event": {"type": "of_next_year"}},
            id="an-event-nobody-asked-for",
        ),
    ],
)
async def test_what_says_nothing_is_acknowledged_so_that_it_does_not_come_again(
    office: Office, kind: Kind, payload: dict[str, Any]
) -> None:
    answer = await office.slack.repeat(Delivery(kind, payload))

    assert answer.ok


async def test_closing_ends_the_connection_and_loses_no_answer(office: Office) -> None:
    await given_calendar(office.database)
    await office.slack.command(SAM, SALES, "/otl status")

    await office.bot.close()

    assert len(office.slack.ephemerals(SAM)) == 1
    await office.slack.until(lambda: office.slack.sockets.count == 0)
