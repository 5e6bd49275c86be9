"""What a served OTL is given, and what it is asked."""

import re
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from otl.practice import PracticeSlack
from scheduling.database import Database, open_database, open_for_reading
from tests.given import SALES, SAM, SECRET_KEY, GivenLink
from tests.otl.due import (
    SIDE_CHANNELS,
    STUCK_SECONDS,
    given_due_link,
)

POST: Final = "chat.postMessage"
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


async def fetched(url: str) -> tuple[int, str]:
    """GET an address: status and text."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()
