"""Who is written to when a contact has booked: only while there is mail, never a second time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import booking_by_id
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.events.deliveries import Done, NotSent, Outcome
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from scheduling.workspaces import mail_sender, set_mail_sender
from tests.given import (
    ANA,
    NOW,
    PEOPLE,
    SAM,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)
from tests.stored import rows

FROM = "meetings@acme.com"
MINUTE = timedelta(minutes=1)
IN_MAIL = (
    "SELECT delivery.recipient, delivery.lane FROM delivery WHERE destination = 'mail' ORDER BY id"
)


async def given_mail(database: Database, address: str | None = FROM) -> None:
    await given_workspace(database)
    await database.write(set_mail_sender, workspace_id=1, address=address)


async def when_somebody_booked(database: Database, **calendar: Any) -> int:
    await given_calendar(database, **calendar)
    return (await when_booked(database, await given_link(database))).booking_id


async def written_to(database: Database) -> Sequence[tuple[Any, ...]]:
    return await database.read(rows, IN_MAIL)


async def resource_of(database: Database, user_id: str) -> int:
    found = await database.read(
        rows,
        f"SELECT id FROM resource WHERE slack_user_id = '{user_id}'",  # noqa: S608
    )
    return int(found[0][0])


async def test_while_there_is_mail_contact_and_hosts_are_written_to(database: Database) -> None:
    await given_mail(database)

    await when_somebody_booked(database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA))

    sam, ana = await resource_of(database, SAM), await resource_of(database, ANA)
    assert await written_to(database) == [
        ("contact", ""),
        *((f"host:{id_}", "") for id_ in sorted((sam, ana))),
    ]


async def test_without_mail_nobody_is_written_to_not_later_either(database: Database) -> None:
    booking_id = await when_somebody_booked(database)

    await given_mail(database)

    assert await written_to(database) == []
    booking = await database.read(booking_by_id, booking_id=booking_id)
    assert booking.mail is ConfirmationMail.NONE


async def test_whether_there_is_mail_is_one_fact_that_all_read(database: Database) -> None:
    await given_workspace(database)
    before = await database.read(mail_sender)

    await given_mail(database)
    with_mail = await database.read(mail_sender)
    await given_mail(database, None)

    assert (before, with_mail, await database.read(mail_sender)) == (None, FROM, None)


async def test_a_host_without_an_address_gets_no_mail(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PEOPLE, SAM, replace(PEOPLE[SAM], email=None))  # type: ignore[arg-type]  # a dict
    await given_mail(database)

    await when_somebody_booked(database)

    assert await written_to(database) == [("contact", "")]


async def test_the_host_of_a_class_is_invited_once_to_each_occurrence(database: Database) -> None:
    await given_mail(database)
    await given_calendar(database, type=CalendarType.CLASS, seats=3)

    for _ in range(3):
        await when_booked(database, await given_link(database))

    parts = [recipient for recipient, _ in await written_to(database)]
    sam = await resource_of(database, SAM)
    assert parts == ["contact", f"host:{sam}", "contact", "contact"]


async def test_no_address_stands_in_a_delivery(database: Database) -> None:
    await given_mail(database)

    await when_somebody_booked(database)

    found = await database.read(rows, "SELECT * FROM delivery WHERE destination = 'mail'")
    assert len(found) == 2
    assert "@" not in str(found)


@pytest.mark.parametrize(
    ("outcome", "standing"),
    [
        pytest.param(None, ConfirmationMail.ON_ITS_WAY, id="not tried"),
        pytest.param(NotSent("greylisted"), ConfirmationMail.ON_ITS_WAY, id="not taken"),
        pytest.param(Done("mail", "1"), ConfirmationMail.SENT, id="taken"),
    ],
)
async def test_a_booking_tells_what_became_of_its_mail(
    database: Database, outcome: Outcome | None, standing: ConfirmationMail
) -> None:
    await given_mail(database)
    booking_id = await when_somebody_booked(database)

    if outcome is not None:
        terms = Terms({"mail": NOW}, busy_lanes=(), held=(), limit=9)
        claimed = await database.write(claim, terms, now=NOW, lease=MINUTE)
        [mail] = [one for one in claimed if one.recipient == "contact"]
        times = {"began_at": NOW, "ended_at": NOW, "now": NOW, "quarantine": MINUTE}
        await database.write(settle, mail, outcome, **times)

    booking = await database.read(booking_by_id, booking_id=booking_id)
    assert booking.mail is standing


async def test_what_a_cancellation_came_before_is_not_said_to_be_sent(database: Database) -> None:
    await given_mail(database)
    booking_id = await when_somebody_booked(database)

    await database.write(
        record, Event(1, EventKind.BOOKING_CANCELLED, booking_id, at=NOW, nonce=b"of the booking")
    )

    booking = await database.read(booking_by_id, booking_id=booking_id)
    assert booking.mail is ConfirmationMail.NONE
