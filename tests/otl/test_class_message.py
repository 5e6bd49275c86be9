"""The host of a class has one message for each meeting: whoever books next appears in it."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.database.models import DeliveryRow
from tests.given import ANA, SAM, a_booker, given_calendar, given_link, when_booked
from tests.otl.due import start
from tests.otl.working import POST, delivering
from tests.stored import half_done, rows

EDIT = "chat.update"
SOON_LOOKED = 0.05
SETTLED_SECONDS = 1.0


async def given_class(database: Database, **settings: Any) -> None:
    now = datetime.now(UTC)
    named: dict[str, Any] = {"type": CalendarType.CLASS, "seats": 40} | settings
    await given_calendar(database, slug="yoga", now=now, **named)


async def books(database: Database, number: int, *, issued_by: str = SAM) -> None:
    now = datetime.now(UTC)
    link = await given_link(database, calendar="yoga", issued_by=issued_by, now=now)
    booker = a_booker(f"Contact {number:02}", f"contact{number:02}@example.com")
    await when_booked(database, link, start=start(0), booker=booker, now=now)


def calls_to(slack: PracticeSlack, method: str, place: str) -> list[Any]:
    return [one for one in slack.calls if one.method == method and one.fields["channel"] == place]


def a_minute_later(session: Session) -> None:
    """Let the pause between two edits be over."""
    session.execute(update(DeliveryRow).values(not_before=DeliveryRow.created_at))


async def until_all_is_shown(database: Database) -> None:
    while await database.read(rows, "SELECT 1 FROM delivery WHERE closed_at IS NULL"):
        await database.write(a_minute_later)
        await asyncio.sleep(SOON_LOOKED)


async def test_thirty_bookings_at_once_are_one_message_and_few_edits(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_class(database)

    async with delivering(database, client):
        await asyncio.gather(*(books(database, number) for number in range(30)))
        await slack.until(lambda: slack.messages(SAM))
        await asyncio.sleep(SETTLED_SECONDS)
        within_the_minute = len(calls_to(slack, EDIT, place(slack)))
        async with asyncio.timeout(30):
            await until_all_is_shown(database)

    (message,) = slack.messages(SAM)
    said = json.dumps(message.blocks)
    assert len(calls_to(slack, POST, place(slack))) == 1
    assert within_the_minute <= 1
    assert len(calls_to(slack, EDIT, place(slack))) <= 2
    assert [n for n in range(30) if f"contact{n:02}@example.com" not in said] == []
    assert "and 29 others booked Yoga" in message.text
    assert "10 seats left" in message.text
    assert await database.read(half_done) == {}


def place(slack: PracticeSlack) -> str:
    return slack.direct(SAM).id


async def test_whoever_books_next_appears_at_once_and_the_one_after_a_minute_later(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_class(database)

    async with delivering(database, client):
        await books(database, 1)
        await slack.until(lambda: slack.messages(SAM))
        await books(database, 2)
        await slack.until(lambda: "Contact 02" in slack.messages(SAM)[0].text)
        await books(database, 3)
        await asyncio.sleep(0.5)
        before = slack.messages(SAM)[0].text
        await database.write(a_minute_later)
        await slack.until(lambda: "Contact 03" in slack.messages(SAM)[0].text)

    assert "Contact 03" not in before
    assert len(slack.messages(SAM)) == 1


async def test_another_meeting_of_the_class_is_another_message(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_class(sqlite_database)

    async with delivering(sqlite_database, client):
        await books(sqlite_database, 1)
        now = datetime.now(UTC)
        link = await given_link(sqlite_database, calendar="yoga", now=now)
        await when_booked(sqlite_database, link, start=start(1), now=now)
        await slack.until(lambda: len(slack.messages(SAM)) == 2)


async def test_who_issued_the_links_of_a_class_is_told_of_each_booking(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_class(sqlite_database)

    async with delivering(sqlite_database, client):
        for number in range(2):
            await books(sqlite_database, number, issued_by=ANA)
        await slack.until(lambda: len(slack.messages(ANA)) == 2)
        async with asyncio.timeout(30):
            await until_all_is_shown(sqlite_database)

    assert len(slack.messages(SAM)) == 1
