"""What a move or a cancellation changed, read back from what was recorded of it."""

from dataclasses import dataclass
from datetime import datetime

from scheduling.events.deliveries import Delivery
from scheduling.events.destinations import HOST
from scheduling.events.kinds import EventKind


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a booking.

    Attributes:
        before: its start until it was moved; None: it was cancelled.
        actor: Slack user id of who did it; None: whoever booked.
        joined, left: recipients who host it since then, and who do not any more.
        class_left: id of the appointment that its seat was moved out of; None: all of it moved.
    """

    before: datetime | None
    actor: str | None
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    class_left: int | None = None

    def is_new_to(self, host: str) -> bool:
        """Tell of a recipient: they host it since then, or a class that somebody changed to."""
        return self.class_left is not None or host in self.joined


def change_of(delivery: Delivery) -> Change | None:
    """Return what a delivery tells; None: its event changed no time."""
    if delivery.kind is EventKind.BOOKING_CANCELLED:
        return Change(None, delivery.actor)
    if delivery.kind is not EventKind.BOOKING_MOVED:
        return None
    details = delivery.details or {}
    return Change(
        before=datetime.fromisoformat(details["from"]),
        actor=delivery.actor,
        joined=frozenset(f"{HOST}{id_}" for id_ in details.get("joined", ())),
        left=frozenset(f"{HOST}{id_}" for id_ in details.get("left", ())),
        class_left=details.get("appointment"),
    )
