"""What becomes of a notification: the state machine of an outbox row. Pure.

    ready → sending → done
              ├─ not sent, refused here, refused as blocks → ready, not before …
              └─ unsure (it may have arrived) → quarantine, look it up → done or sending again

`sending` carries a lease; a row whose lease ran out was left by a process that died, and is unsure.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

PLACES: Final = 3
"""Where a notification may go: 0 the channel, 1 the issuer, 2 the calendar's owner."""

ALL_REFUSED_FIRST: Final = timedelta(hours=1)
ALL_REFUSED_LATER: Final = timedelta(days=1)
HOURLY_TRIES: Final = 24
LONGEST_PAUSE: Final = timedelta(minutes=5)


class Kind(StrEnum):
    """What is told, and of what: subject_id is the id in brackets."""

    LINK_USED = "slack.link_used"  # (booking) to the channel
    LINK_REGENERATED = "slack.link_regenerated"  # (the new link) to its issuer


class State(StrEnum):
    """Where a row stands."""

    READY = "ready"
    SENDING = "sending"
    UNSURE = "unsure"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row that was claimed and must be sent now.

    Attributes:
        subject_id: see `Kind`.
        notification_id: a UUID in text form; it travels in the message's metadata.
        place: see `PLACES`.
        refusal: why the place before this one refused, Slack's error code; None at place 0.
        plain: send the text without blocks; they were refused.
        attempts: how often it was tried before, this time not counted.
        started_at: start of the oldest attempt that may have arrived: look it up before sending;
            None if there is none.
    """

    id: int
    kind: Kind
    subject_id: int
    notification_id: str
    place: int
    refusal: str | None
    plain: bool
    attempts: int
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class Done:
    """Slack has it: in this conversation, under this ts."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive: try again, after `retry_after` if Slack said so."""

    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have arrived: wait, look it up, then decide."""

    reason: str


@dataclass(frozen=True, slots=True)
class PlaceRefused:
    """Slack refuses this place (channel_not_found, is_archived, …): on to the next one.

    Attributes:
        conversation: the place, by its Slack id; None if it is not known.
    """

    reason: str
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class TextRefused:
    """Slack refuses these blocks (invalid_blocks, msg_too_long): the same place, as plain text."""

    reason: str


@dataclass(frozen=True, slots=True)
class WorkspaceRefused:
    """Slack refuses our token: everything waits until `auth.test` succeeds."""

    reason: str


Outcome = Done | NotSent | Unsure | PlaceRefused | TextRefused | WorkspaceRefused
Deliverer = Callable[[Delivery], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a row stands after an outcome. `started_at` None: no attempt can have arrived."""

    state: State
    not_before: datetime
    place: int
    plain: bool
    attempts: int
    reason: str | None
    started_at: datetime | None


def standing_after(  # noqa: PLR0911  # one return an outcome
    delivery: Delivery,
    outcome: Outcome,
    *,
    began_at: datetime,
    now: datetime,
    quarantine: timedelta,
) -> Standing:
    """Decide what becomes of a row that was tried.

    Args:
        began_at: when this attempt's lease was taken.
        quarantine: how long an unsure row waits until Slack's history may be asked.
    """

    def stands(
        state: State,
        *,
        after: timedelta = timedelta(0),
        place: int = delivery.place,
        plain: bool = delivery.plain,
        reason: str | None,
        started_at: datetime | None = delivery.started_at,
    ) -> Standing:
        tries = delivery.attempts + 1
        return Standing(state, now + after, place, plain, tries, reason, started_at)

    match outcome:
        case Done():
            return stands(State.DONE, reason=None)
        case NotSent(reason, retry_after):
            state = State.UNSURE if delivery.started_at else State.READY
            return stands(state, after=retry_after or pause(delivery.attempts), reason=reason)
        case Unsure(reason):
            first = delivery.started_at or began_at
            return stands(State.UNSURE, after=quarantine, reason=reason, started_at=first)
        case TextRefused(reason) if not delivery.plain:
            return stands(State.READY, plain=True, reason=reason)
        case PlaceRefused(reason) | TextRefused(reason):
            if delivery.place + 1 < PLACES:
                place = delivery.place + 1
                return stands(State.READY, place=place, plain=False, reason=reason, started_at=None)
            later = ALL_REFUSED_FIRST if delivery.attempts < HOURLY_TRIES else ALL_REFUSED_LATER
            return stands(State.READY, after=later, place=0, plain=False, reason=reason)
        case WorkspaceRefused(reason):
            state = State.UNSURE if delivery.started_at else State.READY
            return stands(state, reason=reason)


def pause(attempts: int) -> timedelta:
    """How long to wait after an attempt that was not sent: 1, 2, 4 … s, at most 5 min."""
    return min(timedelta(seconds=2 ** min(attempts, 16)), LONGEST_PAUSE)
