"""The mail's worker with a real mail server, bookings that it tells of, and what came of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import SmtpServer
from bot.slack_client import SlackClient
from otl.delivering import running_mail, running_worker
from otl.mail_settings import MailSettings
from otl.worker import Timing
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from scheduling.workspaces import Workspace
from tests.fakes.mail_server import MailServer
from tests.given import (
    KEYRING,
    SALES,
    TEAM,
    a_booker,
    given_link,
    when_booked,
)
from tests.otl.due import STUCK_SECONDS, start
from tests.otl.working import TIMING
from tests.stored import rows

FROM = Mailbox("Acme Meetings", "meetings@acme.com")
JANE = "jane@example.com"
SAM_S = "sam@example.com"
TO_BOTH = {JANE: 1, SAM_S: 1}
PATIENT = replace(TIMING, request=timedelta(seconds=30))


@asynccontextmanager
async def mailing(
    database: Database,
    server: SmtpServer | None,
    *,
    slack: SlackClient | None = None,
    timing: Timing = PATIENT,
) -> AsyncIterator[None]:
    """Run the mail's worker, and Slack's beside it if its client is given."""
    workspace = Workspace(1, TEAM, "Practice")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            running_mail(
                None if server is None else MailSettings(server, FROM),
                database=database,
                keyring=KEYRING,
                urls=PublicUrls("https://book.example.com"),
                workspace=workspace,
                timing=timing,
            )
        )
        if slack is not None:
            await stack.enter_async_context(running_worker(database, slack, workspace, timing))
        yield


async def booked(
    database: Database, number: int = 0, *, email: str = JANE, channel_id: str = SALES
) -> int:
    """Book a meeting of Sam's, next week by the real clock; return the booking's id."""
    now = datetime.now(UTC)
    link = await given_link(database, channel_id=channel_id, now=now)
    booker = a_booker(email=email)
    made = await when_booked(database, link, start=start(number), booker=booker, now=now)
    return made.booking_id


async def deliveries(database: Database) -> Sequence[tuple[Any, ...]]:
    return await database.read(
        rows,
        "SELECT recipient, state, reason FROM delivery WHERE destination = 'mail' ORDER BY id",
    )


async def until(database: Database, is_so: Callable[[Sequence[tuple[Any, ...]]], bool]) -> None:
    found: Sequence[tuple[Any, ...]] = ()
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            while not is_so(found := await deliveries(database)):  # noqa: ASYNC110  # others write
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"it did not come to that: {found}") from None


async def until_all(database: Database, state: str = "done", number: int = 2) -> None:
    await until(
        database,
        lambda found: [row[1] for row in found] == [state] * number,
    )


def received(server: MailServer) -> Counter[str]:
    return Counter(taken.recipient for taken in server.taken)
