"""A delivery, one event on its way to one destination, and what can come of an attempt. Pure."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from scheduling.events.kinds import EventKind


class State(StrEnum):
    """Where a delivery stands."""

    READY = "ready"
    SENDING = "sending"
    UNSURE = "unsure"
    DONE = "done"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the place that a delivery was meant for refused it.

    Attributes:
        reason: the destination's error code.
        conversation: which place it was, by its id there; None if it is not known.
    """

    reason: str
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When attempts were made that may have arrived, by the destination's clock.

    Attributes:
        since: the start of the first of them.
        until: the end of the last one and the quarantine; None: a process died in it.
        read_to: how far back a look-up that was cut short has read, as the destination says it;
            None: begin at the end of the window.
    """

    since: datetime
    until: datetime | None
    read_to: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where it stands at the destination: in Slack a conversation and a message's ts."""

    place: str
    id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that was claimed and must be sent now.

    Attributes:
        subject_id: of what the event tells, see `EventKind`.
        destination: who carries it, "slack".
        recipient: for whom, by their part in it: "channel", "issuer", "host:7".
        notification_id: a UUID in text form; it travels with what is sent.
        route: where it may go there, the best place first; never empty.
        place: which of them it goes to now.
        refusal: why the first place refused; None: it did not, or was not asked.
        plain: send the text alone; its form was refused.
        claims: how often it was claimed, this time included; it fences the lease.
        failures: how often it failed since it last arrived.
        window: attempts that may have arrived: look it up before sending; None: there are none.
        receipt: where an earlier version of it stands, to be edited; None: nothing stands yet.
        version: the version of the subject that is shown when this has arrived.
        card: what a message that lives shows, "appointment:7"; None: it tells of the event alone.
        actor: who did what happened, Slack user id; None: whoever booked.
        details: of the event: ids, codes and times.
    """

    id: int
    kind: EventKind
    subject_id: int
    destination: str
    recipient: str
    notification_id: str
    route: tuple[str, ...]
    place: int = 0
    refusal: Refusal | None = None
    plain: bool = False
    claims: int = 1
    failures: int = 0
    window: Window | None = None
    receipt: Receipt | None = None
    version: int = 1
    card: str | None = None
    actor: str | None = None
    details: Mapping[str, Any] | None = None

    @property
    def goes_to(self) -> str:
        """The place that it goes to now."""
        return self.route[self.place]


@dataclass(frozen=True, slots=True)
class Done:
    """The destination has it: there, under this id.

    Attributes:
        is_stale: an earlier version of it may be what stands there.
    """

    place: str
    id: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive: try again, after `retry_after` if the destination said so."""

    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have arrived: wait, look it up, then decide."""

    reason: str


@dataclass(frozen=True, slots=True)
class StillUnsure:
    """The look-up could not be read to its end; nothing was sent.

    Attributes:
        read_to: see `Window`.
        retry_after: when the destination wants to be asked again; None: soon.
    """

    reason: str
    read_to: str | None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PlaceRefused:
    """This place is refused (channel_not_found, is_archived, …): on to the route's next one.

    Attributes:
        conversation: see `Refusal`.
    """

    reason: str
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class TextRefused:
    """This form of it is refused (invalid_blocks, msg_too_long): the same place, as plain text."""

    reason: str


@dataclass(frozen=True, slots=True)
class DestinationRefused:
    """The destination refuses us as a whole: all that goes there waits until it takes us again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for good, and there is no other place for it: whoever it concerns is told."""

    reason: str


Outcome = (
    Done
    | NotSent
    | Unsure
    | StillUnsure
    | PlaceRefused
    | TextRefused
    | DestinationRefused
    | Refused
)


class Deliverer(Protocol):
    """Carries deliveries to one destination.

    Attributes:
        seconds_between: the pace of one lane (a place of the route): the least time between two
            attempts there; 0: none is kept.
    """

    seconds_between: float

    def deliver(self, delivery: Delivery) -> Awaitable[Outcome]:
        """Send it, unless a look-up in its window shows that it arrived."""
        ...

    def accepts(self) -> Awaitable[bool]:
        """Tell whether the destination takes us again; asked while it refuses us as a whole."""
        ...

    def clock(self) -> tuple[datetime, datetime]:
        """Return between which instants the destination's own clock stands now."""
        ...
