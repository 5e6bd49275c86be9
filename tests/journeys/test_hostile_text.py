"""More than 2,000 hostile texts in every field: what is made of them is parsed again by others.

Pages by html5lib, Slack's JSON by the stand-in's strict checker, files by icalendar. This is the
pure part, for all texts; `test_hostile_requests.py` sends some hundred of them over HTTP.
"""

import html
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import icalendar
import pytest

from booking_web.bookings.confirmation import confirmation
from booking_web.link_page.choices import choices_with_day
from booking_web.link_page.form import (
    BookingForm,
    Fields,
    Incomplete,
    check,
    read_fields,
    read_start,
)
from booking_web.link_page.show import Form
from booking_web.rendering import Pages
from booking_web.static_files import load_static_files
from bot.messages.link_used import link_used
from bot.messages.message import Message
from bot.text.mrkdwn import SHOWN_LENGTH
from bot.text.notices import rerouted
from otl.logs import JsonLines
from otl.practice.limits import check_blocks
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.invitation import invitation
from scheduling.contacts import Booker, Contact
from scheduling.plain_text import clean
from scheduling.secrets.keyring import Purpose
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import CLOCK_24
from tests.booking_web.pages import SAM_RIVERA, a_calendar
from tests.booking_web.reading import parse
from tests.given import KEYRING, MONDAY_NINE, NOW, SALES, SAM
from tests.journeys.hostile_texts import LONG, hostile_texts

TEXTS: Final = hostile_texts()
PAGES: Final = Pages(load_static_files())
SUBMISSION: Final = "0123456789abcdef" * 2
LOOKUP: Final = b"lookup"
GENUINE: Final = {
    "start": "2026-12-07T09:00:00Z",
    "name": "Jane Doe",
    "email": "jane@example.com",
    "notes": "",
    "zone": "Europe/Berlin",
    "from": "2026-12-01",
    "submission_id": SUBMISSION,
    "ticket": KEYRING.form_ticket(LOOKUP, SUBMISSION),
}
MARK: Final = re.compile(r"<[^<>]*>")
ENTITY: Final = re.compile(r"&(?!amp;|lt;|gt;)")
FORMATTING: Final = re.compile("[*~`_\u2217\u223c\u02cb\u02cd]")
LINE_END: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def posted(**fields: str) -> Fields:
    """Return what the site reads of a form with these fields in place of the genuine ones."""
    return read_fields(urlencode(GENUINE | fields, errors="surrogatepass").encode())


def checked(fields: Fields) -> BookingForm | Incomplete:
    return check(fields, keyring=KEYRING, lookups=(LOOKUP,))


def as_received(text: str, *, lines: bool = False) -> str:
    """Return what is left of a text: UTF-8 has no lone surrogates, and `clean` no control signs."""
    decoded = text.encode(errors="surrogatepass").decode(errors="replace")
    return clean(decoded, limit=4 * len(decoded), lines=lines)


def given_back(fields: Fields, wrong: Incomplete) -> str:
    """Return the smallest page that gives a form back."""
    start, query = read_start(fields.start), fields.query
    zone = zone_named(query.zone or "UTC")
    form = Form(fields.submission_id, fields.ticket, fields, wrong, is_new=False)
    page = PAGES.answer(
        "try_again.html",
        too_many=False,
        form=form,
        zone=zone.key,
        first_day=query.first_day.isoformat() if query.first_day else "",
        place="",
        choice=choices_with_day([start] if start else [], zone, CLOCK_24, now=NOW, chosen=start),
    )
    return page.text or ""


