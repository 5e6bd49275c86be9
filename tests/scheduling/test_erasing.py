"""A contact who is erased is in no table any more, and nothing else is gone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Boolean, Integer, select, text
from sqlalchemy.orm import Session

from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from scheduling.database.column_types import Minutes, UTCDateTime
from scheduling.database.models import Base
from scheduling.erasing import Erasure, erase_contact
from scheduling.events import queue
from scheduling.events.deliveries import Done, Receipt
from scheduling.links.details import link_by_id
from scheduling.places import Place, PlaceKind
from tests.given import MONDAY_NINE, a_booker, given_calendar, given_link, when_booked
from tests.scheduling.contacts_erased import ADDRESS, JANE, OVER, a_used_link, erase, regenerated
from tests.scheduling.test_erased_messages import TERMS, settled
from tests.stored import count, rows

TRACES = ("zimmerli", "jane", "waldo", "555 0123")

WITHOUT_TEXT: Final = (Boolean, Integer, Minutes, UTCDateTime)
HOLD_CONTACT_TEXT: Final = frozenset(
    {
        "one_time_link.contact_name",
        "one_time_link.contact_email",
        "booking.contact_name",
        "booking.contact_email",
        "booking.notes",
        "booking.phone",
        "booking.former_email",
        "guest.email",
        "booking.reason",
        "contact_word.word",
    }
)
"""What `erase_contact` empties."""

HOLD_NONE: Final = frozenset(
    {
        *("workspace.team_id", "workspace.name", "workspace.mail_from"),
        *("resource.type", "resource.slack_user_id", "resource.name", "resource.email"),
        *("resource.own_email", "resource.own_zone", "resource.room_url"),
        *("calendar.description", "calendar.place_kind", "calendar.place_text"),
        *("appointment.uid", "appointment.place_kind", "appointment.place_text"),
        *("resource.zone", "calendar.slug", "calendar.name", "calendar.type"),
        *("calendar.group_name", "calendar.zone", "calendar.opening_hours", "calendar.owner"),
        *("calendar.notification_channel", "one_time_link.public_id", "one_time_link.nonce"),
        *("one_time_link.key_id", "one_time_link.lookup", "one_time_link.issued_by"),
        *("one_time_link.channel_id", "one_time_link.deleted_by", "booking.submission_id"),
        *("booking.uid", "booking.correction_id", "booking.cancelled_by"),
        *("booking.nonce", "booking.key_id", "booking.lookup", "booking.card_channel"),
        *("booking.card_ts", "known_key.key_id", "known_key.fingerprint", "request.key"),
        *("event.kind", "event.actor", "event.details", "delivery.destination"),
        *("delivery.recipient", "delivery.topic", "delivery.card", "delivery.notification_id"),
        *("delivery.state", "delivery.lane", "delivery.refusal", "delivery.refused_place"),
        *("delivery.reason", "delivery.window_read_to", "delivery.receipt_place"),
        *("delivery.receipt_id", "destination_refusal.destination", "destination_refusal.reason"),
        *("erasure.request_id", "erasure.refused_for"),
        "booking.language",  # a code; what is sent later is told in it
        *("direct_conversation.slack_user_id", "direct_conversation.conversation"),
        "booking.zone",  # a place on the map; the times that are kept are told in it
    }
)
"""What is ours, Slack's, or the team's own."""


def contents(session: Session) -> Mapping[str, list[Any]]:
    """Return what each column of each table holds, "table.column"."""
    found: dict[str, list[Any]] = {}
    for table in Base.metadata.sorted_tables:
        stored = session.execute(select(table)).mappings().all()
        found |= {f"{table.name}.{one.name}": [row[one] for row in stored] for one in table.c}
    return found


async def traces(database: Database) -> dict[str, list[Any]]:
    """Return what still names the contact, by column."""
    return {
        column: left
        for column, values in (await database.read(contents)).items()
        if (left := [value for value in values if any(t in str(value).lower() for t in TRACES)])
    }


def test_every_column_is_known_to_hold_contact_text_or_none() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if not isinstance(column.type, WITHOUT_TEXT)
    }

    assert columns - HOLD_CONTACT_TEXT - HOLD_NONE == set(), "does it hold what contacts type?"
    assert columns == HOLD_CONTACT_TEXT | HOLD_NONE, "a column that is no more"


async def test_nothing_of_the_contact_remains_in_any_column(database: Database) -> None:
    await given_calendar(database, place=Place(PlaceKind.PHONE))
    first = await given_link(database, contact=Contact("Jane", None))  # by name alone
    second = await regenerated(database, first)
    third = await regenerated(database, second)
    await when_booked(database, third, booker=JANE)
    await a_used_link(database, Contact("Zimmerli", "jane.zimmerli@example.com"), hour=1)
    await given_link(database, contact=Contact(None, "JANE.ZIMMERLI@example.com"))
    await database.write(mistyped_and_moved)
    before = set(await traces(database))
    assert before == HOLD_CONTACT_TEXT

    erasure = await erase(database, "jane.zimmerli@EXAMPLE.com")

    assert await traces(database) == {}
    assert (erasure.links, erasure.bookings, erasure.still_active) == (5, 2, 1)
    assert await database.read(rows, "SELECT DISTINCT contact_name FROM booking") == [
        ("a contact",)
    ]


def mistyped_and_moved(session: Session) -> None:
    session.execute(
        text(
            "UPDATE booking SET former_email = 'jane@gmial.com', reason = 'Jane is late'"
            " WHERE id = 1"
        )
    )


@pytest.mark.parametrize("address", ["jörg@müller.example", "JÖRG@müller.example"])
async def test_letters_of_every_alphabet_are_the_same_in_either_case(
    database: Database, address: str
) -> None:
    await given_calendar(database)
    await given_link(database, contact=Contact("Jörg", "Jörg@müller.example"))

    assert (await erase(database, address)).links == 1


async def test_others_stay_as_they_are(database: Database) -> None:
    await given_calendar(database)
    other = Booker("Bob Stone", "bob@example.com", "Hello", "UTC")
    await a_used_link(database, Contact("Bob", "bob@example.com"), other)
    await given_link(database, contact=Contact("Jane", None))  # nobody can tell whose it is
    await given_link(database, contact=Contact(None, "xjane.zimmerli@example.com"))
    await given_link(database, contact=Contact(None, "jane_zimmerli@example.com"))
    before = await database.read(contents)

    erasure = await erase(database)

    after = await database.read(contents)
    assert erasure == Erasure()
    assert {one for one in before if before[one] != after[one]} == {
        one for one in before if one.startswith("erasure.")
    }


async def test_of_a_forwarded_link_only_the_one_who_is_meant_is_erased(database: Database) -> None:
    await given_calendar(database)
    bob = Booker("Bob Stone", "bob@example.com", "Hello", "UTC")
    forwarded = await a_used_link(database, Contact("Jane", ADDRESS), bob)
    received = await a_used_link(database, Contact("Bob", "bob@example.com"), hour=1)

    await erase(database)

    [one, other] = [
        await database.read(link_by_id, link_id=link.details.id, now=OVER)
        for link in (forwarded, received)
    ]
    assert (one.contact, one.booking and one.booking.contact_name) == (None, "Bob Stone")
    assert (other.contact, other.booking and other.booking.contact_name) == (
        Contact("Bob", "bob@example.com"),
        "a contact",
    )
    words = await database.read(
        rows, "SELECT word, link_id FROM contact_word ORDER BY link_id, word"
    )
    assert words == [("bob", 1), ("stone", 1), ("bob", 2)]


async def test_whoever_has_a_meeting_to_come_is_refused(database: Database) -> None:
    await given_calendar(database)
    link = await a_used_link(database, None)
    now = MONDAY_NINE + timedelta(minutes=29)  # it runs

    erasure = await database.write(erase_contact, email=ADDRESS, request_id="1", now=now)

    assert erasure == Erasure(refused_for=link.details.public_id)
    assert await database.read(count, "booking", "contact_name = 'Jane Zimmerli'") == 1
    assert (await erase(database, request_id="2")).bookings == 1


async def test_to_erase_again_is_harmless(database: Database) -> None:
    await given_calendar(database)
    await a_used_link(database, Contact("Jane", ADDRESS))
    first = await erase(database)

    assert await erase(database) == first  # handed in again, after a crash
    assert await erase(database, request_id="2") == Erasure()
    assert (first.links, first.bookings) == (1, 1)


async def test_the_link_s_events_say_that_it_was_done_and_not_to_whom(database: Database) -> None:
    await given_calendar(database)
    await a_used_link(database, Contact("Jane", ADDRESS))

    await erase(database)

    said = await database.read(
        rows, "SELECT kind, actor, details FROM event WHERE kind LIKE '%erased' ORDER BY kind"
    )
    assert said == [
        ("booking.erased", "OTL erase", None),
        ("link.erased", "OTL erase", None),
    ]


async def test_the_message_of_a_class_is_edited_whoever_booked_first(database: Database) -> None:
    await given_calendar(database, type=CalendarType.CLASS, seats=5)
    for booker in (a_booker("Joe Smith", "joe@example.com"), JANE):
        await when_booked(database, await given_link(database), booker=booker)
    every = await database.write(queue.claim, TERMS, now=OVER, lease=timedelta(minutes=5))
    (card,) = [one for one in every if one.card is not None]
    await settled(database, card, Done("D0SAM", "1.5"))

    await erase(database)

    edits = await database.write(queue.claim, TERMS, now=OVER, lease=timedelta(minutes=5))
    assert [one.receipt for one in edits if one.card] == [Receipt("D0SAM", "1.5")]
