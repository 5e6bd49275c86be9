"""Delivers to Slack: to a place, once, and says what became of it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slack_sdk.errors import SlackObjectFormationError

from bot.messages.message import Message
from bot.notifications.look_up import look_up
from bot.notifications.rendering import card_of, message_of
from bot.notifications.slack_errors import DATABASE_UNAVAILABLE, not_now, outcome_of
from bot.slack_client import SLACK_TROUBLE, SlackClient, error_code, is_refusal
from scheduling.conversations import (
    direct_conversation,
    forget_direct_conversation,
    keep_direct_conversation,
)
from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.events.deliveries import (
    Delivery,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    Receipt,
    TextRefused,
    Unsure,
)
from scheduling.failpoints import failpoint

EVENT_TYPE: Final = "otl_notification"
CHANNEL_NOT_FOUND: Final = "channel_not_found"
MESSAGE_NOT_FOUND: Final = "message_not_found"

PEOPLE: Final = ("U", "W")
"""What a person's id begins with; other places are conversations."""

log = logging.getLogger(__name__)


class Notifier:
    """A `Deliverer`: see there.

    Args:
        seconds_between: Slack takes about one message a second in each conversation.
    """

    def __init__(
        self,
        *,
        database: Database,
        client: SlackClient,
        seconds_between: float = 1.0,
    ) -> None:
        self._database = database
        self._slack = client
        self.seconds_between = seconds_between

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send it, unless history shows that it arrived."""
        try:
            message = await message_of(delivery, self._database)
            card = await card_of(delivery, self._database)
        except DatabaseUnavailable:
            return NotSent(DATABASE_UNAVAILABLE)
        if delivery.receipt is not None:
            return await self._edit(delivery, delivery.receipt, message)
        place = delivery.goes_to
        kept = await self._kept(place)
        conversation = kept or await self._conversation(place)
        if isinstance(conversation, NotSent):
            return conversation
        thread = card.id if card is not None and card.place == conversation else None
        outcome = await self._send(delivery, conversation, message, thread)
        if kept and isinstance(outcome, PlaceRefused) and outcome.reason == CHANNEL_NOT_FOUND:
            await self._write(forget_direct_conversation, user_id=place)
            return NotSent(CHANNEL_NOT_FOUND)  # Slack knows the person by another one now
        if isinstance(outcome, Done) and conversation == place:
            await self._keep(place, outcome.place)
        return outcome

    async def accepts(self) -> bool:
        """Tell whether Slack takes our token."""
        try:
            await self._slack.auth_test()
        except SLACK_TROUBLE:
            return False
        return True

    def clock(self) -> tuple[datetime, datetime]:
        """Return between which instants Slack's clock stands."""
        return self._slack.clock.now()

    async def _kept(self, place: str) -> str | None:
        """Return a person's conversation that is known already."""
        if not place.startswith(PEOPLE):
            return None
        try:
            return await self._database.read(direct_conversation, user_id=place)
        except DatabaseUnavailable:
            return None

    async def _keep(self, place: str, conversation: str) -> None:
        """Keep a person's conversation, to look there even when it may not be opened any more."""
        if place.startswith(PEOPLE) and not conversation.startswith(PEOPLE):
            await self._write(keep_direct_conversation, user_id=place, conversation=conversation)

    async def _write(self, change: Callable[..., None], **named: str) -> None:
        """Change what is known of a conversation; where it cannot be stored, it is asked again."""
        with suppress(DatabaseUnavailable):
            await self._database.write(change, **named)

    async def _conversation(self, place: str) -> str | NotSent:
        """Return a place's conversation, a person's being their direct messages.

        To open these again changes nothing. Where Slack refuses to open them, chat.postMessage
        takes a user id as well, and its refusal is the one that counts.
        """
        if not place.startswith(PEOPLE):
            return place
        try:
            answer = await self._slack.conversations_open(users=place)
        except SLACK_TROUBLE as error:
            if is_refusal(error):
                return place
            return not_now(error)
        conversation = str((answer.get("channel") or {}).get("id") or place)
        await self._keep(place, conversation)
        return conversation

    async def _edit(self, delivery: Delivery, receipt: Receipt, message: Message) -> Outcome:
        try:
            await self._slack.chat_update(
                channel=receipt.place,
                ts=receipt.id,
                text=message.text,
                blocks=[] if delivery.plain else message.block_json(),  # left out, they would stay
                link_names=False,
                parse="none",
            )
        except SlackObjectFormationError:
            log.exception("a message has blocks that Slack would refuse")
            return TextRefused("invalid_blocks")
        except SLACK_TROUBLE as error:
            if is_refusal(error) and error_code(error) == MESSAGE_NOT_FOUND:
                return Done(receipt.place, receipt.id)  # somebody deleted it: nobody reads it
            return outcome_of(error, plain=delivery.plain)
        return Done(receipt.place, receipt.id)

    async def _send(
        self, delivery: Delivery, conversation: str, message: Message, thread: str | None
    ) -> Outcome:
        if delivery.window is not None:
            known = await look_up(
                self._slack, delivery, conversation, delivery.window, thread=thread
            )
            if isinstance(known, Done):
                return replace(known, is_stale=delivery.version > 1)
            if known is not None:
                return known
        return await self._post(delivery, conversation, message, thread)

    async def _post(
        self, delivery: Delivery, conversation: str, message: Message, thread: str | None
    ) -> Outcome:
        failpoint("before_post")
        try:
            answer = await self._slack.chat_postMessage(
                channel=conversation,
                thread_ts=thread,
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
            return outcome
        failpoint("posted")
        return _receipt(answer)


def _receipt(answer: Any) -> Outcome:
    channel, ts = answer.get("channel"), answer.get("ts")
    if isinstance(channel, str) and isinstance(ts, str):
        return Done(channel, ts)
    return Unsure("an answer without a message")
