"""Asks Slack once a day whether the hosts are still there: an event may come while OTL is down."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import SLACK_TROUBLE, error_code, is_refusal
from scheduling.calendars.hosts import every_host
from scheduling.calendars.leaving import note_presence
from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable

FIRST: Final = timedelta(minutes=1)
BETWEEN_ROUNDS: Final = timedelta(days=1)
BETWEEN_QUESTIONS: Final = timedelta(seconds=1)
"""Slack answers users.info some hundred times a minute."""

log = logging.getLogger(__name__)


class Presence:
    """Looks after the hosts of all calendars. Two processes that do so do no harm."""

    def __init__(
        self,
        database: Database,
        slack: AsyncWebClient,
        *,
        workspace_id: int,
        between_questions: timedelta = BETWEEN_QUESTIONS,
    ) -> None:
        self._database = database
        self._slack = slack
        self._workspace_id = workspace_id
        self._pause = between_questions.total_seconds()

    async def run(self) -> None:
        """Go on until it is cancelled."""
        await asyncio.sleep(FIRST.total_seconds())
        while True:
            try:
                await self.one_round(datetime.now(UTC))
            except DatabaseUnavailable:
                pass  # the next round asks again
            except Exception:  # the loop is the top: it logs and goes on
                log.exception("whether the hosts are there was not asked")
            await asyncio.sleep(BETWEEN_ROUNDS.total_seconds())

    async def one_round(self, now: datetime) -> None:
        """Ask for each host; of whom Slack says nothing, nothing is changed."""
        for user_id in await self._database.read(every_host, workspace_id=self._workspace_id):
            try:
                answer = await self._slack.users_info(user=user_id)
            except SLACK_TROUBLE as error:
                log.warning("Slack did not say whether a host is there: %s", error_code(error))
                if is_refusal(error):
                    continue  # it may be about this one
                return
            await self._database.write(
                note_presence,
                workspace_id=self._workspace_id,
                user_id=user_id,
                has_left=bool((answer.get("user") or {}).get("deleted")),
                now=now,
            )
            await asyncio.sleep(self._pause)
