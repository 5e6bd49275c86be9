"""Pages of a channel's history, as strict as Slack is with apps that it does not know. Pure."""

import base64
from dataclasses import dataclass
from typing import Final

from otl.practice.api.method import Arguments
from otl.practice.messages import Message
from otl.practice.wire import SlackError

LONGEST_PAGE: Final = 15


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages, and the cursor of the next page or ""."""

    messages: list[Message]
    next_cursor: str


def page_of(rows: list[Message], arguments: Arguments) -> Page:
    """Cut one page out of rows, which are in the order of the answer.

    Reads oldest, latest, inclusive, limit and cursor.

    Raises:
        SlackError: invalid_cursor, invalid_limit.
    """
    chosen = [message for message in rows if _is_within(message, arguments)]
    limit = arguments.number("limit", LONGEST_PAGE)
    if limit < 1:
        raise SlackError("invalid_limit")
    start = _start(chosen, arguments.find_text("cursor"))
    end = start + min(limit, LONGEST_PAGE)
    rest = chosen[end:]
    return Page(chosen[start:end], _cursor(rest[0].ts) if rest else "")


def _is_within(message: Message, arguments: Arguments) -> bool:
    ts = _number(message.ts)
    oldest, latest = arguments.find_text("oldest"), arguments.find_text("latest")
    if arguments.flag("inclusive"):
        return (oldest is None or _number(oldest) <= ts) and (
            latest is None or ts <= _number(latest)
        )
    return (oldest is None or _number(oldest) < ts) and (latest is None or ts < _number(latest))


def _number(ts: str) -> int:
    """Return a ts ("epoch" or "epoch.micro") as microseconds."""
    seconds, _, micros = ts.partition(".")
    if not seconds.isdecimal() or (micros and not micros.isdecimal()):
        raise SlackError("invalid_ts_oldest")
    return int(seconds) * 1_000_000 + int(micros[:6].ljust(6, "0"))


def _cursor(ts: str) -> str:
    return base64.urlsafe_b64encode(f"next_ts:{ts}".encode()).decode()


def _start(rows: list[Message], cursor: str | None) -> int:
    if cursor is None:
        return 0
    for number, message in enumerate(rows):
        if _cursor(message.ts) == cursor:
            return number
    raise SlackError("invalid_cursor")
