"""The tables, a file a noun.

Facts with a time instead of flags; what must never be is refused by a constraint.
"""

from scheduling.database.models.base import Base
from scheduling.database.models.bookings import Appointment, Booking, Guest, Occupation
from scheduling.database.models.calendars import Calendar, CalendarHost, Resource
from scheduling.database.models.conversations import DirectConversation
from scheduling.database.models.erasures import ErasureRow
from scheduling.database.models.events import DeliveryRow, DestinationRefusalRow, EventRow
from scheduling.database.models.keys import KnownKey
from scheduling.database.models.links import ContactWord, OneTimeLink
from scheduling.database.models.requests import Request
from scheduling.database.models.workspaces import Workspace

__all__ = [
    "Appointment",
    "Base",
    "Booking",
    "Calendar",
    "CalendarHost",
    "ContactWord",
    "DeliveryRow",
    "DestinationRefusalRow",
    "DirectConversation",
    "ErasureRow",
    "EventRow",
    "Guest",
    "KnownKey",
    "Occupation",
    "OneTimeLink",
    "Request",
    "Resource",
    "Workspace",
]
