"""The meetings that somebody hosts and that are not over yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from scheduling.bookings.permissions import readable_by
from scheduling.calendars.find import CalendarDetails, Host, calendars_by_id
from scheduling.contacts import Contact
from scheduling.database.models import (
    Appointment,
    Booking,
    Calendar,
    Occupation,
    OneTimeLink,
    Resource,
)
from scheduling.links.details import contact_of, hosts_of_appointments
from scheduling.links.permissions import Actor
from scheduling.places import Place, stored_place


@dataclass(frozen=True, slots=True)
class Person:
    """Who booked a seat.

    Attributes:
        link_contact: whom the link was issued for; the booker may be somebody else.
        is_readable: the reader may see their address and note, see `readable_by`.
    """

    name: str
    link_public_id: str
    link_contact: Contact | None
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting, in what everybody in the workspace may read of it.

    Attributes:
        is_class: others may book it too.
        people: who booked last comes first; never empty.
        place: None: nobody says where it is.
    """

    appointment_id: int
    calendar: CalendarDetails
    hosts: tuple[Host, ...]
    starts_at: datetime
    ends_at: datetime
    is_class: bool
    people: tuple[Person, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class Meetings:
    """Some of the meetings of a person.

    Attributes:
        meetings: ascending, at most as many as were asked for.
        more: how many come after these.
        skipped: how many come before them.
    """

    user_id: str
    meetings: tuple[Meeting, ...]
    more: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class MeetingsState:
    """What tells whether a person's coming meetings are as they were.

    Attributes:
        fingerprint: differs from an earlier one if a meeting was booked, changed, cancelled or is
            over, if somebody in it was erased, or a calendar of theirs edited.
        next_end: when the next of them is over.
    """

    fingerprint: tuple[object, ...]
    next_end: datetime


def meetings_of(
    session: Session,
    *,
    workspace_id: int,
    user_id: str,
    reader: Actor,
    until: datetime | None,
    now: datetime,
    limit: int,
    skip: int = 0,
    calendar_ids: Collection[int] | None = None,
) -> Meetings:
    """Return the meetings that a person hosts: those that run now, and the next ones.

    Args:
        until: they begin before it; None: however late.
        skip: how many of the next to leave out; past the end it shows the last page.
        calendar_ids: of these calendars alone; None: of all.
    """
    conditions = _hosted(workspace_id, [user_id], now)
    if until is not None:
        conditions.append(Appointment.starts_at < until)
    if calendar_ids is not None:
        conditions.append(Appointment.calendar_id.in_(calendar_ids))
    ids = (
        select(Appointment.id)
        .join(Occupation, Occupation.appointment_id == Appointment.id)
        .join(Resource, Resource.id == Occupation.resource_id)
        .where(*conditions, Appointment.id.in_(select(Booking.appointment_id).where(_STANDS)))
    )
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    skip = min(skip, max(total - 1, 0) // limit * limit)
    rows = session.scalars(
        select(Appointment)
        .where(Appointment.id.in_(ids))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(limit)
        .offset(skip)
    ).all()
    return Meetings(user_id, _details(session, rows, reader), total - skip - len(rows), skip)


def meetings_states(
    session: Session, *, workspace_id: int, user_ids: Collection[str], now: datetime
) -> Mapping[str, MeetingsState]:
    """Return for each person whether their meetings are as they were; who has none is missing."""
    rows = session.execute(
        select(
            Resource.slack_user_id,
            func.min(Appointment.ends_at),
            func.max(Calendar.updated_at),
            func.count(Booking.id),
            func.max(Booking.id),
            func.sum(Appointment.sequence + Booking.sequence),
            func.count(func.nullif(Booking.contact_email, "")),
            func.count(OneTimeLink.contact_name),
        )
        .join(Occupation, Occupation.resource_id == Resource.id)
        .join(Appointment, Appointment.id == Occupation.appointment_id)
        .join(Calendar, Calendar.id == Appointment.calendar_id)
        .join(Booking, Booking.appointment_id == Appointment.id)
        .join(OneTimeLink, OneTimeLink.id == Booking.link_id)
        .where(*_hosted(workspace_id, user_ids, now), _STANDS)
        .group_by(Resource.slack_user_id)
    )
    return {
        user_id: MeetingsState((next_end, *facts), next_end) for user_id, next_end, *facts in rows
    }


_STANDS: ColumnElement[bool] = Booking.cancelled_at.is_(None)


def _hosted(
    workspace_id: int, user_ids: Collection[str], now: datetime
) -> list[ColumnElement[bool]]:
    """Say of an appointment joined to what it occupies: one of these hosts it, and it is to come.

    What it occupies ends no earlier than the meeting; that condition alone has an index.
    """
    return [
        Resource.workspace_id == workspace_id,
        Resource.slack_user_id.in_(user_ids),
        Occupation.ends_at > now,
        Occupation.released_at.is_(None),
        Appointment.ends_at > now,
        Appointment.cancelled_at.is_(None),
    ]


def _details(session: Session, rows: Collection[Appointment], reader: Actor) -> tuple[Meeting, ...]:
    ids = [row.id for row in rows]
    calendars = calendars_by_id(session, (row.calendar_id for row in rows))
    hosts = hosts_of_appointments(session, ids)
    people: dict[int, list[Person]] = {}
    for booking, link, is_readable in session.execute(
        select(Booking, OneTimeLink, readable_by(reader))
        .join(OneTimeLink, OneTimeLink.id == Booking.link_id)
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(Booking.appointment_id.in_(ids), _STANDS)
        .order_by(Booking.id.desc())
    ):
        person = Person(booking.contact_name, link.public_id, contact_of(link), bool(is_readable))
        people.setdefault(booking.appointment_id, []).append(person)
    return tuple(
        Meeting(
            appointment_id=row.id,
            calendar=calendars[row.calendar_id],
            hosts=hosts.get(row.id, ()),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            is_class=row.seats > 1,
            people=tuple(people[row.id]),
            place=stored_place(row.place_kind, row.place_text),
        )
        for row in rows
    )
