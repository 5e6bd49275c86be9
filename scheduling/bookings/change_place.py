"""A host says where a meeting is: one that stands gets another place, everybody is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from scheduling.database.models import Appointment, Booking, Calendar, Occupation, Resource
from scheduling.errors import MeetingOver, NotYourMeeting
from scheduling.events.editing import edit_private_messages
from scheduling.events.journal import Event, record_again
from scheduling.events.kinds import EventKind
from scheduling.links.permissions import Actor
from scheduling.places import Place, PlaceKind
from scheduling.workspaces import mail_sender


@dataclass(frozen=True, slots=True)
class PlaceChanged:
    """What came of it.

    Attributes:
        meetings: how many have another place now; those that had it already do not count.
        contacts: names of those who are to know, in the order in which they booked.
        by_mail: they are written to; False: there is no mail.
    """

    meetings: int
    contacts: tuple[str, ...]
    by_mail: bool


def change_place(
    session: Session, *, appointment_id: int, place: Place, actor: Actor, now: datetime
) -> PlaceChanged:
    """Give a meeting that is still to come or runs another place. Done again, it changes nothing.

    Raises:
        MeetingOver: it is over, was cancelled or never was.
        NotYourMeeting: they are neither its host, the calendar's owner nor an admin.
    """
    found = session.scalar(
        select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    )
    if found is None or found.cancelled_at is not None or found.ends_at <= now:
        raise MeetingOver
    owner = session.scalars(select(Calendar.owner).where(Calendar.id == found.calendar_id)).one()
    hosts = _hosts(session, appointment_id)
    if not (actor.is_admin or actor.user_id in {owner, *hosts}):
        raise NotYourMeeting(hosts, owner)
    return _move(session, [found], place, actor.user_id, now)


def count_in_own_room(session: Session, *, user_id: str, now: datetime) -> int:
    """Count the coming meetings of a host that are in a room of theirs, but not in the present one.

    0 for somebody who has no room.
    """
    return len(session.scalars(select(Appointment.id).where(*_elsewhere(user_id, now))).all())


def use_own_room(session: Session, *, user_id: str, now: datetime) -> PlaceChanged:
    """Have the coming meetings of a host take place in the room that they have now."""
    found = session.scalars(
        select(Appointment)
        .where(*_elsewhere(user_id, now))
        .order_by(Appointment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    room = session.scalar(select(Resource.room_url).where(Resource.slack_user_id == user_id))
    return _move(session, found, Place(PlaceKind.HOST_ROOM, room or ""), user_id, now)


def _elsewhere(user_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say of an appointment: it is to come, in a room of this host's that is not the present one.

    Of hosts who meet together it is theirs if it is nobody else's.
    """
    host, other = aliased(Resource), aliased(Resource)
    takes, takes_other = aliased(Occupation), aliased(Occupation)
    is_host = exists().where(
        takes.appointment_id == Appointment.id,
        takes.released_at.is_(None),
        host.id == takes.resource_id,
        host.slack_user_id == user_id,
        host.room_url.is_not(None),
        or_(Appointment.place_text.is_(None), Appointment.place_text != host.room_url),
    )
    is_of_another = exists().where(
        takes_other.appointment_id == Appointment.id,
        takes_other.released_at.is_(None),
        other.id == takes_other.resource_id,
        other.slack_user_id != user_id,
        other.room_url == Appointment.place_text,
    )
    return (
        Appointment.place_kind == PlaceKind.HOST_ROOM,
        Appointment.starts_at > now,
        Appointment.cancelled_at.is_(None),
        is_host,
        ~is_of_another,
    )


def _hosts(session: Session, appointment_id: int) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Resource.slack_user_id)
            .join(Occupation, Occupation.resource_id == Resource.id)
            .where(Occupation.appointment_id == appointment_id, Occupation.released_at.is_(None))
            .order_by(Resource.id)
        )
    )


def _move(
    session: Session, meetings: Sequence[Appointment], place: Place, by: str, now: datetime
) -> PlaceChanged:
    moved = [
        one
        for one in meetings
        if (one.place_kind, one.place_text) != (place.kind, place.text or None)
    ]
    for one in moved:
        one.place_kind, one.place_text = place.kind, place.text or None
        one.sequence += 1
    session.flush()
    stands = and_(
        Booking.appointment_id.in_([one.id for one in moved]), Booking.cancelled_at.is_(None)
    )
    bookings = session.scalars(select(Booking).where(stands).order_by(Booking.id)).all()
    for booking in bookings:
        record_again(
            session,
            Event(
                booking.workspace_id,
                EventKind.BOOKING_PLACE_CHANGED,
                booking.id,
                now,
                nonce=booking.nonce,
                actor=by,
                details={"place": place.kind.value},
            ),
        )
    edit_private_messages(session, booking_ids=[booking.id for booking in bookings])
    return PlaceChanged(
        meetings=len(moved),
        contacts=tuple(booking.contact_name for booking in bookings),
        by_mail=mail_sender(session) is not None,
    )
