"""Who reads a mail: it decides what may stand in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from booking_web.mail.mailbox import Mailbox
from scheduling.bookings.details import BookingDetails
from scheduling.calendars.find import Host
from scheduling.times.words import CLOCK_24, Clock


class Part(StrEnum):
    """Which part somebody has in a meeting."""

    CONTACT = "contact"  # alone holds the booking's own address
    HOST = "host"  # alone reads address, note and answers of the contact


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose mail it is; zone: IANA name, in which times are written."""

    part: Part
    mailbox: Mailbox
    zone: str
    clock: Clock = CLOCK_24

    @classmethod
    def contact(cls, booking: BookingDetails) -> Self:
        """Return whoever booked."""
        booker = booking.booker
        return cls(Part.CONTACT, Mailbox(booker.name, booker.email), booker.zone)

    @classmethod
    def host(cls, host: Host, *, email: str, zone: str) -> Self:
        """Return a host of the meeting; zone: their own, or their calendar's."""
        return cls(Part.HOST, Mailbox(host.name, email), zone)
