"""What a database really holds, asked by SQL and not through the use cases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


def count(session: Session, table: str, where: str = "1 = 1") -> int:
    """Count the rows of a table."""
    number: int = session.execute(
        text(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608  # words of the tests
    ).scalar_one()
    return number


def rows(session: Session, statement: str) -> Sequence[tuple[Any, ...]]:
    """Return what a SELECT finds, as plain tuples."""
    return [tuple(row) for row in session.execute(text(statement))]


def overlaps(session: Session) -> Sequence[tuple[Any, ...]]:
    """Return the pairs of occupations in which one resource is taken twice."""
    return rows(
        session,
        "SELECT one.id, other.id FROM occupation AS one JOIN occupation AS other"
        " ON other.resource_id = one.resource_id AND one.id < other.id"
        " AND one.released_at IS NULL AND other.released_at IS NULL"
        " AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at",
    )


HALF_DONE = {
    "a meeting that is over and still takes time": (
        "SELECT occupation.id FROM occupation"
        " JOIN appointment ON appointment.id = occupation.appointment_id"
        " WHERE appointment.cancelled_at IS NOT NULL AND occupation.released_at IS NULL"
    ),
    "a meeting that stands without anybody in it": (
        "SELECT id FROM appointment WHERE cancelled_at IS NULL AND id NOT IN"
        " (SELECT appointment_id FROM booking WHERE cancelled_at IS NULL)"
    ),
    "a booking that stands in a meeting that is over": (
        "SELECT booking.id FROM booking JOIN appointment"
        " ON appointment.id = booking.appointment_id"
        " WHERE booking.cancelled_at IS NULL AND appointment.cancelled_at IS NOT NULL"
    ),
    "a booking whose link is not used": (
        "SELECT booking.id FROM booking JOIN one_time_link AS link ON link.id = booking.link_id"
        " WHERE link.used_at IS NULL"
    ),
    "a used link without a booking": (
        "SELECT id FROM one_time_link WHERE used_at IS NOT NULL"
        " AND id NOT IN (SELECT link_id FROM booking)"
    ),
    "a booking that its channel is not told about": (
        "SELECT booking.id FROM booking JOIN one_time_link AS link ON link.id = booking.link_id"
        " WHERE link.channel_id LIKE 'C%' AND booking.id NOT IN"
        " (SELECT subject_id FROM event JOIN delivery ON delivery.event_id = event.id"
        " WHERE kind = 'booking.made' AND recipient = 'channel')"
    ),
    "a booking that a host is not told about": (
        "SELECT booking.id FROM booking"
        " JOIN occupation ON occupation.appointment_id = booking.appointment_id"
        " WHERE occupation.released_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM delivery JOIN event ON event.id = delivery.event_id"
        " WHERE recipient = 'host:' || occupation.resource_id"
        " AND (kind IN ('booking.made', 'booking.moved') AND subject_id = booking.id"
        " OR card = 'appointment:' || booking.appointment_id))"
    ),
    "a booking that its link's issuer is not told about": (
        "SELECT booking.id FROM booking JOIN one_time_link AS link ON link.id = booking.link_id"
        " WHERE link.issued_by NOT IN (SELECT slack_user_id FROM resource"
        " JOIN occupation ON occupation.resource_id = resource.id"
        " WHERE occupation.appointment_id = booking.appointment_id)"
        " AND NOT EXISTS (SELECT 1 FROM delivery JOIN event ON event.id = delivery.event_id"
        " WHERE kind = 'booking.made' AND subject_id = booking.id AND recipient = 'issuer')"
    ),
    "an event of no booking": (
        "SELECT id FROM event WHERE kind = 'booking.made'"
        " AND subject_id NOT IN (SELECT id FROM booking)"
    ),
    "an appointment that takes nobody's time": (
        "SELECT id FROM appointment WHERE cancelled_at IS NULL AND id NOT IN"
        " (SELECT appointment_id FROM occupation WHERE released_at IS NULL)"
    ),
}


def half_done(session: Session) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return what a booking left incomplete, by kind; {} if all is whole."""
    found = {what: rows(session, statement) for what, statement in HALF_DONE.items()}
    return {what: ids for what, ids in found.items() if ids}
