"""A mistyped address is corrected once, and whoever has the wrong mailbox loses all."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from secrets import token_bytes, token_hex
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked
from scheduling.bookings.correct_address import Corrected, correct_address
from scheduling.bookings.details import BookingDetails, booking_by_id, booking_by_secret
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.errors import AddressCorrected, MeetingOver, UnknownBooking
from scheduling.events import queue
from scheduling.events.deliveries import Done
from scheduling.events.destinations import FORMER, MAIL, SLACK
from scheduling.events.queue import Terms
from scheduling.events.settling import settle
from scheduling.secrets.keyring import Purpose
from scheduling.workspaces import set_mail_sender
from tests.given import (
    KEYRING,
    MONDAY_NINE,
    NOW,
    a_booker,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)
from tests.rendezvous import HeldBack, all_of, until_somebody_waits
from tests.stored import rows

WRONG, RIGHT = "jane@gmial.com", "jane@gmail.com"
LATER = NOW + timedelta(minutes=5)
TERMS = Terms({MAIL: NOW, SLACK: NOW}, busy_lanes=(), held=(), limit=20)


async def given_booking(
    database: Database, *, mail: bool = True, contact: Contact | None = None
) -> Booked:
    await given_workspace(database)
    if mail:
        await database.write(set_mail_sender, workspace_id=1, address="meetings@acme.com")
    await given_calendar(database)
    link = await given_link(database, contact=contact)
    return await when_booked(database, link, booker=a_booker(email=WRONG))


def lookups_of(booked: Booked) -> tuple[bytes, ...]:
    return KEYRING.lookups(Purpose.BOOKING, KEYRING.token(Purpose.BOOKING, booked.secret))


def correction(booked: Booked, **changes: Any) -> dict[str, Any]:
    return {
        "lookups": lookups_of(booked),
        "email": RIGHT,
        "correction_id": token_hex(16),
        "secret": KEYRING.new_secret(Purpose.BOOKING, token_bytes(16)),
        "now": LATER,
    } | changes


async def corrected(database: Database, booked: Booked, **changes: Any) -> Corrected:
    return await database.write(correct_address, **correction(booked, **changes))


async def details(database: Database, booked: Booked) -> BookingDetails:
    return await database.read(booking_by_id, booking_id=booked.booking_id)


async def mails(database: Database) -> Sequence[tuple[Any, ...]]:
    return await database.read(
        rows,
        "SELECT kind, recipient, state FROM delivery JOIN event ON event.id = event_id"
        " WHERE destination = 'mail' ORDER BY delivery.id",
    )


async def all_sent(database: Database) -> None:
    """Have the worker send what is due; each arrives."""
    for delivery in await database.write(queue.claim, TERMS, now=LATER, lease=timedelta(minutes=1)):
        done = Done("C0PLACE", str(delivery.id))
        await database.write(
            settle,
            delivery,
            done,
            began_at=LATER,
            ended_at=LATER,
            now=LATER,
            quarantine=timedelta(minutes=1),
        )


async def test_the_booking_has_another_address_and_secret_and_the_same_uid(
    database: Database,
) -> None:
    booked = await given_booking(database)
    before = await details(database, booked)

    answer = await corrected(database, booked)

    after = await details(database, booked)
    assert answer == Corrected(after.secret, is_new=True)
    assert after.booker.email == RIGHT
    assert after.secret != before.secret
    assert (after.uid, after.appointment_uid) == (before.uid, before.appointment_uid)
    assert after.sequence > before.sequence
    assert after.appointment_sequence == before.appointment_sequence
    assert after.is_corrected
    with pytest.raises(UnknownBooking):
        await database.read(booking_by_secret, lookups=lookups_of(booked))


async def test_a_booking_of_an_earlier_release_keeps_its_uids_too(database: Database) -> None:
    booked = await given_booking(database)
    await database.write(forget_uids)
    before = await details(database, booked)

    await corrected(database, booked)

    after = await details(database, booked)
    assert (after.uid, after.appointment_uid) == (before.uid, before.appointment_uid)


def forget_uids(session: Session) -> None:
    session.execute(text("UPDATE booking SET uid = NULL"))
    session.execute(text("UPDATE appointment SET uid = NULL"))


async def test_it_can_be_corrected_once(database: Database) -> None:
    booked = await given_booking(database)
    answer = await corrected(database, booked)
    now_at = Booked(booked.booking_id, answer.secret, booked.link_public_id, replay=False)

    with pytest.raises(AddressCorrected):
        await corrected(database, now_at, email="jane@else.example")

    assert (await details(database, booked)).booker.email == RIGHT


async def test_the_same_address_changes_nothing(database: Database) -> None:
    booked = await given_booking(database)
    before = await details(database, booked)

    answer = await corrected(database, booked, email="Jane@Gmial.com")

    assert answer == Corrected(before.secret, is_new=False)
    assert await details(database, booked) == before


async def test_a_meeting_that_is_over_keeps_its_address(database: Database) -> None:
    booked = await given_booking(database)

    with pytest.raises(MeetingOver):
        await corrected(database, booked, now=MONDAY_NINE + timedelta(hours=1))


async def test_a_form_sent_twice_is_answered_twice_with_the_new_secret(database: Database) -> None:
    booked = await given_booking(database)
    form = token_hex(16)

    answers = await all_of(corrected(database, booked, correction_id=form) for _ in range(20))

    after = await details(database, booked)
    assert answers == [Corrected(after.secret, is_new=True)] * 20
    assert after.sequence == 1


async def test_of_two_tabs_one_corrects_and_the_other_finds_nothing_any_more(
    database: Database,
) -> None:
    booked = await given_booking(database)

    answers = await all_of(
        corrected(database, booked, email=f"jane{number}@gmail.com") for number in range(20)
    )

    assert Counter(map(type, answers)) == {Corrected: 1, UnknownBooking: 19}
    assert (await details(database, booked)).sequence == 1


@pytest.mark.parametrize("is_same_form", [True, False])
async def test_whoever_waits_for_the_other_press_hears_what_came_of_it(
    database: Database, *, is_same_form: bool
) -> None:
    booked = await given_booking(database)
    first, second = correction(booked), correction(booked)
    if is_same_form:
        second["correction_id"] = first["correction_id"]

    async with HeldBack(database, correct_address, **first) as held:
        late = asyncio.create_task(database.write(correct_address, **second))
        await until_somebody_waits(database)
    [answer] = await all_of([late])

    assert answer == held.result if is_same_form else isinstance(answer, UnknownBooking)
    assert (await details(database, booked)).secret == first["secret"]


async def test_what_the_wrong_mailbox_got_is_withdrawn_and_then_its_address_is_forgotten(
    database: Database,
) -> None:
    booked = await given_booking(database)
    await all_sent(database)

    await corrected(database, booked)

    assert (await mails(database))[2:] == [
        ("booking.address_corrected", "contact", "ready"),
        ("booking.address_corrected", FORMER, "ready"),
    ]
    assert (await details(database, booked)).former_email == WRONG
    await all_sent(database)
    assert (await details(database, booked)).former_email is None
    assert not await addresses_in_events(database)


async def addresses_in_events(database: Database) -> list[str]:
    kept = await database.read(rows, "SELECT details FROM event")
    told = await database.read(rows, "SELECT recipient, topic, lane, receipt_id FROM delivery")
    return [row for row in map(str, [*kept, *told]) if "gmial" in row or "gmail" in row]


async def test_a_mailbox_that_got_nothing_is_not_written_to(database: Database) -> None:
    booked = await given_booking(database)

    await corrected(database, booked)

    assert await mails(database) == [  # what was queued goes to the right address
        ("booking.made", "contact", "ready"),
        ("booking.made", "host:1", "ready"),
    ]
    assert (await details(database, booked)).former_email is None


async def test_without_mail_it_is_corrected_all_the_same(database: Database) -> None:
    booked = await given_booking(database, mail=False)

    await corrected(database, booked)

    assert await mails(database) == []
    assert (await details(database, booked)).booker.email == RIGHT


@pytest.mark.parametrize(
    ("contact", "edited"),
    [
        pytest.param(None, ["host:1"], id="whom it was issued for is not known"),
        pytest.param(
            Contact("Acme", RIGHT), ["channel", "host:1"], id="the channel read whose link it was"
        ),
    ],
)
async def test_those_concerned_see_the_new_address_where_they_read_the_old_one(
    database: Database, contact: Contact | None, edited: list[str]
) -> None:
    booked = await given_booking(database, mail=False, contact=contact)
    await all_sent(database)

    await corrected(database, booked)

    anew = await database.read(
        rows,
        "SELECT recipient FROM delivery WHERE destination = 'slack' AND closed_at IS NULL"
        " ORDER BY recipient",
    )
    assert [recipient for (recipient,) in anew] == edited


async def test_erasing_the_wrong_address_forgets_it(database: Database) -> None:
    booked = await given_booking(database)
    await all_sent(database)
    await corrected(database, booked)

    await database.write(erase_contact, email=WRONG, request_id="1", now=LATER)

    after = await details(database, booked)
    assert (after.former_email, after.booker.email) == (None, RIGHT)
