"""Delivers the outbox's Slack notifications: to a place, once, and says what became of it."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.link_regenerated import link_regenerated
from bot.messages.link_used import link_used
from bot.messages.message import Message
from bot.notifications.pace import INTERVAL_SECONDS, Pace
from bot.notifications.slack_errors import (
    DATABASE_UNAVAILABLE,
    WAITS_FOR_ITS_TURN,
    not_now,
    outcome_of,
)
from bot.slack_client import SLACK_TROUBLE, error_code, is_refusal
from bot.text.notices import issuer_unreachable, rerouted
from scheduling.bookings.details import booking_by_id
from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.events.deliveries import (
    Delivery,
    Done,
    Kind,
    NotSent,
    Outcome,
    PlaceRefused,
    TextRefused,
)
from scheduling.failpoints import failpoint
from scheduling.links.details import link_by_id

EVENT_TYPE: Final = "otl_notification"
KINDS: Final = (Kind.LINK_USED, Kind.LINK_REGENERATED)
LOOK_BACK: Final = timedelta(seconds=60)
"""Slack's clock and ours differ; so much before the attempt history is looked through."""

PAGE: Final = 100
MOST_PAGES: Final = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A message and where it goes: a channel, or a person's direct messages."""

    message: Message
    channel_id: str | None = None
    user_id: str | None = None


class Notifier:
    """One for each process that delivers; it keeps the pace of its own posts."""

    def __init__(
        self,
        *,
        database: Database,
        client: AsyncWebClient,
        seconds_between: float = INTERVAL_SECONDS,
    ) -> None:
        self._database = database
        self._slack = client
        self._pace = Pace(seconds_between)

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send what a row of the outbox tells, unless history shows that it arrived."""
        try:
            addressed = await self._address(delivery)
        except DatabaseUnavailable:
            return NotSent(DATABASE_UNAVAILABLE)
        conversation = addressed.channel_id or await self._open_direct(addressed.user_id or "")
        if isinstance(conversation, NotSent):
            return conversation
        if delivery.started_at is not None:
            known = await self._look_up(delivery, conversation, delivery.started_at)
            if known is not None:
                return known
        wait = await self._pace.take_turn(conversation)
        if wait:
            return NotSent(WAITS_FOR_ITS_TURN, timedelta(seconds=wait))
        return await self._post(delivery, conversation, addressed.message)

    async def _address(self, delivery: Delivery) -> Addressed:
        match delivery.kind:
            case Kind.LINK_USED:
                return await self._address_link_used(delivery)
            case Kind.LINK_REGENERATED:
                return await self._address_link_regenerated(delivery)

    async def _address_link_used(self, delivery: Delivery) -> Addressed:
        booking = await self._database.read(booking_by_id, booking_id=delivery.subject_id)
        channel = booking.calendar.notification_channel or booking.link_channel_id
        now = datetime.now(UTC)
        if delivery.place == 0:
            return Addressed(link_used(booking, now=now), channel_id=channel)
        reroute = rerouted(channel, delivery.refusal if delivery.place == 1 else None)
        person = booking.link_issued_by if delivery.place == 1 else booking.calendar.owner
        return Addressed(link_used(booking, now=now, reroute=reroute), user_id=person)

    async def _address_link_regenerated(self, delivery: Delivery) -> Addressed:
        link = await self._database.read(
            link_by_id, link_id=delivery.subject_id, now=datetime.now(UTC)
        )
        if delivery.place < 2:
            return Addressed(link_regenerated(link), user_id=link.issued_by)
        reroute = issuer_unreachable(link.issued_by)
        return Addressed(link_regenerated(link, reroute=reroute), user_id=link.calendar.owner)

    async def _open_direct(self, user_id: str) -> str | NotSent:
        """Return the person's direct conversation; to open it again changes nothing.

        Where Slack refuses to open it, chat.postMessage takes a user id as well, and its refusal
        is the one that counts.
        """
        try:
            answer = await self._slack.conversations_open(users=user_id)
        except SLACK_TROUBLE as error:
            if is_refusal(error):
                return user_id
            return not_now(error)
        return str((answer.get("channel") or {}).get("id") or user_id)

    async def _look_up(
        self, delivery: Delivery, conversation: str, started_at: datetime
    ) -> Outcome | None:
        """Return Done if history has it; None if not, or if it may not be read: then send again."""
        try:
            async for message in self._history(conversation, started_at - LOOK_BACK):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("notification_id") == delivery.notification_id:
                    return Done(conversation, str(message["ts"]))
        except SLACK_TROUBLE as error:
            if is_refusal(error):
                log.warning("history cannot be read: %s; sending again", error_code(error))
                return None
            return not_now(error)
        return None

    async def _history(self, conversation: str, since: datetime) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = await self._slack.conversations_history(
                channel=conversation,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor or None,
            )
            for message in answer.get("messages") or []:
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _post(self, delivery: Delivery, conversation: str, message: Message) -> Outcome:
        failpoint("before_post")
        try:
            answer = await self._slack.chat_postMessage(
                channel=conversation,
                text=message.text,
                blocks=None if delivery.plain else message.block_json(),
                metadata={
                    "event_type": EVENT_TYPE,
                    "event_payload": {"notification_id": delivery.notification_id},
                },
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
                parse="none",
                client_msg_id=delivery.notification_id,  # undocumented; nothing relies on it
            )
        except SlackObjectFormationError:
            log.exception("a notification has blocks that Slack would refuse")
            return TextRefused("invalid_blocks")
        except SLACK_TROUBLE as error:
            outcome = outcome_of(error, plain=delivery.plain)
            if isinstance(outcome, PlaceRefused):
                return PlaceRefused(outcome.reason, conversation)
            if isinstance(outcome, NotSent) and outcome.retry_after:
                self._pace.keep_silent(outcome.retry_after.total_seconds())
            return outcome
        failpoint("posted")
        return Done(str(answer["channel"]), str(answer["ts"]))
