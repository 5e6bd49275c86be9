"""What becomes of a delivery, one event on its way to one destination: its state machine. Pure.

    ready → sending → done
              ├─ not sent, refused here, refused as blocks → ready, not before …
              └─ unsure (it may have arrived) → quarantine, look it up → done or sending again
    ready → overtaken (a later event tells it, or makes it untrue)

`sending` carries a lease; a row whose lease ran out was left by a process that died, and is unsure.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from scheduling.events.kinds import EventKind

ALL_REFUSED_FIRST: Final = timedelta(hours=1)
ALL_REFUSED_LATER: Final = timedelta(days=1)
HOURLY_TRIES: Final = 24
LONGEST_PAUSE: Final = timedelta(minutes=5)
LOOK_ON_AFTER: Final = timedelta(seconds=1)
"""So long a look-up pauses that could not be read to its end."""


class State(StrEnum):
    """Where a delivery stands."""

    READY = "ready"
    SENDING = "sending"
    UNSURE = "unsure"
    DONE = "done"
    OVERTAKEN = "overtaken"


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


Outcome = Done | NotSent | Unsure | StillUnsure | PlaceRefused | TextRefused | DestinationRefused


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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a delivery stands after an outcome.

    Attributes:
        after: how long it waits.
        window: None: no attempt can have arrived.
    """

    state: State
    after: timedelta
    place: int
    plain: bool
    failures: int
    refusal: Refusal | None
    reason: str | None
    window: Window | None


def standing_after(  # noqa: PLR0911  # one return an outcome
    delivery: Delivery,
    outcome: Outcome,
    *,
    began_at: datetime,
    ended_at: datetime,
    quarantine: timedelta,
) -> Standing:
    """Decide what becomes of a delivery that was tried.

    Args:
        began_at, ended_at: this attempt's ends, by the destination's clock.
        quarantine: how long an unsure one waits until it may be looked up.
    """

    def stands(
        state: State,
        *,
        after: timedelta = timedelta(0),
        place: int = delivery.place,
        plain: bool = delivery.plain,
        failures: int = delivery.failures + 1,
        refusal: Refusal | None = delivery.refusal,
        reason: str | None,
        window: Window | None = delivery.window,
    ) -> Standing:
        return Standing(state, after, place, plain, failures, refusal, reason, window)

    # An edit may be repeated: whether it arrived need not be known.
    is_edit = delivery.receipt is not None
    waits = State.UNSURE if delivery.window and not is_edit else State.READY
    match outcome:
        case Done():
            return stands(State.DONE, failures=0, reason=None, window=None)
        case NotSent(reason, retry_after):
            after = pause(delivery.failures) if retry_after is None else retry_after
            return stands(waits, after=after, reason=reason)
        case Unsure(reason) if is_edit:
            return stands(State.READY, after=pause(delivery.failures), reason=reason, window=None)
        case Unsure(reason):
            since = delivery.window.since if delivery.window else began_at
            window = Window(since, ended_at + quarantine)
            return stands(State.UNSURE, after=quarantine, reason=reason, window=window)
        case StillUnsure(reason, read_to, retry_after):
            assert delivery.window is not None
            window = Window(delivery.window.since, delivery.window.until, read_to)
            after = LOOK_ON_AFTER if retry_after is None else retry_after
            failures = delivery.failures
            return stands(
                State.UNSURE, after=after, failures=failures, reason=reason, window=window
            )
        case TextRefused(reason) if not delivery.plain:
            return stands(State.READY, plain=True, reason=reason)
        case PlaceRefused(reason) | TextRefused(reason):
            return _on_to_the_next(delivery, outcome, reason)
        case DestinationRefused(reason):
            return stands(waits, failures=delivery.failures, reason=reason)


def _on_to_the_next(
    delivery: Delivery, outcome: PlaceRefused | TextRefused, reason: str
) -> Standing:
    """Go on along the route; at its end wait, and begin again. What stands there has no other."""
    conversation = outcome.conversation if isinstance(outcome, PlaceRefused) else None
    refusal = delivery.refusal
    if delivery.place == 0 and delivery.receipt is None:
        refusal = Refusal(reason, conversation)
    failures = delivery.failures + 1
    place, after = delivery.place + 1, timedelta(0)
    if delivery.receipt is not None or place >= len(delivery.route):
        place = 0 if delivery.receipt is None else delivery.place
        after = ALL_REFUSED_FIRST if failures <= HOURLY_TRIES else ALL_REFUSED_LATER
    return Standing(
        State.READY,
        after,
        place,
        plain=False,
        failures=failures,
        refusal=refusal,
        reason=reason,
        window=None,
    )


def pause(failures: int) -> timedelta:
    """How long to wait after an attempt that was not sent: 1, 2, 4 … s, at most 5 min."""
    return min(timedelta(seconds=2 ** min(failures, 16)), LONGEST_PAUSE)
