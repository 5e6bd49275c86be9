"""Who books with somebody else's link: what the channel and what those concerned read."""

from datetime import timedelta

import pytest

from bot.messages.booked_for_you import booked_for_you
from bot.messages.link_used import link_used
from bot.messages.message import Message
from bot.text.classes import between, person
from scheduling.bookings.classes import Attendee
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from tests.given import NOW, SAM, given_calendar, given_link, when_booked

JANE = Contact("Jane", "jane@acme.com")


async def booked(database: Database, contact: Contact, name: str, email: str) -> BookingDetails:
    await given_calendar(database)
    link = await given_link(database, contact=contact, now=NOW - timedelta(days=2))
    booking = await when_booked(database, link, booker=Booker(name, email, "", "Europe/Berlin"))
    return await database.read(booking_by_id, booking_id=booking.booking_id)


def in_channel(booking: BookingDetails) -> Message:
    return link_used(booking, now=NOW)


def in_private(booking: BookingDetails) -> Message:
    return booked_for_you(booking, now=NOW, reader=SAM)


@pytest.mark.parametrize(
    ("contact", "name", "email", "who"),
    [
        pytest.param(JANE, "Joe", "joe@acme.com", "Joe, with Jane's link,", id="forwarded"),
        pytest.param(JANE, "Jane Doe", "jane@acme.com", "Jane Doe", id="not forwarded"),
        pytest.param(JANE, "Joe", "jane@acme.com", "Joe", id="a name is no proof"),
        pytest.param(JANE, "Jane Doe", "jane@home.example", "Jane Doe", id="her other address"),
        pytest.param(JANE, "Joe", "Jane+otl@Acme.com", "Joe", id="the same mailbox"),
        pytest.param(Contact("Jane"), "Joe", "joe@acme.com", "Joe", id="issued without an address"),
        pytest.param(
            Contact(None, "jane@acme.com"),
            "Joe",
            "joe@acme.com",
            "Joe, with a link issued for another address,",
            id="issued for an address alone",
        ),
    ],
)
async def test_the_channel_reads_whose_link_it_was_where_an_address_shows_it(
    sqlite_database: Database, contact: Contact, name: str, email: str, who: str
) -> None:
    message = in_channel(await booked(sqlite_database, contact, name, email))

    assert message.text.splitlines()[0] == f"Link used: {who} booked Onboarding Call"
    assert "@acme" not in message.text + str(message.block_json())


async def test_those_concerned_read_both_addresses(sqlite_database: Database) -> None:
    booking = await booked(sqlite_database, JANE, "Joe", "joe@acme.com")

    message = in_private(booking)

    assert message.text.startswith("Joe, with Jane's link, booked Onboarding Call\n")
    for words in (message.text, str(message.block_json())):
        assert "joe@acme.com (the link was issued for jane@acme.com)" in words


async def test_another_address_of_the_same_name_is_told_to_those_concerned_alone(
    sqlite_database: Database,
) -> None:
    booking = await booked(sqlite_database, JANE, "Jane Doe", "jane@home.example")

    message = in_private(booking)

    assert message.text.startswith("Jane Doe booked Onboarding Call\n")
    assert "jane@home.example (the link was issued for jane@acme.com)" in message.text


async def test_whom_it_was_issued_for_is_not_told_again_where_it_is_the_same_address(
    sqlite_database: Database,
) -> None:
    booking = await booked(sqlite_database, JANE, "Jane Doe", "jane@acme.com")

    assert "issued for jane" not in in_private(booking).text


def test_the_host_of_a_class_reads_both_addresses_too() -> None:
    joe = Booker("Joe", "joe@acme.com", "", "Europe/Berlin")
    attendee = Attendee(joe, False, "L-7K2QXA", JANE, SAM)  # noqa: FBT003

    for words in (person(attendee), between(attendee)):
        assert "joe@acme.com (the link was issued for jane@acme.com)" in words
