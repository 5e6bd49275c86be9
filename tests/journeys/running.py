"""The whole program in this process on free ports, with the practice workspace."""

import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doors.http import PATH
from otl.mail_settings import MailSettings
from otl.practice import Message, PracticeSlack, running_practice
from otl.practice.demo_data import CALENDARS_FILE, SALES
from otl.practice.page import create_page
from otl.program import running
from otl.settings import Settings
from scheduling.database import Database, open_database
from scheduling.database.models import OneTimeLink
from scheduling.database.opening import is_sqlite, postgresql_dsn
from scheduling.database.postgresql import PostgresqlDatabase

LOOPBACK: Final = "127.0.0.1"
SIGNING_SECRET: Final = "the-signing-secret-of-the-journeys"
BOT_TOKEN: Final = "xoxb-journeys-4711"
APP_TOKEN: Final = "xapp-journeys-4712"
SECRET_KEY: Final = "the-secret-key-of-the-journeys-is-long-enough"
OUR_CALENDARS: Final = Path(__file__).with_name("calendars.toml")
"""Long opening hours, so that there are some hundred times to choose from."""

STUCK_SECONDS: Final = 60.0
_URL: Final = re.compile(r"https?://[^\s<>|]+/otl/([a-z0-9]+)")
_PUBLIC_ID: Final = re.compile(r"L-[A-Z0-9]{6}")


@dataclass(frozen=True, slots=True)
class Issued:
    """A link as its issuer got it."""

    public_id: str
    url: str
    token: str
    message: Message


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database holds of a link."""

    is_used: bool
    is_deleted: bool
    replacements: tuple[str, ...]


@dataclass(slots=True)
class RunningProgram:
    """The program and the workspace that it works in.

    Attributes:
        base: where the site and the practice page are.
    """

    base: str
    slack: PracticeSlack
    database: Database
    client: AsyncWebClient

    @property
    def practice_page(self) -> str:
        return f"{self.base}/practice"

    @property
    def door(self) -> str:
        """The address that Slack posts to."""
        return f"{self.base}{PATH}"

    async def types(self, user: str, line: str, *, channel: str = SALES) -> Message:
        """Type a command and return what this person alone reads."""
        before = len(self.slack.ephemerals(user))
        answer = await self.slack.command(user, channel, line)
        assert answer.ok, answer
        return await self.next_whisper(user, before)

    async def presses(self, user: str, message: Message, action_id: str) -> Message:
        """Press a button whose answer is a message of its own, and return that."""
        before = len(self.slack.ephemerals(user))
        answer = await self.slack.press(user, message, action_id)
        assert answer.ok, answer
        return await self.next_whisper(user, before)

    async def next_whisper(self, user: str, before: int) -> Message:
        whispers = await self.slack.until(
            lambda: self.slack.ephemerals(user)[before:], seconds=STUCK_SECONDS
        )
        found: Message = whispers[0]
        return found

    async def issues(self, user: str, words: str, *, channel: str = SALES) -> Issued:
        """Type `/otl issue …` and return the link."""
        return read_issued(await self.types(user, f"/otl issue {words}", channel=channel))

    async def channel_reads(self, words: str, *, channel: str = SALES) -> Message:
        """Wait for a message that everybody in the channel sees."""

        def found() -> Message | None:
            said = self.slack.messages(channel)
            return next((message for message in said if words in message.text), None)

        message: Message = await self.slack.until(found, seconds=STUCK_SECONDS)
        return message

    async def facts(self, public_id: str) -> Facts:
        """Return what became of a link, from the rows themselves."""
        return await self.database.read(_facts, public_id=public_id)

    async def count(self, table: type[Any]) -> int:
        """Return how many rows a table has."""
        return await self.database.read(_count, table=table)


def read_issued(message: Message) -> Issued:
    """Read a link out of the card that shows it."""
    url, public_id = _URL.search(message.text), _PUBLIC_ID.search(message.text)
    assert url is not None, message.text
    assert public_id is not None, message.text
    return Issued(public_id[0], url[0], url[1], message)


def public_id_in(message: Message) -> str:
    """Return the public id that a message speaks of first."""
    found = _PUBLIC_ID.search(message.text)
    assert found is not None, message.text
    return found[0]


@asynccontextmanager
async def running_program(
    database_url: str,
    *,
    calendars: Path = CALENDARS_FILE,
    by_socket: bool = False,
    quarantine: timedelta = timedelta(seconds=0.2),
    port: int = 0,
    mail: MailSettings | None = None,
) -> AsyncIterator[RunningProgram]:
    """Run everything over a migrated database.

    Args:
        by_socket: Slack comes over Socket Mode; else by signed HTTP requests.
        port: of the site and the practice page; 0 takes a free one.
        mail: where it goes; None: there is no mail.
    """
    async with AsyncExitStack() as stack:
        slack = PracticeSlack(
            signing_secret=SIGNING_SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            history_lag=0.0,
        )
        slack.courier.seconds = STUCK_SECONDS  # tests share their processors with others
        await stack.enter_async_context(running_practice(slack))
        port = stack.enter_context(_reserved(port))
        base = f"http://localhost:{port}"
        settings = _settings(database_url, base, slack, by_socket=by_socket)
        settings = replace(settings, port=port, quarantine=quarantine, mail=mail)
        database = _open(database_url)
        stack.push_async_callback(database.close)
        opened = await stack.enter_async_context(
            running(
                settings,
                calendars=calendars,
                pages={"/practice": create_page(slack)},
                database=database,
            )
        )
        assert opened.client is not None
        if by_socket:
            await slack.until(lambda: slack.sockets.count)
        else:
            slack.connect_http(f"http://{LOOPBACK}:{port}{PATH}")
        yield RunningProgram(base, slack, database, opened.client)


def _open(database_url: str) -> Database:
    if is_sqlite(database_url):
        return open_database(database_url)
    # A crowd waits its turn for ten connections: how long is the machine's affair here.
    return PostgresqlDatabase(postgresql_dsn(database_url), patience_seconds=STUCK_SECONDS)


def _settings(database_url: str, base: str, slack: PracticeSlack, *, by_socket: bool) -> Settings:
    environment = {
        "OTL_DATABASE_URL": database_url,
        "OTL_PUBLIC_URL": base,
        "OTL_SECRET_KEY": SECRET_KEY,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": slack.api_url,
    }
    if by_socket:
        environment["SLACK_APP_TOKEN"] = APP_TOKEN
    else:
        environment["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
    return Settings.from_environment(environment)


@contextmanager
def _reserved(port: int) -> Iterator[int]:
    """Hold a port while the addresses that name it are made; whoever listens then may share it."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((LOOPBACK, port))
        yield int(holder.getsockname()[1])


def _facts(session: Session, *, public_id: str) -> Facts:
    link = session.scalars(select(OneTimeLink).where(OneTimeLink.public_id == public_id)).one()
    successors = select(OneTimeLink.public_id).where(OneTimeLink.replaces_id == link.id)
    return Facts(
        is_used=link.used_at is not None,
        is_deleted=link.deleted_at is not None,
        replacements=tuple(session.scalars(successors)),
    )


def _count(session: Session, *, table: type[Any]) -> int:
    return len(session.scalars(select(table.id)).all())
