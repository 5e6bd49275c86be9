"""How Slack is reached: one session, no silent retries, no secret in a log; what an error was."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.slack_clock import SlackClock

SLACK_API_URL: Final = "https://slack.com/api/"
REQUEST_SECONDS: Final = 10.0
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

PASSING_CODES: Final = frozenset(
    {
        None,  # a page, or half of an answer
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
    }
)
"""Slack's error codes that may be gone a minute later."""

SLACK_TROUBLE: Final = (SlackApiError, aiohttp.ClientError, TimeoutError)
"""All that a call of slack_sdk raises when Slack refuses, or cannot be reached or understood."""


class SlackClient(AsyncWebClient):
    """The Web API, and how Slack's clock stands. Made by `open_slack_client`."""

    clock: SlackClock


@asynccontextmanager
async def open_slack_client(
    token: str | None, *, base_url: str = SLACK_API_URL, seconds: float = REQUEST_SECONDS
) -> AsyncIterator[SlackClient]:
    """Yield the client that all of the bot shares, on a session of its own.

    slack_sdk would send a message again by itself when the connection broke after Slack had it
    (T4: retry_handlers), ignore its own timeout on a session that it is given, and write what it
    sends and receives to a log at level DEBUG.
    """
    timeout = aiohttp.ClientTimeout(total=seconds)
    clock = SlackClock()
    async with aiohttp.ClientSession(timeout=timeout, trace_configs=[_hearing(clock)]) as session:
        client = SlackClient(
            token=token,
            base_url=base_url if base_url.endswith("/") else f"{base_url}/",
            session=session,
            timeout=int(seconds),
            retry_handlers=[],
            logger=quiet_logger("bot.slack_sdk"),
        )
        client.clock = clock
        if URL(base_url).host in LOOPBACK:
            client.proxy = None  # slack_sdk reads HTTPS_PROXY and knows no NO_PROXY
        yield client


def _hearing(clock: SlackClock) -> aiohttp.TraceConfig:
    """Have the clock hear of every answer's Date."""

    async def note(_1: Any, _2: Any, params: aiohttp.TraceRequestEndParams) -> None:
        clock.note(params.response.headers.get("Date"))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note)
    return trace


def quiet_logger(name: str, level: int = logging.WARNING) -> logging.Logger:
    """Return a logger that never logs DEBUG, whatever the root's level: bodies stand there."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    return logger


def error_code(error: Exception) -> str:
    """Return Slack's error code, "http_503" where it sent none, or the kind of trouble."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    code = answer_data(error).get("error")
    return code if isinstance(code, str) and code else f"http_{status_of(error)}"


def answer_data(error: SlackApiError) -> dict[str, Any]:
    """Return the JSON that Slack sent, {} where it was none (a page, a cut answer)."""
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status; slack_sdk hands over aiohttp's own response when the JSON was cut."""
    response: Any = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)


def is_refusal(error: Exception) -> bool:
    """Tell whether Slack understood and said no; asking again changes nothing then."""
    return (
        isinstance(error, SlackApiError)
        and status_of(error) == 200
        and answer_data(error).get("error") not in PASSING_CODES
    )


def retry_after(error: Exception) -> timedelta | None:
    """Return for how long Slack wants to be left alone; None if it does not say."""
    response: Any = error.response if isinstance(error, SlackApiError) else None
    words = str((getattr(response, "headers", None) or {}).get("Retry-After") or "")
    return timedelta(seconds=int(words)) if words.isdecimal() else None
