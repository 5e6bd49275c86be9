"""The invitations in the mails, property by property, as three parsers that are not ours read them.

What Gmail, Outlook and Apple Mail make of one could not be seen. These are the properties that they
are known to need: RFC 5545, 5546 and 6047, Google's and Microsoft's notes on them.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, NamedTuple

import fast_mail_parser
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from booking_web.mail.readers import Reader
from booking_web.mail.words import News
from scheduling.places import Place, PlaceKind
from tests.booking_web.mail.values import (
    NOTE,
    PAGE,
    ROOM,
    a_booking,
    event_of,
    everything_of,
    file_of,
    raw,
    to_contact,
    to_guest,
    to_host,
)
from tests.given import MONDAY_NINE, NOW

Make = Callable[..., EmailMessage]
READERS: Mapping[str, Make] = {"contact": to_contact, "guest": to_guest, "host": to_host}
ADDRESS = {"contact": "jane@example.com", "guest": "bob@example.com", "host": "sam@acme.com"}
UID = {"host": a_booking().appointment_uid}
SEQUENCE = {"host": a_booking().appointment_sequence}
METHODS = {
    News.BOOKED: "REQUEST",
    News.MOVED: "REQUEST",
    News.NEW_PLACE: "REQUEST",
    News.CANCELLED: "CANCEL",
    News.WITHDRAWN: "CANCEL",
}

EVERY_MAIL = [
    pytest.param(reader, news, id=f"{reader} {news}") for reader in READERS for news in News
]


class Read(NamedTuple):
    """What a parser read of an invitation."""

    method: str
    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str | None
    organizer: str
    attendees: list[str]
    status: str


def read_by_icalendar(file: bytes) -> Read:
    calendar = Calendar.from_ical(file)
    (event,) = calendar.walk("VEVENT")
    attendees = event.get("attendee", [])
    return Read(
        str(calendar["method"]),
        str(event["uid"]),
        int(event["sequence"]),
        event.decoded("dtstamp"),
        event.decoded("dtstart"),
        event.decoded("dtend"),
        str(event["summary"]),
        str(event["description"]),
        str(event["location"]) if "location" in event else None,
        str(event["organizer"]),
        [str(one) for one in (attendees if isinstance(attendees, list) else [attendees])],
        str(event["status"]),
    )


def read_by_vobject(file: bytes) -> Read:
    calendar = vobject.readOne(file.decode())
    (event,) = calendar.vevent_list

    def value(name: str) -> Any:
        found = event.contents.get(name)
        return found[0].value if found else None

    return Read(
        calendar.method.value,
        value("uid"),
        int(value("sequence")),
        value("dtstamp"),
        value("dtstart"),
        value("dtend"),
        value("summary"),
        value("description"),
        value("location"),
        value("organizer"),
        [one.value for one in event.contents.get("attendee", [])],
        value("status"),
    )


def read_by_ical(file: bytes) -> Read:
    calendar = IcsCalendarStream.calendar_from_ics(file.decode())
    (event,) = calendar.events
    assert event.uid
    assert event.organizer
    assert isinstance(event.dtstart, datetime)
    assert isinstance(event.dtend, datetime)
    assert isinstance(event.dtstamp, datetime)
    return Read(
        str(calendar.method),
        event.uid,
        event.sequence or 0,
        event.dtstamp,
        event.dtstart,
        event.dtend,
        event.summary or "",
        event.description or "",
        event.location,
        str(event.organizer.uri),
        [str(one.uri) for one in event.attendees],
        event.status.value if event.status else "",
    )


PARSERS = [read_by_icalendar, read_by_vobject, read_by_ical]


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize(("reader", "news"), EVERY_MAIL)
def test_every_parser_reads_the_meeting_of_its_one_reader(
    reader: str, news: News, parse: Callable[[bytes], Read]
) -> None:
    booking = a_booking()

    read = parse(file_of(READERS[reader](news=news)))

    assert read.method == METHODS[news]
    assert read.status == ("CONFIRMED" if read.method == "REQUEST" else "CANCELLED")
    assert read.uid == UID.get(reader, booking.uid)
    assert read.sequence == SEQUENCE.get(reader, booking.sequence)
    assert (read.starts_at, read.ends_at) == (MONDAY_NINE, MONDAY_NINE + timedelta(minutes=30))
    assert read.stamped_at == NOW
    assert [read.starts_at.utcoffset(), read.stamped_at.utcoffset()] == [timedelta(0)] * 2
    assert read.organizer == "mailto:meet@acme.com"
    assert read.attendees == [f"mailto:{ADDRESS[reader]}"]
    assert read.location == (ROOM if read.method == "REQUEST" else None)


@pytest.mark.parametrize(("reader", "news"), EVERY_MAIL)
def test_the_parts_stand_where_gmail_and_outlook_look_for_them(reader: str, news: News) -> None:
    mail = READERS[reader](news=news)

    assert mail.get_content_type() == "multipart/mixed"
    alternative, attached = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    parts = list(alternative.iter_parts())
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert dict(parts[2]["Content-Type"].params) == {"charset": "utf-8", "method": METHODS[news]}
    assert parts[2]["Content-Disposition"] is None
    assert attached.get_content_type() == "application/ics"
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_filename() == "invite.ics"
    assert attached.get_payload(decode=True) == file_of(mail)


@pytest.mark.parametrize(("reader", "news"), EVERY_MAIL)
def test_the_head_names_the_organizer_as_sender_and_the_attendee_alone(
    reader: str, news: News
) -> None:
    mail = READERS[reader](news=news)

    event = event_of(mail)
    assert [one.addr_spec for one in mail["From"].addresses] == ["meet@acme.com"]
    assert [one.addr_spec for one in mail["To"].addresses] == [ADDRESS[reader]]
    assert event["organizer"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert event["organizer"].params["CN"] == mail["From"].addresses[0].display_name
    assert event["attendee"] == f"mailto:{mail['To'].addresses[0].addr_spec}"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert {"Cc", "Bcc", "Sender", "Return-Path"}.isdisjoint(mail.keys())


@pytest.mark.parametrize("reader", READERS)
def test_only_a_request_asks_its_reader_for_an_answer(reader: str) -> None:
    asked = event_of(READERS[reader]())["attendee"].params
    told = event_of(READERS[reader](news=News.CANCELLED))["attendee"].params

    assert {name: asked[name] for name in asked if name != "CN"} == {
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert set(told) <= {"CN"}


@pytest.mark.parametrize(("reader", "news"), EVERY_MAIL)
def test_another_mail_parser_reads_the_same(reader: str, news: News) -> None:
    make = {
        "contact": Reader.contact,
        "guest": lambda booking: Reader.guest(booking, email="bob@example.com"),
        "host": lambda booking: Reader.host(booking, booking.hosts[0]),
    }[reader]
    booking = a_booking()
    mail = READERS[reader](news=news)

    read = fast_mail_parser.parse_email(raw(booking, make(booking), news=news))

    assert read.subject == mail["Subject"]
    heads = {name: [str(value)] for name, value in mail.items() if name != "Content-Type"}
    assert {name: read.headers[name] for name in heads} == heads
    assert len(read.headers) == len(heads) + 1
    assert [len(read.text_plain), len(read.text_html)] == [1, 1]
    assert [(one.mimetype, one.content) for one in read.attachments] == [
        ("text/calendar", file_of(mail)),
        ("application/ics", file_of(mail)),
    ]


@pytest.mark.parametrize(("reader", "news"), EVERY_MAIL)
def test_lines_are_as_short_as_the_formats_demand(reader: str, news: News) -> None:
    make = READERS[reader]
    file = file_of(make(news=news))

    assert all(len(line) <= 75 for line in file.split(b"\r\n"))  # RFC 5545 §3.1
    assert b"\n" not in file.replace(b"\r\n", b"")
    booking = a_booking()
    wire = raw(booking, Reader.contact(booking), news=news)
    assert all(len(line) <= 78 for line in wire.split(b"\r\n"))  # RFC 5322 §2.1.1
    assert wire.isascii()


@pytest.mark.parametrize("reader", READERS)
def test_the_first_line_in_the_calendar_says_what_to_do(reader: str) -> None:
    first = str(event_of(READERS[reader]())["description"]).splitlines()[0]

    by = "open your booking" if reader == "contact" else "answer this mail"
    assert first == f"To move or cancel, {by}. Yes or No in your calendar does not reach us."


def test_uid_and_sequence_stay_whatever_the_address_of_the_site() -> None:
    booking = a_booking()

    assert "example" not in event_of(to_contact(booking))["uid"]
    assert "acme" not in event_of(to_host(booking))["uid"]


def test_the_room_on_the_web_stands_where_programs_offer_to_join() -> None:
    event = event_of(to_contact())

    assert event["location"] == ROOM
    assert event["conference"] == ROOM
    assert event["conference"].params["VALUE"] == "URI"


def test_an_address_is_a_location_and_no_conference() -> None:
    event = event_of(
        to_contact(a_booking(place=Place(PlaceKind.ADDRESS, "1 Main St; Springfield")))
    )

    assert event["location"] == "1 Main St; Springfield"
    assert "conference" not in event


def test_a_host_reads_the_note_in_the_calendar_and_nobody_else_does() -> None:
    assert NOTE in str(event_of(to_host())["description"])
    assert PAGE in str(event_of(to_contact())["description"])
    assert PAGE not in everything_of(to_host())


@pytest.mark.parametrize("year", [2026, 2027, 2099])
def test_times_are_in_utc_and_need_no_table_of_zones(year: int) -> None:
    start = datetime(year, 7, 1, 8, tzinfo=UTC)
    mail = to_contact(a_booking(starts_at=start, ends_at=start + timedelta(hours=1)))

    assert f"DTSTART:{year}0701T080000Z".encode() in file_of(mail)
    assert b"VTIMEZONE" not in file_of(mail)
