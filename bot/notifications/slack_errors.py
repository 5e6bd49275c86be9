"""What Slack's answer to a post, or its silence, means: not sent, refused, or nobody knows."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack_client import answer_data, error_code, retry_after, status_of
from scheduling.events.deliveries import (
    DestinationRefused,
    NotSent,
    Outcome,
    PlaceRefused,
    TextRefused,
    Unsure,
)

# https://docs.slack.dev/reference/methods/chat.postMessage#errors
WORKSPACE_CODES: Final = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
TEXT_CODES: Final = frozenset(
    {
        "invalid_arguments",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "markdown_text_conflict",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
# "It's possible some aspect of the operation succeeded before the error was raised."
_UNSURE: Final = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
)
LATER_CODES: Final = frozenset(
    {"accesslimited", "message_limit_exceeded", "rate_limited", "ratelimited", "team_added_to_org"}
)

# What is stored as the reason where Slack was not asked.
DATABASE_UNAVAILABLE: Final = "database unavailable"


def outcome_of(error: Exception, *, plain: bool) -> Outcome:
    """Tell what became of a post that raised.

    Args:
        error: one of `bot.slack_client.SLACK_TROUBLE`.
        plain: it had no blocks; whoever refuses even that refuses the place.
    """
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return NotSent(type(error).__name__)  # refused, no route, no such host: nothing was written
    if not isinstance(error, SlackApiError):
        return Unsure(type(error).__name__)
    if status_of(error) == 429:
        return not_now(error)
    if status_of(error) >= 500 or not _names_an_error(error):
        return Unsure(error_code(error))
    return _refused(error_code(error), plain=plain)


def not_now(error: Exception) -> NotSent:
    """Tell that nothing was posted, and when Slack wants to hear from us again."""
    return NotSent(error_code(error), retry_after(error))


def _names_an_error(error: SlackApiError) -> bool:
    """Tell an error of Slack's from what makes no sense, like {"ok": false, "error": null}."""
    code = answer_data(error).get("error")
    return isinstance(code, str) and code != ""


def _refused(code: str, *, plain: bool) -> Outcome:
    """Sort Slack's error code. One that is new to us is taken for a refusal of the place."""
    if code in LATER_CODES:
        return NotSent(code)
    if code in _UNSURE:
        return Unsure(code)
    if code in WORKSPACE_CODES:
        return DestinationRefused(code)
    if code in TEXT_CODES and not plain:
        return TextRefused(code)
    return PlaceRefused(code)
