"""Who is told that a host has left Slack, or is back: whoever can do something about it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduling.database.models import (
    Appointment,
    Booking,
    Calendar,
    CalendarHost,
    Occupation,
    OneTimeLink,
    Resource,
)


def calendars_with(session: Session, resource_id: int, *, now: datetime) -> list[Calendar]:
    """Return the calendars that a host takes meetings of, or has meetings of to come; by name."""
    hosts = exists().where(
        CalendarHost.calendar_id == Calendar.id, CalendarHost.resource_id == resource_id
    )
    has_some_to_come = exists().where(
        Appointment.calendar_id == Calendar.id,
        Appointment.cancelled_at.is_(None),
        Appointment.ends_at > now,
        Occupation.appointment_id == Appointment.id,
        Occupation.resource_id == resource_id,
        Occupation.released_at.is_(None),
    )
    rows = session.scalars(
        select(Calendar).where(or_(hosts, has_some_to_come)).order_by(Calendar.name, Calendar.id)
    )
    return list(rows)


def who_acts_for(
    session: Session, calendar: Calendar, *, host: Resource, now: datetime
) -> tuple[str, ...]:
    """Return whoever is told of what befell a host of the calendar: Slack user ids.

    That is its owner. Where the owner is the host, or has left too, it is everybody who issued a
    link of it that is still to be used or whose meeting is to come; else the other hosts.
    """
    gone = set(session.scalars(select(Resource.slack_user_id).where(Resource.left_at.is_not(None))))
    gone |= {host.slack_user_id}
    if calendar.owner not in gone:
        return (calendar.owner,)
    issuers = _present(_issuers(session, calendar, now), gone)
    return issuers or _present(_hosts(session, calendar), gone)


def _present(people: Iterable[str], gone: set[str]) -> tuple[str, ...]:
    return tuple(one for one in people if one not in gone)


def _issuers(session: Session, calendar: Calendar, now: datetime) -> Iterable[str]:
    """Return who issued what still counts, whoever did it last first."""
    is_unused = and_(
        OneTimeLink.used_at.is_(None),
        OneTimeLink.deleted_at.is_(None),
        or_(OneTimeLink.expires_at.is_(None), OneTimeLink.expires_at > now),
    )
    is_to_come = exists().where(
        Booking.link_id == OneTimeLink.id,
        Booking.cancelled_at.is_(None),
        Appointment.id == Booking.appointment_id,
        Appointment.ends_at > now,
    )
    return session.scalars(
        select(OneTimeLink.issued_by)
        .where(OneTimeLink.calendar_id == calendar.id, or_(is_unused, is_to_come))
        .group_by(OneTimeLink.issued_by)
        .order_by(func.max(OneTimeLink.issued_at).desc(), OneTimeLink.issued_by)
    )


def _hosts(session: Session, calendar: Calendar) -> Iterable[str]:
    return session.scalars(
        select(Resource.slack_user_id)
        .join(CalendarHost, CalendarHost.resource_id == Resource.id)
        .where(CalendarHost.calendar_id == calendar.id)
        .order_by(Resource.id)
    )
