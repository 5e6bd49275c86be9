"""A contact who is erased: name, address and notes go from every table, and from our messages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from scheduling.contacts import ERASED_NAME
from scheduling.database.models import (
    Appointment,
    Booking,
    ContactWord,
    ErasureRow,
    Guest,
    OneTimeLink,
)
from scheduling.events.editing import edit_forgotten_card, edit_messages, edit_private_messages
from scheduling.events.journal import Event, record_again
from scheduling.events.kinds import EventKind
from scheduling.links.status import is_active
from scheduling.workspaces import find_workspace

ERASE: Final = "OTL erase"
"""Stands where an event says who did it; no Slack user has such an id."""

NAME_ALONE: Final = and_(OneTimeLink.contact_name.is_not(None), OneTimeLink.contact_email.is_(None))


@dataclass(frozen=True, slots=True)
class Erasure:
    """What came of an erasure.

    Attributes:
        links: how many links no longer say whom they were issued for.
        bookings: how many bookings no longer say who booked, or whom they bring along.
        messages: how many messages of ours are edited.
        still_active: how many of the links can still be booked with.
        refused_for: public id of a link whose meeting is still to come: nothing was erased.
    """

    links: int = 0
    bookings: int = 0
    messages: int = 0
    still_active: int = 0
    refused_for: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Ids of what names the contact.

    Attributes:
        links: issued for them.
        bookings: made by them.
        around: all links of both: what is told of one of these may name them.
    """

    links: frozenset[int]
    bookings: frozenset[int]
    around: frozenset[int]


def erase_contact(session: Session, *, email: str, request_id: str, now: datetime) -> Erasure:
    """Erase whoever has this address, whatever its case; done again, it finds nothing.

    What names them by name alone goes too where it is certainly theirs: a link that they booked
    with, and those that it replaced.

    Args:
        request_id: handed in again, it answers with what came of it.
    """
    done = find_erasure(session, request_id=request_id)
    workspace = find_workspace(session)
    if done is not None or workspace is None:
        return done or Erasure()
    found = _find_and_lock(session, email)
    coming = _coming_meeting(session, found.bookings, now)
    erasure = Erasure(refused_for=coming)
    if coming is None:
        _forget_former_address(session, email)
        brought_along = _forget_guest(session, email)
        messages = _edit_messages(session, workspace.id, found, now)
        still_active = select(func.count()).where(OneTimeLink.id.in_(found.links), is_active(now))
        erasure = Erasure(
            len(found.links),
            len(found.bookings) + brought_along,
            messages,
            session.scalar(still_active) or 0,
        )
        _erase(session, found)
    session.add(
        ErasureRow(
            workspace_id=workspace.id,
            request_id=request_id,
            at=now,
            links=erasure.links,
            bookings=erasure.bookings,
            messages=erasure.messages,
            still_active=erasure.still_active,
            refused_for=erasure.refused_for,
        )
    )
    session.flush()
    return erasure


def find_erasure(session: Session, *, request_id: str) -> Erasure | None:
    """Return what came of it; None: it was not taken up yet."""
    row = session.scalar(select(ErasureRow).where(ErasureRow.request_id == request_id))
    if row is None:
        return None
    return Erasure(row.links, row.bookings, row.messages, row.still_active, row.refused_for)


def _find_and_lock(session: Session, email: str) -> _Found:
    """Find what names them, and hold it.

    On PostgreSQL a link may be regenerated, or booked, until its row is ours: look again then.
    """
    locked: frozenset[int] = frozenset()
    while True:
        found = _find(session, email)
        if found.around <= locked:
            return found
        locked |= found.around
        session.execute(
            select(OneTimeLink.id)
            .where(OneTimeLink.id.in_(locked))
            .order_by(OneTimeLink.id)
            .with_for_update()
        )


def _find(session: Session, email: str) -> _Found:
    bookings = _with_address(session, Booking.id, Booking.contact_email, email)
    booked = set(
        session.scalars(select(OneTimeLink.id).join(Booking).where(Booking.id.in_(bookings)))
    )
    by_name = set(
        session.scalars(select(OneTimeLink.id).where(OneTimeLink.id.in_(booked), NAME_ALONE))
    )
    links = _with_address(session, OneTimeLink.id, OneTimeLink.contact_email, email)
    links |= by_name | _in_their_chains(session, by_name, bookings)
    return _Found(frozenset(links), frozenset(bookings), frozenset(links | booked))


