"""Bookings with every hostile text: card, confirmation and calendar file stay what they are."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

import icalendar

from booking_web.bookings.confirmation import confirmation
from booking_web.link_page.form import BookingForm
from bot.messages.link_used import link_used
from bot.messages.message import Message
from bot.text.mrkdwn import SHOWN_LENGTH
from bot.text.notices import rerouted
from otl.practice.limits import check_blocks
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.invitation import invitation
from scheduling.contacts import Booker, Contact
from scheduling.plain_text import clean
from scheduling.secrets.keyring import Purpose
from scheduling.times.words import CLOCK_24
from tests.booking_web.pages import SAM_RIVERA, a_calendar
from tests.booking_web.reading import parse
from tests.given import KEYRING, MONDAY_NINE, NOW, SALES, SAM
from tests.journeys.forms_of_texts import GENUINE, PAGES, TEXTS, checked, posted, skeleton

MARK: Final = re.compile(r"<[^<>]*>")
ENTITY: Final = re.compile(r"&(?!amp;|lt;|gt;)")
FORMATTING: Final = re.compile("[*~`_\u2217\u223c\u02cb\u02cd]")
LINE_END: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


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
        appointment_id=1,
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
    page = PAGES.answer("booked.html", booking=shown_booking, path="/booking/x", correction=None)
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
