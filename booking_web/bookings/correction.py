"""Where a contact corrects a mistyped address, as the confirmation shows it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from booking_web.addresses import did_you_mean
from scheduling.bookings.details import BookingDetails


@dataclass(frozen=True, slots=True)
class Correction:
    """What the template shows.

    Attributes:
        id: names this form: sent twice, it corrects once.
        suggestion: the address that was probably meant, or "".
        typed: what was sent, to be mended; "" in a new form.
        is_wrong: that is no address.
    """

    id: str
    suggestion: str = field(repr=False)
    typed: str = field(repr=False)
    is_wrong: bool


def correction_of(
    booking: BookingDetails, *, id_: str, now: datetime, typed: str = "", is_wrong: bool = False
) -> Correction | None:
    """Return what may be corrected; None: nothing any more."""
    may_not = booking.is_corrected or booking.cancelled_at is not None or booking.ends_at <= now
    if may_not or not booking.booker.email:
        return None
    issued_for = booking.link_contact.email if booking.link_contact else None
    meant = did_you_mean(booking.booker.email, issued_for=issued_for)
    return Correction(id_, meant or "", typed, is_wrong)
