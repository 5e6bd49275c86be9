"""The one booking that uses a link up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.orm import Session

from scheduling.bookings.guests import add_guests
from scheduling.bookings.rooms import place_of_meeting
from scheduling.calendars.locks import lock_for_use, lock_hosts
from scheduling.contacts import Booker
from scheduling.database.models import (
    Appointment,
    Booking,
    Occupation,
    OneTimeLink,
)
from scheduling.errors import CalendarInactive, PhoneMissing, StartTaken, UnknownLink
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.failpoints import failpoint
from scheduling.links.contact_words import remember_words
from scheduling.links.details import not_active
from scheduling.links.status import LinkStatus, is_active, status_of
from scheduling.places import PlaceKind
from scheduling.secrets.keyring import SecretRecord
from scheduling.secrets.stable_ids import stable_id
from scheduling.times.assignment import able_hosts, assign_hosts, assign_seat
from scheduling.times.availability import OpenTime
from scheduling.times.open_times import Bookable, bookable, find_open_time

FAIRNESS: Final = timedelta(days=15)
"""Round Robin evens out the meetings of so long before a start and so long after it: 30 days."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking that is stored; replay is True where this submission had made it before."""

    booking_id: int
    secret: SecretRecord
    link_public_id: str
    replay: bool


def book(
    session: Session,
    *,
    lookups: tuple[bytes, ...],
    submission_id: str,
    start: datetime,
    booker: Booker,
    secret: SecretRecord,
    now: datetime,
) -> Booked:
    """Book, and use the link up: both or neither.

    Args:
        submission_id: of the form that was fetched; sent again, it answers with its own booking.
        secret: of the booking to be.

    Raises:
        UnknownLink: no link has this token.
        LinkNotActive: another booking, a deletion or the deadline came first.
        CalendarInactive, PhoneMissing, StartTaken: nothing is changed, the link stays active.
    """
    link, own = _find(session, lookups, submission_id)
    if own is not None:
        return own
    if status_of(link, now=now) is not LinkStatus.ACTIVE:
        raise not_active(link, now=now)  # for good, so nobody queues for the locks to hear it
    calendar = lock_for_use(session, link.calendar_id)
    hosts = lock_hosts(session, calendar.id)
    if not _redeem(session, link, now=now):
        # The same form, sent twice at once: the other one won while we waited for the lock.
        link, own = _find(session, lookups, submission_id)
        if own is not None:
            return own
        raise not_active(link, now=now)
    if calendar.deactivated_at is not None:
        raise CalendarInactive(calendar.slug, calendar.name)
    asks_phone = calendar.place_kind is PlaceKind.PHONE
    if asks_phone and not booker.phone:
        raise PhoneMissing
    rules = bookable(calendar, able_hosts(calendar.type, hosts))
    time = find_open_time(session, rules, start=start, now=now)
    if time is None:
        raise StartTaken(start)
    booking_id = _store(
        session,
        link,
        rules,
        time,
        submission_id=submission_id,
        booker=booker if asks_phone else replace(booker, phone=""),
        secret=secret,
        now=now,
    )
    add_guests(session, booking_id=booking_id, booker=booker, now=now)
    remember_words(
        session,
        workspace_id=link.workspace_id,
        link_id=link.id,
        name=booker.name,
        of_booker=True,
    )
    record(
        session,
        Event(link.workspace_id, EventKind.BOOKING_MADE, booking_id, at=now, nonce=secret.nonce),
    )
    return Booked(booking_id, secret, link.public_id, replay=False)


def own_booking(
    session: Session, *, lookups: tuple[bytes, ...], submission_id: str
) -> Booked | None:
    """Return what this submission booked with the link already; None: nothing.

    Raises:
        UnknownLink: no link has this token.
    """
    return _find(session, lookups, submission_id)[1]


