"""Slack's mrkdwn: people's text made harmless, mentions, times in each reader's own zone. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from scheduling.times.words import utc_fallback

SHOWN_LENGTH: Final = 80
"""How much of a name is shown. Escaping makes a character five at most (`&amp;`)."""

DAY_AND_TIME: Final = "{date_short_pretty} {time}"
TIME: Final = "{time}"
DAY: Final = "{date_short_pretty}"

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# mrkdwn has no escape for its formatting signs; these look alike and mean nothing.
_LOOK_ALIKES: Final = {"*": "\u2217", "~": "\u223c", "`": "\u02cb"}
_HARMLESS: Final = str.maketrans(_ENTITIES | _LOOK_ALIKES)
_OUTER_UNDERSCORE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_SLACK_ID: Final = re.compile(r"[A-Z][A-Z0-9]{1,31}")


def escape(text: str, limit: int = SHOWN_LENGTH) -> str:
    """Return text that Slack shows as it stands: no mention, link or formatting comes out of it.

    Args:
        limit: characters of the text that are shown, a closing "…" included. It is cut first and
            escaped then, so that no entity is cut in two.
    """
    return _OUTER_UNDERSCORE.sub("\u02cd", shortened(text, limit)).translate(_HARMLESS)


def shortened(text: str, limit: int = SHOWN_LENGTH) -> str:
    """Return so many characters at the most, a closing "…" included."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def code(text: str, limit: int = SHOWN_LENGTH) -> str:
    """Return text in the typeface of what can be typed."""
    return f"`{escape(text, limit)}`"


def is_slack_id(text: str) -> bool:
    """Tell whether it has the shape of a user's or a channel's id."""
    return _SLACK_ID.fullmatch(text) is not None


def mention(user_id: str) -> str:
    """Return the person's name as Slack shows it to each reader."""
    return f"<@{user_id}>" if is_slack_id(user_id) else escape(user_id)


def channel_mention(channel_id: str) -> str:
    """Return the channel's name as Slack shows it to those who may see it."""
    return f"<#{channel_id}>" if is_slack_id(channel_id) else escape(channel_id)


def moment(instant: datetime, form: str = DAY_AND_TIME) -> str:
    """Return a time that Slack shows in each reader's own zone."""
    return f"<!date^{int(instant.timestamp())}^{form}|{utc_fallback(instant)}>"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join as people do: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
