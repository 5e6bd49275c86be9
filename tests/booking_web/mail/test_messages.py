"""What the mails say, read again from the bytes that are sent."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from icalendar import Calendar

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.messages import compose
from booking_web.mail.readers import Reader
from scheduling.bookings.details import BookingDetails
from scheduling.contacts import Booker, Contact
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Purpose
from tests.booking_web.pages import SAM_RIVERA, a_calendar
from tests.given import KEYRING, MONDAY_NINE, NOW, SALES, SAM

SENDER = Mailbox("Acme", "meet@acme.com")
SAM_BOX = Mailbox("Sam Rivera", "sam@acme.com")
SECRET = KEYRING.new_secret(Purpose.BOOKING, b"0123456789abcdef")
PAGE = f"https://book.example.com/booking/{KEYRING.token(Purpose.BOOKING, SECRET)}"
ID = "d5c7a0c5-9d0b-5d8e-8f0c-0a3b1d2c4e5f"


def a_booking(**changes: Any) -> BookingDetails:
    booking = BookingDetails(
        calendar=a_calendar(),
        hosts=(SAM_RIVERA,),
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(minutes=30),
        booker=Booker("Jane Doe", "jane@example.com", "We have 40 seats.", "Europe/Berlin"),
        link_public_id="L-7K2QXA",
        link_issued_by=SAM,
        link_issued_at=NOW,
        link_contact=Contact("Acme"),
        link_channel_id=SALES,
        uid="7b1f3c52-0000-5000-8000-000000000000",
        booked_at=NOW,
        cancelled_at=None,
        secret=SECRET,
    )
    return replace(booking, **changes)


def sent(booking: BookingDetails, reader: Reader, **changes: Any) -> EmailMessage:
    """Compose a mail, and read it as another program would."""
    arguments: dict[str, Any] = {
        "sender": SENDER,
        "urls": PublicUrls("https://book.example.com"),
        "keyring": KEYRING,
        "notification_id": ID,
        "now": NOW,
        "answered_by": [SAM_BOX],
    }
    message = compose(booking, reader, **arguments | changes)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(["plain"])
    assert body is not None
    return str(body.get_content())


def event_of(mail: EmailMessage) -> Any:
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return event


def test_the_contact_reads_when_with_whom_and_where_the_booking_is_found() -> None:
    booking = a_booking()

    mail = sent(booking, Reader.contact(booking))

    assert mail["From"] == "Acme <meet@acme.com>"
    assert mail["To"] == "Jane Doe <jane@example.com>"
    assert mail["Reply-To"] == "Sam Rivera <sam@acme.com>"
    assert mail["Message-ID"] == f"<{ID}@acme.com>"
    assert mail["Subject"] == (
        "Booked: Onboarding Call with Sam Rivera, Mon 7 Dec, 10:00–10:30 (Berlin)"  # noqa: RUF001
    )
    for words in ("10:00–10:30 (Berlin)", "Sam Rivera", "answer this mail", PAGE):  # noqa: RUF001
        assert words in words_of(mail)


def test_the_invitation_asks_its_reader_alone() -> None:
    booking = a_booking()

    event = event_of(sent(booking, Reader.contact(booking)))

    assert (event["uid"], event["sequence"]) == (booking.uid, 0)
    assert event["organizer"] == "mailto:meet@acme.com"
    assert event["attendee"] == "mailto:jane@example.com"
    assert event["attendee"].params == {
        "CN": "Jane Doe",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }


def test_a_host_reads_address_and_note_and_answers_the_contact() -> None:
    booking = a_booking()

    mail = sent(booking, Reader.host(SAM_RIVERA, email="sam@acme.com", zone="Europe/Lisbon"))

    assert mail["To"] == "Sam Rivera <sam@acme.com>"
    assert mail["Reply-To"] == "Jane Doe <jane@example.com>"
    assert "09:00–09:30 (Lisbon)" in words_of(mail)  # noqa: RUF001
    assert "jane@example.com" in words_of(mail)
    assert "We have 40 seats." in words_of(mail)


def test_nothing_that_a_host_gets_holds_the_booking_s_own_address() -> None:
    booking = a_booking()

    mail = sent(booking, Reader.host(SAM_RIVERA, email="sam@acme.com", zone="UTC"))

    assert "/booking/" not in "".join(
        str(part.get_content()) for part in mail.walk() if not part.is_multipart()
    )


def test_nothing_that_the_contact_gets_holds_the_note() -> None:
    booking = a_booking()

    mail = sent(booking, Reader.contact(booking))

    assert "40 seats" not in words_of(mail)
    assert "40 seats" not in str(event_of(mail)["description"])


def test_where_nobody_answers_no_mail_asks_for_an_answer() -> None:
    booking = a_booking()

    mail = sent(booking, Reader.contact(booking), answered_by=[])

    assert mail["Reply-To"] is None
    assert "answer this mail" not in words_of(mail)
    assert "ask whoever sent you the link" in words_of(mail)
