"""Guests are stored, written to and forgotten; nobody is flooded through us."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.messages.booked_for_you import booked_for_you, details
from bot.messages.link_used import link_used
from scheduling.bookings.change_place import change_place
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.bookings.guests import LATELY, MOST_LATELY
from scheduling.contacts import read_guests
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.links.permissions import Actor
from scheduling.places import Place, PlaceKind
from scheduling.workspaces import set_mail_sender
from tests.given import (
    MONDAY_NINE,
    NOW,
    SAM,
    a_booker,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)
from tests.stored import rows

JOE, ANN = "joe@acme.com", "ann@acme.com"


@pytest.mark.parametrize(
    ("text", "guests"),
    [
        pytest.param("", (), id="nobody"),
        pytest.param(f"{JOE}, {ANN}", (JOE, ANN), id="with commas"),
        pytest.param(f" {JOE} ;{ANN}\n", (JOE, ANN), id="with whatever people use"),
        pytest.param(f"{JOE} {ANN}", (JOE, ANN), id="with blanks"),
        pytest.param(f"Joe Doe <{JOE}>, {ANN}", (JOE, ANN), id="as a mail program copies them"),
        pytest.param("Joe@Acme.com joe@acme.COM", (JOE,), id="one of them twice"),
        pytest.param(f"Jane@example.com, {JOE}", (JOE,), id="the booker's own"),
        pytest.param("joe", None, id="a name"),
        pytest.param(f"{JOE}, ann@acme", None, id="half an address"),
        pytest.param("joe@acme.com\r\nBcc: x", None, id="a header"),
        pytest.param("<>", None, id="empty brackets"),
    ],
)
def test_addresses_of_guests_are_read_as_they_are_typed(
    text: str, guests: tuple[str, ...] | None
) -> None:
    assert read_guests(text, booker="jane@example.com") == guests


async def given_mail(database: Database) -> None:
    await given_workspace(database)
    await database.write(set_mail_sender, workspace_id=1, address="meetings@acme.com")


async def booked(
    database: Database, *guests: str, number: int = 0, now: datetime = NOW
) -> BookingDetails:
    link = await given_link(database, now=now)
    made = await when_booked(
        database,
        link,
        booker=replace(a_booker(), guests=guests),
        start=MONDAY_NINE + timedelta(minutes=30 * number),
        now=now,
    )
    return await database.read(booking_by_id, booking_id=made.booking_id)


async def in_mail(database: Database) -> Sequence[tuple[Any, ...]]:
    return await database.read(
        rows, "SELECT recipient FROM delivery WHERE destination = 'mail' ORDER BY id"
    )


async def test_each_guest_is_written_to_once(database: Database) -> None:
    await given_mail(database)
    await given_calendar(database)

    booking = await booked(database, JOE, ANN)

    assert [(guest.email, guest.is_invited) for guest in booking.guests] == [
        (JOE, True),
        (ANN, True),
    ]
    joe, ann = booking.guests
    assert [recipient for (recipient,) in await in_mail(database)][2:] == [
        f"guest:{joe.id}",
        f"guest:{ann.id}",
    ]


async def test_guests_hear_of_another_place_too(sqlite_database: Database) -> None:
    await given_mail(sqlite_database)
    await given_calendar(sqlite_database)
    booking = await booked(sqlite_database, JOE)
    await sqlite_database.write(as_if_sent)

    await sqlite_database.write(
        change_place,
        appointment_id=booking.appointment_id,
        place=Place(PlaceKind.TEXT, "Room 2"),
        actor=Actor(SAM, is_admin=False),
        now=NOW,
    )

    told = await in_mail(sqlite_database)
    assert told.count((f"guest:{booking.guests[0].id}",)) == 2


def as_if_sent(session: Session) -> None:
    session.connection().exec_driver_sql(
        "UPDATE delivery SET state = 'done', shown = 1, closed_at = created_at"
    )


async def test_without_mail_nobody_is_invited_and_the_host_reads_who_comes(
    sqlite_database: Database,
) -> None:
    await given_calendar(sqlite_database)

    booking = await booked(sqlite_database, JOE)

    assert [guest.is_invited for guest in booking.guests] == [False]
    assert await in_mail(sqlite_database) == []


async def test_an_address_is_invited_so_often_a_day_and_then_no_more(database: Database) -> None:
    await given_mail(database)
    await given_calendar(database)
    for number in range(MOST_LATELY):
        assert (await booked(database, JOE, number=number)).guests[0].is_invited

    [one, other] = (await booked(database, JOE, ANN, number=MOST_LATELY)).guests
    later = NOW + LATELY + timedelta(minutes=1)
    [tomorrow] = (await booked(database, JOE, number=MOST_LATELY + 1, now=later)).guests

    assert (one.is_invited, other.is_invited) == (False, True)
    assert tomorrow.is_invited


async def test_host_and_issuer_read_who_comes_along_and_the_channel_does_not(
    sqlite_database: Database,
) -> None:
    await given_calendar(sqlite_database)
    booking = await booked(sqlite_database, JOE, ANN)

    private = [booked_for_you(booking, now=NOW, reader=SAM), details(booking, now=NOW)]
    channel = link_used(booking, now=NOW)

    for message in private:
        for said in (message.text, str(message.block_json())):
            assert f"Guests: {JOE} and {ANN}" in said
    assert "acme.com" not in channel.text + str(channel.block_json())


async def test_a_guest_is_erased_by_their_own_address(database: Database) -> None:
    await given_calendar(database)
    booking = await booked(database, JOE, ANN)

    erasure = await database.write(
        erase_contact, email="Joe@acme.com", request_id="1", now=MONDAY_NINE
    )

    assert erasure.bookings == 1
    left = await database.read(booking_by_id, booking_id=_id_of(booking))
    assert [guest.email for guest in left.guests] == [ANN]
    assert left.booker.name == "Jane Doe"


def _id_of(booking: BookingDetails) -> int:
    return booking.appointment_id  # one booking a meeting here
