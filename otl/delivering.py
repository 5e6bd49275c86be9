"""Who delivers in this process: a worker for Slack, and one for mail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from booking_web.mail.deliverer import MailDeliverer
from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient
from otl.mail_settings import MailSettings
from otl.worker import Timing, Worker
from scheduling.database import Database
from scheduling.events.destinations import MAIL, SLACK
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring
from scheduling.workspaces import Workspace, set_mail_sender

MAILS_AT_ONCE: Final = 3
"""So many connections every mail server allows."""


@asynccontextmanager
async def running_worker(
    database: Database, client: SlackClient, workspace: Workspace, timing: Timing
) -> AsyncIterator[None]:
    """Deliver what events must tell; leaving waits for what is in flight."""
    seconds = timing.between.total_seconds()
    deliverers = {SLACK: Notifier(database=database, client=client, seconds_between=seconds)}
    worker = Worker(database, deliverers, workspace_id=workspace.id, timing=timing)
    async with _running(worker):
        yield


@asynccontextmanager
async def running_mail(
    mail: MailSettings | None,
    *,
    database: Database,
    keyring: Keyring,
    urls: PublicUrls,
    workspace: Workspace,
    timing: Timing,
) -> AsyncIterator[None]:
    """Deliver what is told by mail, and have all roles know whether there is mail.

    A worker of its own, so that a slow mail server holds nothing up that goes to Slack. Without
    mail what was queued while there was some waits.
    """
    address = None if mail is None else mail.sender.email
    await database.write(set_mail_sender, workspace_id=workspace.id, address=address)
    if mail is None:
        yield
        return
    deliverer = MailDeliverer(
        database=database,
        server=mail.server,
        sender=mail.sender,
        urls=urls,
        keyring=keyring,
    )
    worker = Worker(
        database,
        {MAIL: deliverer},
        workspace_id=workspace.id,
        timing=replace(timing, at_once=MAILS_AT_ONCE),
    )
    async with _running(worker):
        yield


@asynccontextmanager
async def _running(worker: Worker) -> AsyncIterator[None]:
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await running
