"""The calendar file of a booking."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduling.bookings.invitation import PRODUCT, invitation
from scheduling.contacts import Contact
from scheduling.plain_text import clean

START = datetime(2026, 12, 3, 9, tzinfo=UTC)
END = START + timedelta(minutes=30)
BOOKED = datetime(2026, 11, 30, 8, tzinfo=UTC)
PAGE = "https://book.example.com/booking/abc"


def written(**other: Any) -> bytes:
    facts: dict[str, Any] = {
        "uid": "7b1f@book.example.com",
        "starts_at": START,
        "ends_at": END,
        "stamped_at": BOOKED,
        "summary": "Onboarding Call with Sam Rivera",
        "description": "Booked by Jane",
        "page": PAGE,
    }
    return invitation(**facts | other)


def meeting_of(file: bytes) -> Any:
    calendar = Calendar.from_ical(file)
    (meeting,) = calendar.walk("VEVENT")
    return meeting


def lines_of(file: bytes) -> list[str]:
    """Unfold the file by hand (RFC 5545 §3.1)."""
    return file.decode().replace("\r\n ", "").split("\r\n")


def text_of(file: bytes, name: str) -> str:
    """Return a text of the file, read by the letter of RFC 5545 §3.3.11; "" if there is none."""
    found = [line for line in lines_of(file) if line.startswith(f"{name}:")]
    written = found[0].partition(":")[2] if found else ""
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], written)


def test_a_calendar_program_reads_the_meeting_as_it_was_booked() -> None:
    meeting = meeting_of(
        written(location="Room 5", organizer=Contact("Sam Rivera", "sam@example.com"))
    )

    assert meeting.decoded("dtstart") == START
    assert meeting.decoded("dtend") == END
    assert meeting.decoded("dtstamp") == BOOKED
    assert str(meeting["summary"]) == "Onboarding Call with Sam Rivera"
    assert str(meeting["description"]) == "Booked by Jane"
    assert str(meeting["location"]) == "Room 5"
    assert str(meeting["url"]) == PAGE
    assert str(meeting["uid"]) == "7b1f@book.example.com"
    assert str(meeting["organizer"]) == "mailto:sam@example.com"
    assert meeting["organizer"].params["CN"] == "Sam Rivera"


def test_the_file_is_published_and_invites_nobody() -> None:
    lines = lines_of(written())

    assert {"METHOD:PUBLISH", "VERSION:2.0", f"PRODID:{PRODUCT}", "SEQUENCE:0"} <= set(lines)
    assert not [line for line in lines if line.startswith(("ATTENDEE", "RRULE", "VALARM"))]


def test_times_are_utc_and_need_no_table_of_zones() -> None:
    east = timezone(timedelta(hours=5, minutes=30))

    lines = lines_of(written(starts_at=START.astimezone(east), stamped_at=BOOKED.astimezone(east)))

    assert {"DTSTART:20261203T090000Z", "DTEND:20261203T093000Z", "DTSTAMP:20261130T080000Z"} <= (
        set(lines)
    )
    assert "BEGIN:VTIMEZONE" not in lines


def test_what_is_not_known_is_left_out() -> None:
    meeting = meeting_of(written(description="", location=" "))

    assert not {"DESCRIPTION", "LOCATION", "ORGANIZER"} & set(meeting)


@pytest.mark.parametrize("email", [None, "", "sam", "sam@example.com\r\nATTENDEE:mailto:x@y.com"])
def test_an_organizer_without_an_address_is_left_out(email: str | None) -> None:
    assert "ORGANIZER" not in meeting_of(written(organizer=Contact("Sam", email)))


def test_an_organizer_without_a_name_has_the_address_alone() -> None:
    meeting = meeting_of(written(organizer=Contact(None, "sam@example.com")))

    assert str(meeting["organizer"]) == "mailto:sam@example.com"
    assert "CN" not in meeting["organizer"].params


def test_a_description_keeps_its_lines() -> None:
    assert str(meeting_of(written(description="one\ntwo"))["description"]) == "one\ntwo"


HOSTILE = [
    pytest.param("x\r\nEND:VEVENT\r\nBEGIN:VEVENT", id="a second meeting"),
    pytest.param("x\nRRULE:FREQ=SECONDLY", id="a rule"),
    pytest.param("\x00\x01\x0b\x1f\x7f", id="control characters"),
    pytest.param('a;b,c:d"e\\n^n', id="signs of the format"),
    pytest.param("\ud800\u202e", id="a lone surrogate, bidi"),
    pytest.param("\u00fc\U0001f469\U0001f3fd\u200d\U0001f4bb" * 60, id="long"),
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["uid", "summary", "description", "location", "name", "page"])
def test_text_from_outside_stays_text(field: str, text: str) -> None:
    changed: dict[str, Any] = {field: text}
    if field == "name":
        changed = {"organizer": Contact(text, "sam@example.com")}

    file = written(**changed)

    names = [line.partition(":")[0].partition(";")[0] for line in lines_of(file)]
    assert names.count("BEGIN") == names.count("END") == 2
    assert "RRULE" not in names
    assert names.count("UID") == names.count("DTSTART") == 1
    assert not [byte for byte in file.replace(b"\r\n", b"") if byte < 32 or byte == 127]
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters() | st.sampled_from("\\nN;,\n"), max_size=120))
@example("C:\\New\\nails")
def test_whatever_the_text_it_comes_back_from_the_file(text: str) -> None:
    file = written(summary=text, description=text)

    assert text_of(file, "SUMMARY") == clean(text, limit=300)
    assert text_of(file, "DESCRIPTION") == clean(text, limit=5000, lines=True)
    assert meeting_of(file)
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