def _with_address(
    session: Session,
    id_: InstrumentedAttribute[int],
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    email: str,
) -> set[int]:
    """Return the rows with this address. What is the same letter only Python knows on both."""
    domain = email.rpartition("@")[2].lower()
    candidates = session.execute(
        select(id_, column).where(func.lower(column).endswith(f"@{domain}", autoescape=True))
    )
    return {row for row, text in candidates if (text or "").casefold() == email.casefold()}


def _forget_former_address(session: Session, email: str) -> None:
    """Forget a mistyped address that was corrected: the meeting is somebody else's."""
    session.execute(
        update(Booking)
        .where(Booking.id.in_(_with_address(session, Booking.id, Booking.former_email, email)))
        .values(former_email=None)
        .execution_options(synchronize_session=False)
    )


def _forget_guest(session: Session, email: str) -> int:
    """Forget somebody whom others brought along; return to how many meetings.

    Who reads of these bookings in Slack reads it no more.
    """
    bookings = session.scalars(select(Guest.booking_id).where(Guest.email == email.lower())).all()
    edit_private_messages(session, booking_ids=bookings)
    session.execute(delete(Guest).where(Guest.email == email.lower()))
    return len(bookings)


def _in_their_chains(session: Session, links: Collection[int], theirs: Collection[int]) -> set[int]:
    """Return links that one of these replaced or was replaced by: they are for the same contact.

    Not those that somebody else booked.
    """
    other = aliased(OneTimeLink)
    found: set[int] = set()
    ends = set(links)
    while ends:
        replaced = select(other.replaces_id).where(other.id.in_(ends))
        neighbours = session.scalars(
            select(OneTimeLink.id)
            .outerjoin(Booking, Booking.link_id == OneTimeLink.id)
            .where(
                or_(OneTimeLink.id.in_(replaced), OneTimeLink.replaces_id.in_(ends)),
                NAME_ALONE,
                or_(Booking.id.is_(None), Booking.id.in_(theirs)),
            )
        )
        ends = set(neighbours) - found - set(links)
        found |= ends
    return found


def _coming_meeting(session: Session, bookings: Collection[int], now: datetime) -> str | None:
    return session.scalar(
        select(OneTimeLink.public_id)
        .join(Booking, Booking.link_id == OneTimeLink.id)
        .join(Appointment, Appointment.id == Booking.appointment_id)
        .where(Booking.id.in_(bookings), Booking.cancelled_at.is_(None), Appointment.ends_at > now)
        .order_by(Appointment.starts_at, Booking.id)
        .limit(1)
    )


def _edit_messages(session: Session, workspace_id: int, found: _Found, now: datetime) -> int:
    """Have what names them in Slack edited; deliveries are locked before bookings, as elsewhere."""
    around = session.scalars(
        select(Booking).where(Booking.link_id.in_(found.around)).order_by(Booking.id)
    ).all()
    number = edit_messages(
        session, link_ids=found.around, booking_ids=[booking.id for booking in around]
    )
    for link_id in sorted(found.links):
        record_again(session, Event(workspace_id, EventKind.LINK_ERASED, link_id, now, actor=ERASE))
    for booking in around:
        event = Event(workspace_id, EventKind.BOOKING_ERASED, booking.id, now, actor=ERASE)
        event, event_id = record_again(session, event)
        number += edit_forgotten_card(session, event, event_id, booking)
    return number


def _erase(session: Session, found: _Found) -> None:
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id.in_(found.links))
        .values(contact_name=None, contact_email=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Booking)
        .where(Booking.id.in_(found.bookings))
        .values(
            contact_name=ERASED_NAME,
            contact_email="",
            notes="",
            phone=None,
            former_email=None,
            reason=None,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Guest).where(Guest.booking_id.in_(found.bookings)))
    booked = select(Booking.link_id).where(Booking.id.in_(found.bookings))
    session.execute(
        delete(ContactWord)
        .where(
            or_(
                and_(ContactWord.link_id.in_(found.links), ContactWord.of_booker.is_(False)),
                and_(ContactWord.link_id.in_(booked), ContactWord.of_booker.is_(True)),
            )
        )
        .execution_options(synchronize_session=False)
    )
