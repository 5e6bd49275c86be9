"""What Slack lends an app: trigger ids (3 s, one use), response URLs (30 min, five uses)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from otl.practice.wire import SlackError

TRIGGER_SECONDS: Final = 3.0
RESPONSE_URL_SECONDS: Final = 30 * 60.0
RESPONSE_URL_USES: Final = 5


@dataclass(slots=True)
class Trigger:
    """Someone pressed (in the view with this id) or typed; the app may open one view for them."""

    user: str
    view_id: str | None
    issued_at: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """To whom and where an app may answer, and which message (its ts) it may replace."""

    user: str
    channel: str
    original_ts: str | None
    issued_at: float
    uses: int = 0


class Tickets:
    """All trigger ids and response URLs that were given out."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}

    def issue_trigger(self, user: str, *, view_id: str | None = None) -> str:
        """Return a new trigger id, shaped like Slack's."""
        number = 10_000 + len(self._triggers)
        trigger_id = f"{number}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, view_id, self._elapsed())
        return trigger_id

    def redeem_trigger(self, trigger_id: str) -> Trigger:
        """Use a trigger id up.

        Raises:
            SlackError: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._elapsed() - trigger.issued_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def issue_response_url(self, user: str, channel: str, original_ts: str | None) -> str:
        """Return the secret last part of a new response URL."""
        ticket = secrets.token_urlsafe(18)
        self._response_urls[ticket] = ResponseUrl(user, channel, original_ts, self._elapsed())
        return ticket

    def redeem_response_url(self, ticket: str) -> ResponseUrl:
        """Count one use.

        Raises:
            SlackError: invalid_url, expired_url, used_url.
        """
        url = self._response_urls.get(ticket)
        if url is None:
            raise SlackError("invalid_url")
        if self._elapsed() - url.issued_at > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