def skeleton(root: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements with the names of their attributes."""
    return [(str(element.tag), tuple(element.keys())) for element in root.iter()]


def answers_in(root: Element) -> dict[str, str]:
    """Return what stands in the fields that a person fills in."""
    kept = {element.get("name"): element for element in root.iter()}
    notes = "".join(kept["notes"].itertext())
    return {"notes": notes} | {name: kept[name].get("value", "") for name in ("name", "email")}


@cache
def harmless_skeleton(problems: tuple[Any, ...], *, genuine: bool, has_start: bool) -> object:
    start = GENUINE["start"] if has_start else ""
    page = given_back(Fields(start=start), Incomplete(dict(problems), genuine))
    return skeleton(parse(page))


def test_there_are_more_than_2000_texts() -> None:
    assert len(TEXTS) == len(set(TEXTS)) >= 2000
    assert sum(len(text) == LONG for text in TEXTS) >= 5


def pages_of_texts() -> Iterator[dict[str, str]]:
    """Yield the fields of each page: over all of them, each field holds each text.

    The fields of one page hold different texts; only the long ones stand in all at once.
    """
    short = hostile_texts(longest=LONG // 10)
    for number, _ in enumerate(short):
        places = enumerate(GENUINE)
        yield {name: short[(number + 311 * place) % len(short)] for place, name in places}
    yield from (dict.fromkeys(GENUINE, text) for text in TEXTS if text not in short)


def test_every_text_in_every_field_comes_back_as_text() -> None:
    for texts in pages_of_texts():
        fields = posted(**texts)
        wrong = checked(fields)
        assert isinstance(wrong, Incomplete), texts

        root = parse(given_back(fields, wrong))

        expected = harmless_skeleton(
            tuple(wrong.problems.items()),
            genuine=wrong.genuine,
            has_start=read_start(fields.start) is not None,
        )
        assert skeleton(root) == expected, texts
        assert not wrong.genuine
        for name, answer in answers_in(root).items():
            assert answer == as_received(texts[name], lines=name == "notes"), texts


@pytest.mark.parametrize("field", GENUINE)
def test_every_text_alone_in_a_field_is_taken_or_marked_and_never_breaks_the_reader(
    field: str,
) -> None:
    for text in TEXTS:
        outcome = checked(posted(**{field: text}))

        if isinstance(outcome, Incomplete):
            assert outcome.problems or not outcome.genuine
            continue
        booker = outcome.booker
        for kept in (booker.name, booker.email, booker.zone):
            assert kept
            assert not LINE_END.search(kept), text
        assert (len(booker.name), len(booker.notes)) <= (200, 2000)


@cache
def bookings() -> tuple[tuple[str, BookingDetails], ...]:
    """Return every booking that the site would take, with the text that is in all its fields."""
    return tuple(_bookings())


def _bookings() -> Iterator[tuple[str, BookingDetails]]:
    for text in TEXTS:
        decoded = text.encode(errors="surrogatepass").decode(errors="replace")
        email = text if isinstance(checked(posted(email=text)), BookingForm) else GENUINE["email"]
        form = checked(posted(name=text, notes=text, email=email))
        if isinstance(form, BookingForm):
            yield text, details(form.booker, Contact(clean(decoded, limit=200)))


def details(booker: Booker, contact: Contact | None) -> BookingDetails:
    return BookingDetails(
        calendar=a_calendar(),
        hosts=(SAM_RIVERA,),
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(minutes=30),
        booker=booker,
        link_public_id="L-7K2QXA",
        link_issued_by=SAM,
        link_issued_at=NOW,
        link_contact=contact,
        link_channel_id=SALES,
        place=None,
        uid="uid",
        sequence=0,
        appointment_uid="appointment uid",
        appointment_sequence=0,
        booked_at=NOW,
        cancelled_at=None,
        secret=KEYRING.new_secret(Purpose.BOOKING, b"n" * 16),
    )


HARMLESS: Final = details(Booker("x", "x@example.com", "x", "Europe/Berlin"), Contact("x"))


def test_most_texts_can_be_booked_with() -> None:
    taken = bookings()

    assert len(taken) > 1500
    assert len({booking.booker.email for _, booking in taken}) > 5


def test_every_booking_that_is_taken_gives_a_card_that_slack_shows_as_it_stands() -> None:
    reroute = rerouted("C01SALES", "is_archived")
    expected = list(map(structure, mrkdwn_of(link_used(HARMLESS, now=NOW, reroute=reroute))))
    for text, booking in bookings():
        message = link_used(booking, now=NOW, reroute=reroute)

        written = mrkdwn_of(message)

        assert 0 < len(message.text) <= 4000, text
        assert list(map(structure, written)) == expected, text
        name = FORMATTING.sub("", booking.booker.name[: SHOWN_LENGTH - 1]).rstrip()
        assert all(name in letters(part) for part in written[:2]), text


def mrkdwn_of(message: Message) -> list[str]:
    """Return every text of a message that Slack reads as mrkdwn: its own, then its blocks'."""
    texts, blocks = [message.text], message.block_json()
    assert check_blocks(blocks, "message") == [], message.text
    for block in blocks:
        objects = [block["text"]] if "text" in block else block["elements"]
        texts += [part["text"] for part in objects if part["type"] == "mrkdwn"]
        assert all(part.get("verbatim") for part in objects if part["type"] == "mrkdwn")
    return texts


def structure(text: str) -> object:
    """Return what Slack would make more of than letters: marks, lines, formatting."""
    outside = MARK.sub("", text)
    assert not {"<", ">"} & set(outside), text
    assert not ENTITY.search(outside), text
    signs = [outside.count(sign) for sign in "*~`\n"]
    return MARK.findall(text), signs, len(re.findall(r"(?<!\w)_|_(?!\w)", outside))


def letters(text: str) -> str:
    """Return what a person reads, without any sign that could format, ours included."""
    return FORMATTING.sub("", html.unescape(MARK.sub("", text)))


def test_every_booking_that_is_taken_gives_a_page_with_nothing_of_its_own_on_it() -> None:
    expected = skeleton(parse(confirmed(HARMLESS)))
    for text, booking in bookings():
        root = parse(confirmed(booking))

        assert skeleton(root) == expected, text
        assert booking.booker.name in [row.text for row in root.iter("dd")], text


def confirmed(booking: BookingDetails) -> str:
    shown_booking = confirmation(booking, clock=CLOCK_24, now=NOW)
    page = PAGES.answer("booked.html", booking=shown_booking, invitation="/booking/x")
    return page.text or ""


def test_every_text_gives_a_calendar_file_of_the_same_properties() -> None:
    expected = properties(a_file("x", "x"))
    for text in TEXTS:
        content = a_file(text, text)

        words = clean(text, limit=5000, lines=True)
        names, (event,) = properties(content), icalendar.Calendar.from_ical(content).events
        assert names == [name for name in expected if words or name != "DESCRIPTION"], text
        assert str(event["SUMMARY"]) == clean(text, limit=300), text
        assert str(event.get("DESCRIPTION", "")) == words, text
        lines = content.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines), text
        assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]|(?<!\r)\n|\r(?!\n)", content), text


def a_file(summary: str, description: str) -> bytes:
    return invitation(
        uid="uid@book.example.com",
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(minutes=30),
        stamped_at=NOW,
        summary=summary,
        description=description,
        page="https://book.example.com/booking/x",
    )


def properties(content: bytes) -> list[str]:
    """Return the names of all properties, in order, as an independent reader finds them."""
    calendar = icalendar.Calendar.from_ical(content)
    return [name for name, _ in calendar.property_items()]


def test_every_text_is_one_line_in_the_log() -> None:
    lines = JsonLines()
    for text in TEXTS:
        record = logging.LogRecord("site", logging.INFO, "", 0, "typed: %s", (text,), None)

        line = lines.format(record)

        assert line.isascii()
        assert line.isprintable()
        assert json.loads(line).keys() == {"at", "level", "from", "message"}


def test_a_text_in_an_error_is_one_line_in_the_log_too() -> None:
    for text in TEXTS[::10]:
        error = ValueError(text)
        info = (ValueError, error, error.__traceback__)
        record = logging.LogRecord("site", logging.ERROR, "", 0, "failed", None, info)

        line = JsonLines().format(record)

        assert line.isascii()
        assert line.isprintable()
        assert json.loads(line)["message"] == "failed"
