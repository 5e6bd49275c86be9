"""`make run`: everything at once, with the practice workspace in Slack's place."""

import asyncio
import secrets
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Final

import click
from aiohttp import web

from booking_web.app import add_site_routes
from bot.doors.http import PATH
from bot.slack_client import open_slack_client
from otl.listening import listening, run_until_stopped
from otl.practice.app import running_practice
from otl.practice.demo_data import CALENDARS_FILE
from otl.practice.page import add_page_routes
from otl.practice.slack import PracticeSlack
from otl.process_lock import process_lock
from otl.program import House, load_file, running_bot, running_worker
from otl.settings import Settings
from otl.slack_workspace import identify_workspace
from scheduling.database import open_database
from scheduling.database.migrating import migrate
from scheduling.public_urls import PublicUrls

DATABASE: Final = "sqlite:///var/practice.sqlite3"
LOOPBACK: Final = "127.0.0.1"
QUARANTINE: Final = timedelta(seconds=5)  # the stand-in's history lags 2 s
GREETING: Final = """
  OTL is running, with a practice workspace in Slack's place.

    Open   {practice}
    Type   /otl issue onboarding for Acme

  Then open the link, book a time, and watch #sales. Stop with Ctrl+C.
"""


async def demo(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        AlreadyRunning: another OTL has the practice database open.
    """

    async def work() -> None:
        with process_lock(settings.database_url):
            await migrate(settings.database_url)
            async with AsyncExitStack() as stack:
                port = await _open(settings, stack)
                click.echo(GREETING.format(practice=f"http://localhost:{port}/practice"))
                await asyncio.Event().wait()

    await run_until_stopped(work())


async def _open(settings: Settings, stack: AsyncExitStack) -> int:
    signing_secret = secrets.token_hex(16)
    practice = PracticeSlack(signing_secret=signing_secret)
    base = f"http://localhost:{settings.port}"
    # The stand-in's Web API has a port of its own, as Slack has a host of its own.
    await stack.enter_async_context(running_practice(practice))
    practice.connect_http(f"http://{LOOPBACK}:{settings.port}{PATH}")
    settings = replace(
        settings,
        public_url=settings.public_url or base,
        slack_bot_token=practice.tokens.bot,
        slack_signing_secret=signing_secret,
        slack_app_token=None,
        slack_api_url=practice.api_url,
        quarantine=QUARANTINE,
    )
    database = open_database(settings.database_url)
    stack.push_async_callback(database.close)
    house = House(settings, database, PublicUrls(settings.public_url or base))
    slack = await stack.enter_async_context(
        open_slack_client(settings.slack_bot_token, base_url=settings.slack_api_url)
    )
    workspace = await identify_workspace(database, slack)
    await load_file(database, slack, workspace, CALENDARS_FILE)
    app = web.Application()
    add_site_routes(app, database=database, keyring=settings.keyring(), urls=house.urls)
    add_page_routes(app, practice)

    async def end_streams(_: web.Application) -> None:
        practice.closing.set()

    app.on_shutdown.append(end_streams)
    await stack.enter_async_context(running_worker(house, slack, workspace))
    await stack.enter_async_context(running_bot(house, slack, workspace, app))
    return await stack.enter_async_context(listening(app, LOOPBACK, settings.port))
