"""A delivery that was tried, and how it stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduling.events.deliveries import Delivery, Refusal, State, Window
from scheduling.events.kinds import EventKind
from scheduling.events.standing import Standing

BEGAN_AT = datetime(2026, 12, 3, 9, tzinfo=UTC)
ENDED_AT = BEGAN_AT + timedelta(seconds=2)
LONG_AGO = BEGAN_AT - timedelta(minutes=5)
QUARANTINE = timedelta(seconds=60)
ROUTE = ("C0SALES", "U0ANA", "U0SAM")
FIRST = Delivery(
    id=1,
    kind=EventKind.BOOKING_MADE,
    subject_id=7,
    destination="slack",
    recipient="channel",
    notification_id="f4a3cf5e-0000-5000-8000-000000000001",
    route=ROUTE,
)
EARLIER = Window(LONG_AGO, None)
UNSURE_SINCE = replace(FIRST, claims=4, failures=3, window=EARLIER)
ARCHIVED = Refusal("is_archived", "C0SALES")


def standing(
    state: State,
    *,
    after: timedelta = timedelta(0),
    place: int = 0,
    plain: bool = False,
    failures: int = 1,
    refusal: Refusal | None = None,
    reason: str | None = None,
    window: Window | None = None,
) -> Standing:
    return Standing(state, after, place, plain, failures, refusal, reason, window)
