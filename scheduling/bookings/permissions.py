"""Who may read a booking's address and note."""

from sqlalchemy import ColumnElement, exists, or_, true

from scheduling.bookings.assigned import IS_ASSIGNED
from scheduling.database.models import (
    Appointment,
    Booking,
    Calendar,
    Occupation,
    OneTimeLink,
    Resource,
)
from scheduling.links.permissions import Actor


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Say of a booking joined to its link and its calendar: it concerns this person.

    That is its hosts, the link's issuer, the calendar's owner and admins.
    """
    if actor.is_admin:
        return true()
    hosts_it = exists().where(
        Occupation.appointment_id == Booking.appointment_id,
        Appointment.id == Booking.appointment_id,
        IS_ASSIGNED,
        Resource.id == Occupation.resource_id,
        Resource.slack_user_id == actor.user_id,
    )
    return or_(OneTimeLink.issued_by == actor.user_id, Calendar.owner == actor.user_id, hosts_it)
