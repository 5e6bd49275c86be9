"""The real bot at the stand-in's request URL: typed lines and presses travel as signed requests."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web
from freezegun import freeze_time

from bot.app import Bot, create_bot
from bot.doors.http import add_slack_door
from bot.listeners.events import EVENTS
from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient, open_slack_client
from otl.listening import listening
from otl.practice import PracticeSlack, running_practice
from otl.practice.blocks import find_element
from otl.practice.delivery import Answer
from otl.practice.messages import Message
from otl.practice.people import App, Channel, ChannelKind, Person
from scheduling.database import Database
from scheduling.links.report import StatusReport, link_report
from scheduling.public_urls import PublicUrls
from tests.given import ANA, KEYRING, KIM, NOW, SALES, SAM, given_workspace

SIGNING_SECRET = "the signing secret of the tests"
BASE = "https://book.example.com"
URL = re.compile(rf"{BASE}/otl/([a-z2-9]{{32}})")
GUS, EVE = "U0GUS", "U0EVE"
BOT = "U0PRACTBOT"
SECRETS, ELSEWHERE, OLD, PAIR = "G0SECRETS", "C0ELSEWHERE", "C0OLD", "D0PAIR"
PEOPLE = (
    Person(SAM, "sam", "Sam Rivera"),
    Person(ANA, "ana", "Ana Lopes"),
    Person(KIM, "kim", "Kim Park", is_admin=True),
    Person(GUS, "gus", "Gus Guest", is_restricted=True),
    Person(EVE, "eve", "Eve Elsewhere", is_stranger=True),
)
EVERYBODY = {person.id for person in PEOPLE}
CHANNELS = (
    Channel(SALES, "sales", members=EVERYBODY | {BOT}),
    Channel(ELSEWHERE, "elsewhere", members=set(EVERYBODY)),
    Channel(SECRETS, "secrets", ChannelKind.PRIVATE, {SAM, ANA}),
    Channel(OLD, "old", members=EVERYBODY | {BOT}, archived=True),
    Channel(PAIR, "directmessage", ChannelKind.DIRECT, {SAM, ANA}),
)


@dataclass(slots=True)
class Office:
    """A workspace with the bot in it, and what people do there."""

    slack: PracticeSlack
    bot: Bot
    client: SlackClient
    database: Database

    async def types(self, user: str, line: str, *, channel: str = SALES) -> Message:
        """Type a command and return what this person alone reads."""
        before = len(self.slack.ephemerals(user))
        answer = await self.slack.command(user, channel, line)
        assert answer.ok, answer
        return await self._next(user, before)

    async def presses(
        self, user: str, message: Message, action_id: str, *, block: int | None = None
    ) -> Message:
        """Press a button whose answer is a message of its own, and return that."""
        before = len(self.slack.ephemerals(user))
        await self.press_only(user, message, action_id, block=block)
        return await self._next(user, before)

    async def changes(self, user: str, message: Message, action_id: str) -> Message:
        """Press a button whose answer takes the message's place, and return that."""
        before = message.text
        await self.press_only(user, message, action_id)
        await self.slack.until(lambda: message.text != before)
        return message

    async def press_only(
        self, user: str, message: Message, action_id: str, *, block: int | None = None
    ) -> Answer:
        block_id = None if block is None else str(message.blocks[block]["block_id"])
        element = find_element(message.blocks, action_id, block_id=block_id)[1]
        given = element["options"][0]["value"] if element["type"] == "overflow" else None
        answer = await self.slack.press(user, message, action_id, block_id=block_id, given=given)
        assert answer.ok, answer
        return answer

    async def _next(self, user: str, before: int) -> Message:
        def come() -> list[Message]:
            return self.slack.ephemerals(user)[before:]

        found: list[Message] = await self.slack.until(come)
        return found[0]


@pytest.fixture
def clock() -> Iterator[Any]:
    """Have it be NOW, standing still; `clock.move_to` moves it."""
    with freeze_time(NOW, real_asyncio=True) as frozen:
        yield frozen


@pytest.fixture
async def slack() -> AsyncIterator[PracticeSlack]:
    slack = PracticeSlack(
        signing_secret=SIGNING_SECRET,
        app=App(events=frozenset(EVENTS)),
        people=PEOPLE,
        channels=[replace(channel, members=set(channel.members)) for channel in CHANNELS],
        history_lag=0.0,
    )
    async with running_practice(slack):
        yield slack


@pytest.fixture
async def client(slack: PracticeSlack) -> AsyncIterator[SlackClient]:
    async with open_slack_client("xoxb-practice", base_url=slack.api_url, seconds=30) as client:
        yield client


@pytest.fixture
def notifier(sqlite_database: Database, client: SlackClient) -> Notifier:
    """A deliverer that does not keep anybody waiting."""
    return Notifier(database=sqlite_database, client=client, seconds_between=0.0)


@pytest.fixture
async def bot(sqlite_database: Database, client: SlackClient, clock: Any) -> AsyncIterator[Bot]:
    bot = create_bot(
        database=sqlite_database,
        workspace=await given_workspace(sqlite_database),
        keyring=KEYRING,
        urls=PublicUrls(BASE),
        client=client,
    )
    yield bot
    await bot.close()


@pytest.fixture
async def door(bot: Bot) -> AsyncIterator[str]:
    """The address of the HTTP door."""
    app = web.Application()
    add_slack_door(app, bot.accept, SIGNING_SECRET)
    async with listening(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}/slack/events"


@pytest.fixture
async def office(
    slack: PracticeSlack,
    bot: Bot,
    door: str,
    client: SlackClient,
    sqlite_database: Database,
) -> Office:
    slack.connect_http(door)
    return Office(slack, bot, client, sqlite_database)


@contextmanager
def unreadable_calendars(sqlite_url: str) -> Iterator[None]:
    """Have something in the database that nobody expects: a calendar of no type that there is."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        (before,) = connection.execute("SELECT DISTINCT type FROM calendar").fetchone()
        connection.execute("UPDATE calendar SET type = 'nonsense'")
        connection.commit()
        yield
        connection.execute("UPDATE calendar SET type = ?", (before,))
        connection.commit()


def in_words(message: Message) -> str:
    """Return all that the blocks of a message say."""
    said: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("text"), str):
                said.append(part["text"])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(message.blocks)
    return "\n".join(said)


async def all_links(office: Office) -> StatusReport:
    return await office.database.read(
        link_report,
        workspace_id=1,
        calendar=None,
        public_id=None,
        user_id=None,
        only=None,
        now=NOW,
        limit=100,
    )
