"""Who reads a mail: it decides what may stand in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from booking_web.mail.mailbox import Mailbox, shown_name
from scheduling.bookings.details import BookingDetails
from scheduling.calendars.find import Host
from scheduling.times.words import CLOCK_24, Clock


class Part(StrEnum):
    """Which part somebody has in a meeting."""

    CONTACT = "contact"  # alone holds the booking's own address
    GUEST = "guest"  # whom the contact brings along
    HOST = "host"  # alone reads address, note and answers of the contact


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose mail it is; zone: IANA name, in which times are written."""

    part: Part
    mailbox: Mailbox
    zone: str
    clock: Clock = CLOCK_24

    @classmethod
    def contact(cls, booking: BookingDetails, *, email: str | None = None) -> Self:
        """Return whoever booked; email: another address than the booking has now."""
        booker = booking.booker
        mailbox = Mailbox(shown_name(booker.name), email or booker.email)
        return cls(Part.CONTACT, mailbox, booker.zone, booker.clock)

    @classmethod
    def guest(cls, booking: BookingDetails, *, email: str) -> Self:
        """Return a guest of the contact's, of whom nothing but the address is known."""
        booker = booking.booker
        return cls(Part.GUEST, Mailbox("", email), booker.zone, booker.clock)

    @classmethod
    def host(cls, booking: BookingDetails, host: Host) -> Self:
        """Return a host of the meeting, or one who was; they have an address."""
        assert host.email is not None
        return cls(Part.HOST, Mailbox(host.name, host.email), host.zone or booking.calendar.zone)
