"""Why a notification waits, sorted by what there is to say and to do about it. Pure."""

import re
from enum import StrEnum
from typing import Final

from bot.notifications.slack_errors import (
    DATABASE_UNAVAILABLE,
    LATER_CODES,
    TEXT_CODES,
    WORKSPACE_CODES,
)
from bot.slack_client import PASSING_CODES
from scheduling.events.deliveries import State
from scheduling.events.health import Waiting

_NO_CODE_OF_SLACK: Final = re.compile(r"http_\d+|[A-Z]\w+")
"""No JSON in the answer, or the name of an exception."""


class Cause(StrEnum):
    """In the order in which they are told: what somebody must do first."""

    NOWHERE = "nowhere"  # every place refused it
    STANDS = "stands"  # it may not be edited, and shows how things were
    UNREACHABLE = "unreachable"  # Slack does not answer, or not as it should
    UNSURE = "unsure"  # it may have arrived
    SLOWED = "slowed"  # Slack, or our own pace, has it wait for its turn
    ON_ITS_WAY = "on its way"


def cause_of(waiting: Waiting) -> Cause:  # noqa: PLR0911  # one return a cause
    """Sort by the reason. A code that is new to us is a refusal, as in `slack_errors`."""
    reason = waiting.reason
    if waiting.state is State.UNSURE:
        return Cause.UNSURE
    is_moving_on = waiting.is_moving_on and not waiting.is_edit
    if waiting.state is State.SENDING or is_moving_on or reason is None:
        return Cause.ON_ITS_WAY
    if reason in WORKSPACE_CODES or reason == DATABASE_UNAVAILABLE:
        return Cause.ON_ITS_WAY  # it is over, or the whole message would say so
    if reason in LATER_CODES:
        return Cause.SLOWED
    if reason in PASSING_CODES or _NO_CODE_OF_SLACK.fullmatch(reason):
        return Cause.UNREACHABLE
    is_refused_everywhere = waiting.is_edit or any(one.refusal for one in waiting.oldest)
    if reason in TEXT_CODES and not is_refused_everywhere:
        return Cause.ON_ITS_WAY  # without blocks, at once
    return Cause.STANDS if waiting.is_edit else Cause.NOWHERE
