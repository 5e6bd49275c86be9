"""The program in one process or in several: bot, web and worker over one database."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from booking_web.app import add_health_routes, add_site_routes
from bot.app import Bot, create_bot
from bot.doors.http import add_slack_door
from bot.notifications.notifier import Notifier
from bot.slack_client import open_slack_client
from otl.calendar_file import read_calendar_file
from otl.listening import listening, run_until_stopped
from otl.process_lock import process_lock
from otl.settings import Settings, SettingsError
from otl.slack_workspace import check_app_token, identify_workspace, people_of, token_is_taken
from otl.worker import OutboxLoop, Timing
from scheduling.calendars.change import Loaded, load_calendars
from scheduling.database import Database, open_database
from scheduling.database.migrating import migrate
from scheduling.database.opening import is_sqlite
from scheduling.events.deliveries import Kind
from scheduling.public_urls import PublicUrls
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


@dataclass(frozen=True, slots=True)
class House:
    """What the roles of one process share."""

    settings: Settings
    database: Database
    urls: PublicUrls


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
        timing: of the outbox; None: as patient as the settings say.

    Raises:
        SettingsError, AlreadyRunning, SecondWorkspace: it does not start; see there.
    """
    require_settings(settings, roles)
    if calendars is not None and not roles & SLACK_ROLES:
        raise SettingsError("`--calendars` needs Slack, for the hosts' names: not `--only web`.")
    settings.keyring()

    async def work() -> None:
        with process_lock(settings.database_url):
            await migrate(settings.database_url)
            async with AsyncExitStack() as stack:
                await _open(settings, roles, calendars, timing, stack)
                await asyncio.Event().wait()

    await run_until_stopped(work())


async def _open(
    settings: Settings,
    roles: frozenset[Role],
    calendars: Path | None,
    timing: Timing | None,
    stack: AsyncExitStack,
) -> None:
    database = open_database(settings.database_url)
    stack.push_async_callback(database.close)
    house = House(settings, database, PublicUrls(settings.public_url or ""))
    app = web.Application()
    if Role.WEB in roles:
        add_site_routes(
            app,
            database=database,
            keyring=settings.keyring(),
            urls=house.urls,
            trusted_proxies=settings.trusted_proxies,
        )
    else:
        add_health_routes(app, database=database)
    if roles & SLACK_ROLES:
        slack = await stack.enter_async_context(
            open_slack_client(settings.slack_bot_token, base_url=settings.slack_api_url)
        )
        workspace = await identify_workspace(database, slack)
        if calendars is not None:
            await load_file(database, slack, workspace, calendars)
        if Role.WORKER in roles:
            await stack.enter_async_context(running_worker(house, slack, workspace, timing=timing))
        if Role.BOT in roles:
            await stack.enter_async_context(running_bot(house, slack, workspace, app))
    where = ""
    if roles & {Role.BOT, Role.WEB}:
        port = await stack.enter_async_context(listening(app, settings.host, settings.port))
        where = f" at {settings.host}:{port}"
    log.info("serving %s%s", ", ".join(sorted(roles)), where)


@asynccontextmanager
async def running_worker(
    house: House,
    slack: AsyncWebClient,
    workspace: Workspace,
    *,
    timing: Timing | None = None,
) -> AsyncIterator[None]:
    """Deliver the outbox; leaving waits for what is in flight."""
    notifier = Notifier(database=house.database, client=slack)
    loop = OutboxLoop(
        house.database,
        {Kind.LINK_USED: notifier.deliver, Kind.LINK_REGENERATED: notifier.deliver},
        workspace_id=workspace.id,
        slack_answers=lambda: token_is_taken(slack),
        timing=timing or Timing(quarantine=house.settings.quarantine),
    )
    running = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        loop.stop()
        await running


@asynccontextmanager
async def running_bot(
    house: House, slack: AsyncWebClient, workspace: Workspace, app: web.Application
) -> AsyncIterator[Bot]:
    """Hear Slack, over its socket if there is an app token, else at /slack/events of `app`.

    Raises:
        SettingsError: Slack refuses the app token.
    """
    settings = house.settings
    bot = create_bot(
        database=house.database,
        workspace=workspace,
        keyring=settings.keyring(),
        urls=house.urls,
        client=slack,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bot.close)
        if settings.slack_app_token is not None:
            await check_app_token(slack, settings.slack_app_token)
            connecting = asyncio.create_task(bot.connect_socket_mode(settings.slack_app_token))
            stack.push_async_callback(_end, connecting)
            await asyncio.wait({connecting}, timeout=CONNECT_SECONDS)
        elif settings.slack_signing_secret is not None:
            add_slack_door(app, bot.accept, settings.slack_signing_secret)
        yield bot


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
    return await database.write(
        load_calendars,
        workspace_id=workspace.id,
        calendars=calendars,
        people=await people_of(slack, calendars),
        now=datetime.now(UTC),
    )
