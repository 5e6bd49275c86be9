"""More than 2,000 hostile texts as every name, and as the note: mails stay what they are."""

from dataclasses import replace
from functools import cache
from typing import Final
from xml.etree.ElementTree import Element

import fast_mail_parser
import icalendar

from booking_web.mail.mailbox import shown_name
from booking_web.mail.readers import Reader
from scheduling.bookings.details import BookingDetails
from scheduling.contacts import NAME_LENGTH, NOTES_LENGTH, Contact
from scheduling.plain_text import clean
from tests.booking_web.mail.values import SAM_RIVERA, a_booker, a_booking, raw
from tests.booking_web.pages import a_calendar
from tests.booking_web.reading import parse
from tests.journeys.hostile_texts import hostile_texts

LONG: Final = 100_000
TEXTS: Final = hostile_texts(longest=LONG // 10)


def test_every_text_that_can_be_booked_with_gives_mails_of_the_same_shape() -> None:
    for text in TEXTS:
        name = clean(text, limit=NAME_LENGTH)
        note = clean(text, limit=NOTES_LENGTH, lines=True)
        booking = a_booking(
            booker=a_booker(name=name or "x", notes=note),
            link_contact=Contact(name),
            calendar=a_calendar(name=name or "x"),
            hosts=(replace(SAM_RIVERA, name=name or "x"),),
        )
        named = bool(shown_name(name or "x"))

        contact = shape(booking, Reader.contact(booking))
        host = shape(booking, Reader.host(booking, booking.hosts[0]))

        assert contact == expected(for_host=False, named=named, noted=True), text
        assert host == expected(for_host=True, named=named, noted=bool(note)), text


@cache
def expected(*, for_host: bool, named: bool, noted: bool) -> object:
    """Return the shape of a mail in which there is nothing hostile."""
    name, note = "Jane" if named else "jane@example.com", "A note." if noted else ""
    booking = a_booking(booker=a_booker(name=name, notes=note), link_contact=Contact("Acme"))
    reader = Reader.host(booking, booking.hosts[0]) if for_host else Reader.contact(booking)
    return shape(booking, reader)


def shape(booking: BookingDetails, reader: Reader) -> object:
    """Return the heads of a mail, the elements of its page, and the properties of its event."""
    mail = fast_mail_parser.parse_email(raw(booking, reader))
    (html,) = mail.text_html
    calendar = icalendar.Calendar.from_ical(mail.attachments[0].content)
    (event,) = calendar.events
    return (
        sorted(mail.headers),
        mail.headers["To"][0].rpartition("<")[2],
        len(mail.text_plain),
        [(one.mimetype, one.filename) for one in mail.attachments],
        [(element.tag, tuple(element.keys()), element.get("href")) for element in parsed(html)],
        sorted(event),
        [str(event[name]) for name in ("uid", "attendee", "organizer", "location")],
    )


def parsed(html: str) -> list[Element]:
    return list(parse(html).iter())
