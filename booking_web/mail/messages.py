"""What each mail says: a booking and its reader → a message that can be sent."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import Any, Final

from jinja2 import Environment

from booking_web.mail.mailbox import Mailbox, header_text
from booking_web.mail.readers import Part, Reader
from booking_web.rendering import make_environment
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.invitation import Method, invitation
from scheduling.contacts import Contact
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring, Purpose
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import duration_words, span

FILE_NAME: Final = "invite.ics"


def compose(
    booking: BookingDetails,
    reader: Reader,
    *,
    sender: Mailbox,
    urls: PublicUrls,
    keyring: Keyring,
    notification_id: str,
    now: datetime,
    answered_by: Sequence[Mailbox] = (),
) -> EmailMessage:
    """Tell a reader that the meeting stands, with an invitation for their calendar.

    The same arguments make the same mail, so that one which is sent twice folds into one.

    Args:
        sender: OTL_MAIL_FROM; the invitation's organizer too.
        notification_id: of the delivery; the Message-ID follows from it.
        answered_by: who gets the reader's answers: the contact's mail goes to the hosts, theirs to
            the contact whatever stands here. Empty: nobody does, and no mail asks for an answer.
    """
    context = _context(booking, reader, now=now)
    context["page"] = page = _page(booking, reader, urls, keyring)
    context["answered"] = bool(answered_by) or reader.part is Part.HOST
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.header
    message["To"] = reader.mailbox.header
    if replies_to := _replies_to(booking, reader, answered_by):
        message["Reply-To"] = [one.header for one in replies_to]
    message["Subject"] = header_text(_text(f"mail/{reader.part}_subject.txt", context))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notification_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    words = _text(f"mail/{reader.part}.txt", context)
    message.set_content(words, cte="quoted-printable")
    event = invitation(
        method=Method.REQUEST,
        uid=booking.uid,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        stamped_at=now,
        summary=_text(f"mail/{reader.part}_summary.txt", context),
        description=words,
        page=page,
        organizer=Contact(sender.name, sender.email),
        attendee=Contact(reader.mailbox.name, reader.mailbox.email),
    )
    message.add_alternative(
        event, maintype="text", subtype="calendar", params={"method": "REQUEST", "charset": "utf-8"}
    )
    return message


def _context(booking: BookingDetails, reader: Reader, *, now: datetime) -> dict[str, Any]:
    starts_at, ends_at = booking.starts_at, booking.ends_at
    return {
        "when": span(starts_at, ends_at, zone_named(reader.zone), reader.clock, now=now),
        "calendar": booking.calendar.name,
        "duration": duration_words(ends_at - starts_at),
        "hosts": [host.name for host in booking.hosts],
        "booker": booking.booker,
    }


def _page(booking: BookingDetails, reader: Reader, urls: PublicUrls, keyring: Keyring) -> str:
    """Return where the reader finds the booking; "" for whoever must not hold its secret."""
    if reader.part is not Part.CONTACT:
        return ""
    return urls.booking(keyring.token(Purpose.BOOKING, booking.secret))


def _replies_to(
    booking: BookingDetails, reader: Reader, answered_by: Sequence[Mailbox]
) -> Sequence[Mailbox]:
    if reader.part is Part.CONTACT:
        return answered_by
    return [Mailbox(booking.booker.name, booking.booker.email)]


def _text(template: str, context: dict[str, Any]) -> str:
    return _environment().get_template(template).render(context)


@cache
def _environment() -> Environment:
    return make_environment()
