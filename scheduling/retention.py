"""What is kept for a while only: request keys, and what happened long ago and was told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from scheduling.database.models import (
    Appointment,
    Booking,
    DeliveryRow,
    EventRow,
    OneTimeLink,
    Request,
)
from scheduling.events.kinds import EventKind

KEYS_KEPT: Final = timedelta(days=1)
"""Slack hands a request over again within the hour."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the events in their order, looked through.

    Attributes:
        over: ids of those whose time is over.
        last: instant and id of its last event, from where the next one goes on; None: it was the
            last stretch.
    """

    over: tuple[int, ...]
    last: tuple[datetime, int] | None


def forget_request_keys(session: Session, *, now: datetime, limit: int) -> int:
    """Delete the oldest keys that are older than a day; return how many they were."""
    old = (
        select(Request.workspace_id, Request.key)
        .where(Request.at < now - KEYS_KEPT)
        .order_by(Request.at)
        .limit(limit)
    )
    gone = session.execute(
        delete(Request)
        .where(tuple_(Request.workspace_id, Request.key).in_(old))
        .returning(Request.key)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def look_through_events(
    session: Session, *, before: datetime, after: tuple[datetime, int] | None, limit: int
) -> Stretch:
    """Find events of things that were over before an instant: so old, few are of anything else.

    Args:
        after: where the stretch before this one ended; None: begin with the oldest.
    """
    condition: ColumnElement[bool] = EventRow.at < before
    if after is not None:
        at, id_ = after
        later = or_(EventRow.at > at, EventRow.id > id_)
        condition = and_(condition, EventRow.at >= at, later)  # a range of the index
    rows = session.execute(
        _with_their_ends().where(condition).order_by(EventRow.at, EventRow.id).limit(limit)
    ).all()
    return Stretch(
        over=tuple(row.id for row in rows if row.ended_at < before),
        last=(rows[-1].at, rows[-1].id) if len(rows) == limit else None,
    )


def _with_their_ends() -> Select[int, datetime, datetime]:
    """Select events and when what they are about ended: the meeting, else the link."""
    of_booking = EventRow.kind.in_([kind for kind in EventKind if kind.subject == "booking"])
    of_link = EventRow.kind.in_([kind for kind in EventKind if kind.subject == "link"])
    booking = aliased(Booking)
    link_id = case((of_link, EventRow.subject_id), else_=Booking.link_id)
    ended_at = func.coalesce(
        Appointment.ends_at,
        OneTimeLink.deleted_at,
        OneTimeLink.expires_at,
        OneTimeLink.issued_at,
        EventRow.at,
    )
    return (
        select(EventRow.id, EventRow.at, ended_at.label("ended_at"))
        .outerjoin(Booking, and_(of_booking, Booking.id == EventRow.subject_id))
        .outerjoin(OneTimeLink, OneTimeLink.id == link_id)
        .outerjoin(booking, booking.link_id == OneTimeLink.id)
        .outerjoin(Appointment, Appointment.id == booking.appointment_id)
    )


def forget_events(session: Session, *, ids: Collection[int]) -> int:
    """Delete events with their deliveries; return how many events they were.

    What still waits to be told stays, and so does an event that a delivery of another names.
    """
    session.execute(
        delete(DeliveryRow)
        .where(DeliveryRow.event_id.in_(ids), DeliveryRow.closed_at.is_not(None))
        .execution_options(synchronize_session=False)
    )
    named = exists().where(DeliveryRow.event_id == EventRow.id) | exists().where(
        DeliveryRow.overtaken_by == EventRow.id
    )
    gone = session.execute(
        delete(EventRow)
        .where(EventRow.id.in_(ids), ~named)
        .returning(EventRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
