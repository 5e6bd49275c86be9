"""The program in one process or in several: bot, web and worker over one database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from booking_web.access_log import log_access
from booking_web.app import create_site
from bot.app import create_bot
from bot.doors.http import add_slack_door
from bot.slack_client import SlackClient, open_slack_client
from otl.calendar_file import read_calendar_file
from otl.connections import raise_limit_of_files
from otl.delivering import running_mail, running_worker
from otl.erasing import Erasing
from otl.health import PATHS as HEALTH
from otl.health import create_health
from otl.keys import open_keyring
from otl.listening import listening, run_until_stopped
from otl.mounting import EVERYWHERE, create_root, mount
from otl.presence import Presence
from otl.process_lock import process_lock
from otl.retention import Retention
from otl.settings import Settings, SettingsError
from otl.slack_workspace import check_app_token, identify_workspace, people_of
from otl.worker import Timing
from scheduling.calendars.change import Loaded, load_calendars
from scheduling.calendars.hosts import NOT_SAID
from scheduling.calendars.leaving import note_presence
from scheduling.database import Database, open_database
from scheduling.database.migrating import migrate
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring
from scheduling.workspaces import Workspace

log = logging.getLogger(__name__)


class Role(StrEnum):
    """What a process does."""

    BOT = "bot"
    WEB = "web"
    WORKER = "worker"


ALL_ROLES: Final = frozenset(Role)
SLACK_ROLES: Final = frozenset({Role.BOT, Role.WORKER})
CONNECT_SECONDS: Final = 3.0
"""Longer the site does not wait for Slack's socket; it is opened when Slack is back."""

NO_PAGES: Final[Mapping[str, web.Application]] = MappingProxyType({})
SLACK_DOOR: Final = "/slack"
"""Slack's HTTP door has this path and all below it."""


@dataclass(frozen=True, slots=True)
class Program:
    """What has been opened.

    Attributes:
        client: the bot's client; None where no role needs Slack.
        port: where it listens, also if the settings let the system choose.
    """

    settings: Settings
    database: Database
    client: SlackClient | None
    port: int


def require_settings(settings: Settings, roles: frozenset[Role]) -> None:
    """Refuse to start with less than the roles need.

    Raises:
        SettingsError: says for each setting that is missing what it is and where to get it.
    """
    missing = []
    if settings.public_url is None:
        missing.append(
            "OTL_PUBLIC_URL is missing: the address under which contacts reach the booking page, "
            "like https://book.example.com."
        )
    if roles & SLACK_ROLES and settings.slack_bot_token is None:
        missing.append(
            "SLACK_BOT_TOKEN is missing: the bot token (xoxb-…) from your Slack app's page, "
            "OAuth & Permissions."
        )
    if Role.BOT in roles and not (settings.slack_app_token or settings.slack_signing_secret):
        missing.append(
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing: the app-level token (xapp-…) for "
            "Socket Mode, or the signing secret for HTTP; both on your Slack app's page, Basic "
            "Information."
        )
    if roles != ALL_ROLES and is_sqlite(settings.database_url):
        missing.append(
            "`--only` needs PostgreSQL: SQLite belongs to one process. Set OTL_DATABASE_URL to "
            "postgresql://…, or leave `--only` out."
        )
    if missing:
        raise SettingsError("\n".join([*missing, "To try OTL without Slack: otl demo"]))


async def serve(
    settings: Settings,
    roles: frozenset[Role],
    *,
    calendars: Path | None = None,
    timing: Timing | None = None,
) -> None:
    """Run until SIGTERM or SIGINT; then finish what was begun.

    Args:
        timing: of the worker; None: as patient as the settings say.

    Raises:
        SettingsError, AlreadyRunning, SecondWorkspace: it does not start; see there.
    """
    require_settings(settings, roles)
    if calendars is not None and not roles & SLACK_ROLES:
        raise SettingsError("`--calendars` needs Slack, for the hosts' names: not `--only web`.")
    settings.keyring()  # one that cannot be used is told before anything is made or changed

    async def work() -> None:
        raise_limit_of_files()
        async with running(settings, roles, calendars=calendars, timing=timing) as program:
            log.info("serving %s at %s:%s", ", ".join(sorted(roles)), settings.host, program.port)
            await asyncio.Event().wait()

    await run_until_stopped(work())


