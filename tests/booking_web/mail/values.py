"""A booking of Jane's with Sam, the mails about it, and how another program reads them."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal

from icalendar import Calendar

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.messages import compose
from booking_web.mail.readers import Reader
from scheduling.bookings.details import BookingDetails
from scheduling.calendars.find import Host
from scheduling.contacts import Booker, Contact
from scheduling.places import Place, PlaceKind
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Purpose
from tests.booking_web.pages import a_calendar
from tests.given import KEYRING, MONDAY_NINE, NOW, SALES, SAM

SENDER = Mailbox("Acme", "meet@acme.com")
SAM_RIVERA = Host(1, SAM, "Sam Rivera", "sam@acme.com", "Europe/Lisbon")
SECRET = KEYRING.new_secret(Purpose.BOOKING, b"0123456789abcdef")
PAGE = f"https://book.example.com/booking/{KEYRING.token(Purpose.BOOKING, SECRET)}"
ROOM = "https://meet.example.com/sam"
ID = "d5c7a0c5-9d0b-5d8e-8f0c-0a3b1d2c4e5f"
NOTE = "We have 40 seats, can we talk about SSO?"


def a_booker(**changes: Any) -> Booker:
    return replace(Booker("Jane Doe", "jane@example.com", NOTE, "Europe/Berlin"), **changes)


def a_booking(**changes: Any) -> BookingDetails:
    """Return half an hour on Monday 7 December 2026 at 09:00 UTC."""
    booking = BookingDetails(
        appointment_id=1,
        calendar=a_calendar(),
        hosts=(SAM_RIVERA,),
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(minutes=30),
        booker=a_booker(),
        link_public_id="L-7K2QXA",
        link_issued_by=SAM,
        link_issued_at=NOW,
        link_contact=Contact("Acme"),
        link_channel_id=SALES,
        place=Place(PlaceKind.URL, ROOM),
        uid="7b1f3c52-0000-5000-8000-00000000000b",
        sequence=3,
        appointment_uid="7b1f3c52-0000-5000-8000-00000000000a",
        appointment_sequence=2,
        booked_at=NOW,
        cancelled_at=None,
        secret=SECRET,
    )
    return replace(booking, **changes)


def raw(booking: BookingDetails, reader: Reader, **changes: Any) -> bytes:
    """Compose a mail as it goes over the wire."""
    arguments: dict[str, Any] = {
        "sender": SENDER,
        "urls": PublicUrls("https://book.example.com"),
        "keyring": KEYRING,
        "notification_id": ID,
        "now": NOW,
    }
    return compose(booking, reader, **arguments | changes).as_bytes()


def sent(booking: BookingDetails, reader: Reader, **changes: Any) -> EmailMessage:
    """Compose a mail, and read it as another program would."""
    read = message_from_bytes(raw(booking, reader, **changes), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def to_contact(booking: BookingDetails | None = None, **changes: Any) -> EmailMessage:
    booking = booking or a_booking()
    return sent(booking, Reader.contact(booking), **changes)


def to_host(booking: BookingDetails | None = None, **changes: Any) -> EmailMessage:
    booking = booking or a_booking()
    return sent(booking, Reader.host(booking, booking.hosts[0]), **changes)


def to_guest(booking: BookingDetails | None = None, **changes: Any) -> EmailMessage:
    booking = booking or a_booking()
    return sent(booking, Reader.guest(booking, email="bob@example.com"), **changes)


def plain_of(mail: EmailMessage) -> str:
    return _body(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    return _body(mail, "html")


def file_of(mail: EmailMessage) -> bytes:
    """Return the invitation of the alternative part."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def event_of(mail: EmailMessage) -> Any:
    (event,) = Calendar.from_ical(file_of(mail)).walk("VEVENT")
    return event


def everything_of(mail: EmailMessage) -> str:
    """Return all that stands in it, decoded: head, words, invitations."""
    bodies = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    texts = [body.decode().replace("\r\n ", "") for body in bodies if isinstance(body, bytes)]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *texts])


def _body(mail: EmailMessage, kind: Literal["plain", "html"]) -> str:
    part = mail.get_body([kind])
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
