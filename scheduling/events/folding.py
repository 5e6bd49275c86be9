"""News on its way to somebody who is told already: it becomes a line in what they get.

A delivery that a place refused goes on to the next. Where another delivery of the same event stands
or goes there, two messages would say the same: the first one ends, as done without a receipt, and
the other one is shown anew with the reason in it.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session, aliased

from scheduling.database.models import Booking, DeliveryRow, EventRow
from scheduling.events.deliveries import Delivery, Refusal, State
from scheduling.events.destinations import recipients_of, route_of
from scheduling.events.parties import Happening


@dataclass(frozen=True, slots=True)
class Folded:
    """Who could not be told otherwise.

    Attributes:
        recipient: as in a delivery.
        route: where they would have been told, the best place first.
        refusal: why that place refused.
    """

    recipient: str
    route: tuple[str, ...]
    refusal: Refusal


def find_teller(session: Session, row: DeliveryRow, place: str) -> DeliveryRow | None:
    """Return the delivery that tells whoever is at the place already, locked; None: there is none.

    Args:
        row: what is about to go there.
    """
    event = session.get_one(EventRow, row.event_id)
    happened = Happening(event.kind, event.subject_id, event.actor, event.at, event.details)
    for one in recipients_of(session, happened):
        if (one.destination, one.recipient) == (row.destination, row.recipient):
            continue
        of_it = DeliveryRow.card == one.card if one.card else DeliveryRow.event_id == row.event_id
        found = session.scalar(
            select(DeliveryRow)
            .where(
                of_it,
                DeliveryRow.destination == one.destination,
                DeliveryRow.recipient == one.recipient,
                DeliveryRow.destination == row.destination,
                DeliveryRow.lane == place,
                ~_is_folded(),
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if found is not None:
            return found
    return None


def take_along(session: Session, row: DeliveryRow, *, left: str) -> None:
    """Have what is told by a delivery that moves on told where it goes."""
    session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.event_id == row.event_id,
            DeliveryRow.destination == row.destination,
            DeliveryRow.lane == left,
            DeliveryRow.id != row.id,
            _is_folded(),
        )
        .values(lane=row.lane)
        .execution_options(synchronize_session=False)
    )


def folded_into(session: Session, *, delivery: Delivery) -> tuple[Folded, ...]:
    """Return what a delivery must tell besides, the oldest first."""
    own = aliased(Booking)
    bookings = select(Booking.id).where(Booking.id == delivery.subject_id)
    if delivery.card is not None:  # it shows a meeting, and all the bookings of it
        bookings = (
            select(Booking.id)
            .join(own, own.appointment_id == Booking.appointment_id)
            .where(own.id == delivery.subject_id)
        )
    rows = session.execute(
        select(DeliveryRow, EventRow)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .where(
            EventRow.kind == delivery.kind,
            EventRow.subject_id.in_(bookings),
            DeliveryRow.destination == delivery.destination,
            DeliveryRow.lane == delivery.goes_to,
            _is_folded(),
        )
        .order_by(DeliveryRow.id)
    ).all()
    return tuple(
        Folded(row.recipient, _route(session, row, event), Refusal(row.refusal, row.refused_place))
        for row, event in rows
        if row.refusal is not None
    )


def _route(session: Session, row: DeliveryRow, event: EventRow) -> tuple[str, ...]:
    happened = Happening(event.kind, event.subject_id, event.actor, event.at, event.details)
    return route_of(session, happened, destination=row.destination, recipient=row.recipient)


def _is_folded() -> ColumnElement[bool]:
    return and_(
        DeliveryRow.state == State.DONE,
        DeliveryRow.place > 0,
        DeliveryRow.receipt_place.is_(None),
    )
