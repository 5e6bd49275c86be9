"""The tables, a file a noun.

Facts with a time instead of flags; what must never be is refused by a constraint.
"""

from scheduling.database.models.base import Base
from scheduling.database.models.bookings import Appointment, Booking, Occupation
from scheduling.database.models.calendars import Calendar, CalendarHost, Resource
from scheduling.database.models.events import LedgerEntry, OutboxRow
from scheduling.database.models.keys import KnownKey
from scheduling.database.models.links import ContactWord, OneTimeLink
from scheduling.database.models.requests import SlackDelivery
from scheduling.database.models.workspaces import Workspace

__all__ = [
    "Appointment",
    "Base",
    "Booking",
    "Calendar",
    "CalendarHost",
    "ContactWord",
    "KnownKey",
    "LedgerEntry",
    "Occupation",
    "OneTimeLink",
    "OutboxRow",
    "Resource",
    "SlackDelivery",
    "Workspace",
]
