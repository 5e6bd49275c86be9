"""Whatever people are called, a mail has the head that we gave it: CVE-2024-6923 and its kind."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import fast_mail_parser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking_web.mail.mailbox import HEADER_LENGTH, Mailbox, header_text
from booking_web.mail.readers import Reader
from scheduling.contacts import Contact
from tests.booking_web.mail.values import (
    SAM_RIVERA,
    a_booker,
    a_booking,
    event_of,
    file_of,
    raw,
    to_contact,
    to_host,
)
from tests.booking_web.pages import a_calendar

HOSTILE = [
    "=?utf-8?q?foo=0D=0ABcc=3A_evil=40x?=",
    "=?utf-8?b?Zm9vDQpCY2M6IGV2aWxAeA==?=",
    "=?UTF-8?Q?=0D=0ABcc:=20evil@x.example?=",
    "=?iso-8859-1?q?a=0ABcc=3A_evil=40x?= tail",
    "a =?utf-8?q?=0D?= =?utf-8?q?=0ABcc=3A_evil=40x?=",
    "=\u200b?utf-8?q?foo=0D=0ABcc=3A_evil=40x?=",
    "=\x00?utf-8?q?foo=0D=0ABcc=3A_evil=40x?=",
    "foo\r\nBcc: evil@x.example",
    "foo\nBcc: evil@x.example",
    "foo\rBcc: evil@x.example",
    "foo\x0bBcc: evil@x.example",
    "foo\x85Bcc: evil@x.example",
    "foo\u2028Bcc: evil@x.example",
    '"foo" <evil@x.example>, "bar',
    "foo, evil@x.example",
    "foo <evil@x.example>",
    "foo; evil@x.example (",
    "\ud800 \udfff",
    "\u202eevil\u2066",
    "\x00\x01\x1b[31m\x7f",
    "e\u0301" + "\u0301" * 50,
    "\u00fc\U0001f469\U0001f3fd\u200d\U0001f4bb" * 30,
    "x" * 200,
    " " * 50,
    "",
]
HEADS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
}
ADDRESSES = {"meet@acme.com", "jane@example.com", "sam@acme.com"}


def as_contact(name: str) -> EmailMessage:
    return to_host(a_booking(booker=a_booker(name=name), link_contact=Contact(name)))


def as_contact_to_contact(name: str) -> EmailMessage:
    return to_contact(a_booking(booker=a_booker(name=name)))


def as_host(name: str) -> EmailMessage:
    return to_contact(a_booking(hosts=(replace(SAM_RIVERA, name=name),)))


def as_host_to_host(name: str) -> EmailMessage:
    return to_host(a_booking(hosts=(replace(SAM_RIVERA, name=name),)))


def as_calendar(name: str) -> EmailMessage:
    return to_contact(a_booking(calendar=a_calendar(name=name)))


def as_sender(name: str) -> EmailMessage:
    return to_contact(sender=Mailbox(name, "meet@acme.com"))


PLACES: list[Callable[[str], EmailMessage]] = [
    as_contact,
    as_contact_to_contact,
    as_host,
    as_host_to_host,
    as_calendar,
    as_sender,
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_adds_no_head_and_no_reader(
    place: Callable[[str], EmailMessage], text: str
) -> None:
    mail = place(text)

    assert set(mail.keys()) == HEADS
    assert len(mail.keys()) == len(HEADS)
    for name in ("From", "To", "Reply-To"):
        (reader,) = mail[name].addresses
        assert reader.addr_spec in ADDRESSES
    assert not re.search(r"[\x00-\x1f\x7f\ud800-\udfff\u2066\u202e]", mail["Subject"])


@pytest.mark.parametrize("text", HOSTILE)
def test_another_parser_finds_no_further_head_either(text: str) -> None:
    booking = a_booking(
        booker=a_booker(name=text),
        hosts=(replace(SAM_RIVERA, name=text),),
        calendar=a_calendar(name=text),
    )
    for reader in (Reader.contact(booking), Reader.host(booking, booking.hosts[0])):
        wire = raw(booking, reader, sender=Mailbox(text, "meet@acme.com"))

        assert set(fast_mail_parser.parse_email(wire).headers) == HEADS
        head = wire.partition(b"\r\n\r\n")[0].lower()
        assert not re.search(rb"(^|\n)\s*b?cc\s*:", head)
        assert all(len(line) <= 998 for line in wire.split(b"\r\n"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_an_invitation_stays_text(text: str) -> None:
    booking = a_booking(
        booker=a_booker(name=text, notes=text),
        hosts=(replace(SAM_RIVERA, name=text),),
        calendar=a_calendar(name=text or "x"),
        link_contact=Contact(text),
    )

    file = file_of(to_host(booking))

    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(file)]
    assert names.count("BEGIN") == names.count("END") == 2
    assert names.count("ATTENDEE") == names.count("ORGANIZER") == 1
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", file)
    assert event_of(to_host(booking))["attendee"] == "mailto:sam@acme.com"


def unfolded(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters() | st.sampled_from("=?\r\n\t <>@,;:\"'()\ud800\u202e"), max_size=300))
def test_whatever_the_text_a_head_keeps_one_line_that_says_no_more_than_it(text: str) -> None:
    kept = header_text(text)

    assert len(kept) <= HEADER_LENGTH
    assert "=?" not in kept
    assert {unicodedata.category(c) for c in kept if c != "\u200d"}.isdisjoint({"Cc", "Cf", "Cs"})
    assert header_text(kept) == kept
    message = EmailMessage()
    message["Subject"] = kept
    lines = re.split(rb"\n(?![ \t])", message.as_bytes())
    assert [line.partition(b":")[0] for line in lines if line] == [b"Subject"]