def _find(
    session: Session, lookups: tuple[bytes, ...], submission_id: str
) -> tuple[OneTimeLink, Booked | None]:
    """Return the link as it is now, and what this submission booked with it already."""
    is_own = and_(Booking.link_id == OneTimeLink.id, Booking.submission_id == submission_id)
    row = session.execute(
        select(OneTimeLink, Booking)
        .outerjoin(Booking, is_own)
        .where(OneTimeLink.lookup.in_(lookups))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise UnknownLink
    # To mypy an outer join always finds something.
    link, own = cast("tuple[OneTimeLink, Booking | None]", row)
    if own is None:
        return link, None
    secret = SecretRecord(own.key_id, own.nonce, own.lookup)
    return link, Booked(own.id, secret, link.public_id, replay=True)


def _redeem(session: Session, link: OneTimeLink, *, now: datetime) -> bool:
    """Use the link up if it is active. The condition is in the UPDATE: of two, one gets through."""
    failpoint("before_redeem")
    # A clock that was set back, or another machine's: no link is used before it was issued.
    used_at = max(now, link.issued_at)
    redeemed = session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, is_active(now))
        .values(used_at=used_at)
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session=False)
    )
    failpoint("redeemed")
    return redeemed is not None


def _store(
    session: Session,
    link: OneTimeLink,
    rules: Bookable,
    time: OpenTime,
    *,
    submission_id: str,
    booker: Booker,
    secret: SecretRecord,
    now: datetime,
) -> int:
    """Store the booking; return its id."""
    return session.execute(
        insert(Booking)
        .values(
            workspace_id=link.workspace_id,
            appointment_id=take(session, link.workspace_id, rules, time, nonce=secret.nonce),
            seat=assign_seat(time.free_seats),
            link_id=link.id,
            submission_id=submission_id,
            nonce=secret.nonce,
            uid=stable_id("uid", secret.nonce),
            key_id=secret.key_id,
            lookup=secret.lookup,
            contact_name=booker.name,
            contact_email=booker.email,
            notes=booker.notes,
            zone=booker.zone,
            language=booker.language,
            twelve_hours=booker.clock.twelve_hours,
            phone=booker.phone or None,
            booked_at=now,
        )
        .returning(Booking.id)
    ).scalar_one()


def take(
    session: Session, workspace_id: int, calendar: Bookable, time: OpenTime, *, nonce: bytes
) -> int:
    """Return the appointment at this time: a running class, or one that takes its hosts now.

    Args:
        nonce: of the booking, whose own UID follows from it too.
    """
    if time.joins is not None:
        return time.joins.id
    rules = calendar.rules
    meetings = meetings_around(session, time)
    hosts = assign_hosts(rules.type, time.free_hosts, meetings)
    place = place_of_meeting(session, calendar_id=calendar.calendar_id, hosts=hosts)
    appointment_id = session.execute(
        insert(Appointment)
        .values(
            workspace_id=workspace_id,
            calendar_id=calendar.calendar_id,
            starts_at=time.start,
            ends_at=time.end,
            seats=rules.seats,
            uid=stable_id("appointment", nonce),
            sequence=0,
            place_kind=place and place.kind,
            place_text=(place and place.text) or None,
        )
        .returning(Appointment.id)
    ).scalar_one()
    for host in hosts:
        session.execute(
            insert(Occupation).values(
                workspace_id=workspace_id,
                resource_id=host,
                appointment_id=appointment_id,
                starts_at=time.start - rules.buffer_before,
                ends_at=time.end + rules.buffer_after,
            )
        )
    return appointment_id


def meetings_around(session: Session, time: OpenTime) -> dict[int, int]:
    """Count the meetings of each free host around the start; what was cancelled does not count."""
    if len(time.free_hosts) == 1:
        return {}
    counted = session.execute(
        select(Occupation.resource_id, func.count())
        .join(Appointment, Appointment.id == Occupation.appointment_id)
        .where(
            Occupation.resource_id.in_(time.free_hosts),
            Occupation.released_at.is_(None),
            Appointment.starts_at >= time.start - FAIRNESS,
            Appointment.starts_at < time.start + FAIRNESS,
            Appointment.cancelled_at.is_(None),
        )
        .group_by(Occupation.resource_id)
    )
    return {host: number for host, number in counted}  # noqa: C416  # a Row is no tuple to mypy
