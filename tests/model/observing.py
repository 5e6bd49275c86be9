"""What the database holds, in the words of the model."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import (
    Appointment,
    Booking,
    DeliveryRow,
    EventRow,
    Occupation,
    OneTimeLink,
    Resource,
)
from scheduling.events.deliveries import State
from scheduling.links.report import link_report
from tests.model.specification import View
from tests.stored import half_done, overlaps

MOST_LINKS: Final = 1000


def observed(session: Session, *, now: datetime) -> View:
    """Read how everything stands; statuses and counts as the report tells them."""
    report = link_report(
        session,
        workspace_id=1,
        calendar=None,
        public_id=None,
        user_id=None,
        only=None,
        now=now,
        limit=MOST_LINKS,
    )
    assert report.more == 0
    return View(
        {link.public_id: link.status.value for link in report.links},
        {status.value: number for status, number in report.counts.items()},
        {link.public_id: link.replaces for link in report.links},
        _bookings(session),
        _occupied(session),
        _deliveries(session),
    )


def broken_promises(session: Session) -> list[str]:
    """Return what must never be, whatever the model says; [] if all is whole."""
    found = [f"{what}: {ids}" for what, ids in half_done(session).items()]
    if taken_twice := overlaps(session):
        found.append(f"one resource taken twice: {taken_twice}")
    links = session.scalars(select(Booking.link_id)).all()
    if len(set(links)) != len(links):
        found.append("two bookings of one link")
    return found


def untold(session: Session) -> list[str]:
    """Return the ids of the notifications that are not done."""
    return list(
        session.scalars(select(DeliveryRow.notification_id).where(DeliveryRow.state != State.DONE))
    )


def to_tell(session: Session) -> list[str]:
    """Return the ids of all notifications."""
    return list(session.scalars(select(DeliveryRow.notification_id)))


def _bookings(session: Session) -> frozenset[tuple[str, str, datetime]]:
    found = session.execute(
        select(Booking.submission_id, OneTimeLink.public_id, Appointment.starts_at)
        .join(OneTimeLink, OneTimeLink.id == Booking.link_id)
        .join(Appointment, Appointment.id == Booking.appointment_id)
    )
    return frozenset((submission, link, start) for submission, link, start in found)


def _occupied(session: Session) -> frozenset[tuple[str, datetime, datetime]]:
    found = session.execute(
        select(Resource.slack_user_id, Occupation.starts_at, Occupation.ends_at).join(
            Resource, Resource.id == Occupation.resource_id
        )
    )
    return frozenset((host, begin, end) for host, begin, end in found)


def _deliveries(session: Session) -> tuple[tuple[str, str, str], ...]:
    """Return what happened, who is told, and to which form or link it happened."""
    forms = session.execute(select(Booking.id, Booking.submission_id)).all()
    links = session.execute(select(OneTimeLink.id, OneTimeLink.public_id)).all()
    subjects = {"booking": dict(map(tuple, forms)), "link": dict(map(tuple, links))}
    people = session.scalars(select(Resource))
    hosts = {f"host:{person.id}": f"host:{person.slack_user_id}" for person in people}
    found = session.execute(
        select(EventRow.kind, DeliveryRow.recipient, EventRow.subject_id).join(
            EventRow, EventRow.id == DeliveryRow.event_id
        )
    )
    return tuple(
        sorted(
            (kind.value, hosts.get(recipient, recipient), subjects[kind.subject][subject_id])
            for kind, recipient, subject_id in found
        )
    )
