"""The script `otl`, and the stand-in in Slack's place, quick to forget and quick to answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import open_slack_client
from otl.command_line import main
from otl.practice import PracticeSlack, running_practice
from otl.practice.people import Channel, Person
from tests.given import ANA, KIM, SALES, SAM
from tests.otl.commands import CALENDARS, SETTINGS, Run
from tests.otl.due import SIDE_CHANNELS

BOT = "U0PRACTBOT"
HISTORY_LAG_SECONDS = 0.1
HASTY_SECONDS = 0.4
PEOPLE = (
    Person(SAM, "sam", "Sam Rivera", "sam@example.com"),
    Person(ANA, "ana", "Ana Lopes", "ana@example.com"),
    Person(KIM, "kim", "Kim Park", "kim@example.com", is_admin=True),
)
EVERYBODY = {SAM, ANA, KIM, BOT}


@pytest.fixture
async def slack() -> AsyncIterator[PracticeSlack]:
    channels = [Channel(SALES, "sales", members=set(EVERYBODY))]
    channels += [Channel(id_, id_.lower(), members=set(EVERYBODY)) for id_ in SIDE_CHANNELS]
    slack = PracticeSlack(people=PEOPLE, channels=channels, history_lag=HISTORY_LAG_SECONDS)
    async with running_practice(slack):
        yield slack


@pytest.fixture
async def client(slack: PracticeSlack) -> AsyncIterator[AsyncWebClient]:
    """The bot's client, as patient as in earnest: a slow machine is no fault of Slack's."""
    async with open_slack_client(slack.tokens.bot, base_url=slack.api_url) as client:
        yield client


@pytest.fixture
async def hasty_client(slack: PracticeSlack) -> AsyncIterator[AsyncWebClient]:
    """The same where Slack does not answer at all."""
    async with open_slack_client(
        slack.tokens.bot, base_url=slack.api_url, seconds=HASTY_SECONDS
    ) as client:
        yield client


@pytest.fixture
def _our_logging() -> Iterator[None]:
    """The program sets logging up for its process; here that is pytest's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def otl(_our_logging: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with these settings alone, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    async def run(*words: str, **settings: str) -> Result:
        environment = dict.fromkeys(SETTINGS) | settings
        # In a thread: the command brings an event loop of its own.
        return await asyncio.to_thread(CliRunner().invoke, main, words, env=environment)

    return run


@pytest.fixture
def calendars(tmp_path: Path) -> str:
    """The path of a file with one calendar."""
    path = tmp_path / "calendars.toml"
    path.write_text(CALENDARS)
    return str(path)
