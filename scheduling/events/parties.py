"""Whom a booking concerns, as an event asks it: its link's issuer, its hosts, where its card is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from scheduling.bookings.assigned import IS_ASSIGNED
from scheduling.database.models import (
    Appointment,
    Booking,
    Calendar,
    Occupation,
    OneTimeLink,
    Resource,
)
from scheduling.events.kinds import EventKind

MEETING: Final = "appointment:"
"""With an appointment's id after it: the card that shows a meeting of a class and its people."""

HAS_ADDRESS: Final = func.coalesce(Resource.own_email, Resource.email).is_not(None)


@dataclass(frozen=True, slots=True)
class Happening:
    """What a rule is asked about: see `scheduling.events.journal.Event`."""

    kind: EventKind
    subject_id: int
    actor: str | None
    at: datetime
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Slack ids: who issued the link and where, whose calendar it is and which channel it has."""

    issuer: str
    issued_in: str
    channel: str | None
    owner: str


def hosts_who_left(details: Mapping[str, Any] | None) -> list[int]:
    """Return whom a move took the meeting from, by resource id."""
    return list((details or {}).get("left", ()))


def class_left(details: Mapping[str, Any] | None) -> int | None:
    """Return which appointment a seat was moved out of; None: the whole meeting was moved."""
    found: int | None = (details or {}).get("appointment")
    return found


def parties_of(session: Session, happened: Happening) -> Parties:
    row = session.execute(
        select(
            OneTimeLink.issued_by,
            OneTimeLink.channel_id,
            Calendar.notification_channel,
            Calendar.owner,
        )
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(OneTimeLink.id == _link_id(session, happened))
    ).one()
    return Parties(*row)


def hosts_of(session: Session, booking_id: int) -> dict[int, str]:
    """Return whose time the booking's meeting takes: Slack user ids by resource id."""
    found = session.execute(
        select(Resource.id, Resource.slack_user_id)
        .join(Occupation, Occupation.resource_id == Resource.id)
        .join(Booking, Booking.appointment_id == Occupation.appointment_id)
        .join(Appointment, Appointment.id == Booking.appointment_id)
        .where(Booking.id == booking_id, IS_ASSIGNED)
        .order_by(Resource.id)
    )
    return {id_: user_id for id_, user_id in found}  # noqa: C416  # a Row is no tuple to mypy


def users_of_resources(session: Session, resource_ids: Collection[int]) -> dict[int, str]:
    """Return the Slack user id of each."""
    found = session.execute(
        select(Resource.id, Resource.slack_user_id).where(Resource.id.in_(resource_ids))
    )
    return {id_: user_id for id_, user_id in found}  # noqa: C416  # a Row is no tuple to mypy


def channel_of_card(session: Session, booking_id: int) -> str | None:
    return session.scalar(select(Booking.card_channel).where(Booking.id == booking_id))


def is_over(session: Session, booking_id: int) -> bool:
    """Tell whether nobody is left in the meeting of a booking that was cancelled."""
    ended = session.scalar(
        select(Appointment.cancelled_at)
        .join(Booking, Booking.appointment_id == Appointment.id)
        .where(Booking.id == booking_id)
    )
    return ended is not None


def card_of_meeting(session: Session, booking_id: int) -> str | None:
    """Return the card of a booking's meeting; None where it is nobody else's."""
    meeting = session.execute(
        select(Appointment)
        .join(Booking, Booking.appointment_id == Appointment.id)
        .where(Booking.id == booking_id)
    ).scalar_one()
    return f"{MEETING}{meeting.id}" if meeting.seats > 1 else None


def hosts_in_mail(session: Session, happened: Happening) -> Iterable[int]:
    """Return whose address is known, by resource id.

    The host of a class has it once in their calendar, from the first contact in it to the last.
    """
    other = aliased(Booking)
    # Of what all of them are told, the first tells the host; of one who comes or goes, the only.
    is_of_all = happened.kind is EventKind.BOOKING_PLACE_CHANGED
    joins_others = exists().where(
        other.appointment_id == Booking.appointment_id,
        other.id < Booking.id if is_of_all else other.id != Booking.id,
        other.cancelled_at.is_(None),
    )
    return session.scalars(
        select(Resource.id)
        .join(Occupation, Occupation.resource_id == Resource.id)
        .join(Booking, Booking.appointment_id == Occupation.appointment_id)
        .join(Appointment, Appointment.id == Booking.appointment_id)
        .where(
            Booking.id == happened.subject_id,
            HAS_ADDRESS,
            or_(
                and_(IS_ASSIGNED, ~joins_others),
                Resource.id.in_(hosts_who_left(happened.details)),
            ),
        )
        .distinct()
        .order_by(Resource.id)
    ).all()


def hosts_of_class_left(session: Session, happened: Happening) -> Iterable[int]:
    """Return whose class ended when its last contact went to another one, by resource id."""
    left = class_left(happened.details)
    if left is None:
        return []
    return session.scalars(
        select(Occupation.resource_id)
        .join(Appointment, Appointment.id == Occupation.appointment_id)
        .join(Resource, Resource.id == Occupation.resource_id)
        .where(
            Appointment.id == left, Appointment.cancelled_at.is_not(None), IS_ASSIGNED, HAS_ADDRESS
        )
    ).all()


def _link_id(session: Session, happened: Happening) -> int:
    if happened.kind.subject == "link":
        return happened.subject_id
    return session.execute(
        select(Booking.link_id).where(Booking.id == happened.subject_id)
    ).scalar_one()
