"""How a delivery stands after an attempt: its state machine. Pure.

    ready → sending → done
              ├─ not sent, refused here, refused as blocks → ready, not before …
              └─ unsure (it may have arrived) → quarantine, look it up → done or sending again
    ready → overtaken (a later event tells it, or makes it untrue)
    sending → refused (for good: there is no other place for it)

`sending` carries a lease; a row whose lease ran out was left by a process that died, and is unsure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    Refusal,
    Refused,
    State,
    StillUnsure,
    TextRefused,
    Unsure,
    Window,
)

ALL_REFUSED_FIRST: Final = timedelta(hours=1)
ALL_REFUSED_LATER: Final = timedelta(days=1)
HOURLY_TRIES: Final = 24
LONGEST_PAUSE: Final = timedelta(minutes=5)
LOOK_ON_AFTER: Final = timedelta(seconds=1)
"""So long a look-up pauses that could not be read to its end."""


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


def standing_after(  # noqa: C901, PLR0911  # one case and one return an outcome
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
        case Refused(reason):
            return stands(State.REFUSED, refusal=Refusal(reason), reason=reason, window=None)


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
