"""`make run`: everything at once, with the practice workspace in Slack's place."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from bot.doors.http import PATH
from otl.connections import raise_limit_of_files
from otl.listening import run_until_stopped
from otl.mail_settings import read_mail_settings
from otl.practice.app import running_practice
from otl.practice.demo_data import CALENDARS_FILE
from otl.practice.mail import running_mail_server
from otl.practice.page import create_page
from otl.practice.slack import PracticeSlack
from otl.program import running
from otl.settings import Settings

LOG: Final = Path("var/practice.log")
DATABASE: Final = "sqlite:///var/practice.sqlite3"
LOOPBACK: Final = "127.0.0.1"
SENDER: Final = "Acme Meetings <meetings@practice.example>"
QUARANTINE: Final = timedelta(seconds=5)  # the stand-in's history lags 2 s
GREETING: Final = """
  OTL is running, with a practice workspace in Slack's place.

    Open   {practice}
    Type   /otl issue onboarding for Acme

  Then open the link, book a time, and watch #sales. Stop with Ctrl+C.
  What OTL logs goes to {log}.
"""


async def demo(settings: Settings, log: Path) -> None:
    """Run until SIGTERM or SIGINT.

    Args:
        log: the file that the program logs to, for the greeting.

    Raises:
        AlreadyRunning: another OTL has the practice database open.
    """

    signing_secret = secrets.token_hex(16)
    practice = PracticeSlack(signing_secret=signing_secret)

    async def work() -> None:
        raise_limit_of_files()
        # The stand-in's Web API has a port of its own, as Slack has a host of its own.
        async with (
            running_practice(practice),
            _with_mail(settings, practice) as with_mail,
            running(
                _with_practice(with_mail, practice, signing_secret),
                calendars=CALENDARS_FILE,
                pages={"/practice": create_page(practice)},
            ) as program,
        ):
            practice.connect_http(f"http://{LOOPBACK}:{program.port}{PATH}")
            click.echo(
                GREETING.format(practice=f"http://localhost:{program.port}/practice", log=log)
            )
            await asyncio.Event().wait()

    await run_until_stopped(work())


@asynccontextmanager
async def _with_mail(settings: Settings, practice: PracticeSlack) -> AsyncIterator[Settings]:
    """Have mail come to the practice workspace, unless the operator has set a server."""
    if settings.mail is not None:
        yield settings
        return
    practice.has_mail = True
    async with running_mail_server(practice.mailbox) as smtp_url:
        yield replace(settings, mail=read_mail_settings(smtp_url, SENDER, []))


def _with_practice(settings: Settings, practice: PracticeSlack, signing_secret: str) -> Settings:
    return replace(
        settings,
        public_url=settings.public_url or f"http://localhost:{settings.port}",
        host=LOOPBACK,
        slack_bot_token=practice.tokens.bot,
        slack_signing_secret=signing_secret,
        slack_app_token=None,
        slack_api_url=practice.api_url,
        quarantine=QUARANTINE,
    )
