"""Who has a meeting: whose time it takes, and of one that was cancelled whose time it took."""

from typing import Final

from sqlalchemy import ColumnElement

from scheduling.database.models import Appointment, Occupation

IS_ASSIGNED: Final[ColumnElement[bool]] = Occupation.released_at.is_not_distinct_from(
    Appointment.cancelled_at
)
"""Of an occupation joined to its appointment: a host who was replaced was released before."""