@asynccontextmanager
async def running(
    settings: Settings,
    roles: frozenset[Role] = ALL_ROLES,
    *,
    calendars: Path | None = None,
    timing: Timing | None = None,
    pages: Mapping[str, web.Application] = NO_PAGES,
    database: Database | None = None,
) -> AsyncIterator[Program]:
    """Open all that the roles need and yield it; leaving finishes what was begun.

    Args:
        calendars: a file that is loaded first.
        timing: of the worker; None: as patient as the settings say.
        pages: further applications, each by the path that it has for itself.
        database: one that is open and has the newest schema, which stays open; None: the settings'
            own, locked, migrated and closed again.

    Raises:
        SettingsError, AlreadyRunning, SecondWorkspace, CannotListen: see there.
    """
    urls = PublicUrls(settings.public_url or "")
    async with AsyncExitStack() as stack:
        if database is None:
            database = await stack.enter_async_context(_own_database(settings))
        keyring = await open_keyring(settings, database)
        root, client = create_root(is_https=urls.is_https), None
        mount(root, create_health(database), *HEALTH)
        for path, page in pages.items():
            mount(root, page, path)
        if roles & SLACK_ROLES:
            client = await stack.enter_async_context(
                open_slack_client(settings.slack_bot_token, base_url=settings.slack_api_url)
            )
            workspace = await identify_workspace(database, client)
            if calendars is not None:
                await load_file(database, client, workspace, calendars)
            if Role.WORKER in roles:
                patience = timing or Timing(quarantine=settings.quarantine)
                worker = running_worker(database, client, workspace, patience)
                await stack.enter_async_context(worker)
                postman = running_mail(
                    settings.mail,
                    database=database,
                    keyring=keyring,
                    urls=urls,
                    workspace=workspace,
                    timing=patience,
                )
                await stack.enter_async_context(postman)
                presence = Presence(database, client, workspace_id=workspace.id)
                stack.push_async_callback(_end, asyncio.create_task(presence.run()))
                retention = asyncio.create_task(Retention(database, settings.retention).run())
                stack.push_async_callback(_end, retention)
                if is_sqlite(settings.database_url):
                    file = sqlite_path(settings.database_url)
                    erasing = asyncio.create_task(Erasing(database, file).run())
                    stack.push_async_callback(_end, erasing)
            if Role.BOT in roles:
                hearing = _hearing_slack(settings, database, client, workspace, keyring)
                door = await stack.enter_async_context(hearing)
                if door is not None:
                    mount(root, door, SLACK_DOOR)
        if Role.WEB in roles:
            site = create_site(
                database=database,
                keyring=keyring,
                urls=urls,
                trusted_proxies=settings.trusted_proxies,
            )
            mount(root, site, EVERYWHERE)
        port = await stack.enter_async_context(listening(root, settings.host, settings.port))
        yield Program(settings, database, client, port)


@asynccontextmanager
async def _own_database(settings: Settings) -> AsyncIterator[Database]:
    with process_lock(settings.database_url):
        await migrate(settings.database_url)
        database = open_database(settings.database_url)
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def _hearing_slack(
    settings: Settings,
    database: Database,
    client: AsyncWebClient,
    workspace: Workspace,
    keyring: Keyring,
) -> AsyncIterator[web.Application | None]:
    """Hear Slack over its socket if there is an app token, else at the application that it yields.

    Raises:
        SettingsError: Slack refuses the app token.
    """
    bot = create_bot(
        database=database,
        workspace=workspace,
        keyring=keyring,
        urls=PublicUrls(settings.public_url or ""),
        client=client,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bot.close)
        door = None
        if settings.slack_app_token is not None:
            await check_app_token(client, settings.slack_app_token)
            connecting = asyncio.create_task(bot.connect_socket_mode(settings.slack_app_token))
            stack.push_async_callback(_end, connecting)
            await asyncio.wait({connecting}, timeout=CONNECT_SECONDS)
        elif settings.slack_signing_secret is not None:
            door = web.Application(middlewares=[log_access])
            add_slack_door(door, bot.accept, settings.slack_signing_secret)
        yield door


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def load_file(
    database: Database, slack: AsyncWebClient, workspace: Workspace, path: Path
) -> Loaded:
    """Load the calendars of a TOML file, the hosts' names from Slack.

    Raises:
        UnreadableFile, InvalidCalendar: nothing is changed.
    """
    calendars = read_calendar_file(path)
    people, now = await people_of(slack, calendars), datetime.now(UTC)
    loaded = await database.write(
        load_calendars,
        workspace_id=workspace.id,
        calendars=calendars,
        people=people,
        now=now,
    )
    for person in people.values():
        if person.name == NOT_SAID:
            continue
        await database.write(
            note_presence,
            workspace_id=workspace.id,
            user_id=person.slack_user_id,
            has_left=person.has_left,
            now=now,
        )
    return loaded
