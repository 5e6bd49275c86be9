"""A corrected address, by real mail: the wrong mailbox loses the meeting, the right one has it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from secrets import token_bytes, token_hex
from typing import Any

import pytest
from icalendar import Calendar

from scheduling.bookings.correct_address import correct_address
from scheduling.bookings.details import booking_by_id
from scheduling.database import Database
from scheduling.secrets.keyring import Purpose
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.given import KEYRING, given_calendar
from tests.otl.mailing import booked, mailing, until, until_all
from tests.stored import count

WRONG, RIGHT = "jane@gmial.com", "jane@gmail.com"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


async def when_corrected(database: Database, booking_id: int) -> None:
    before = await database.read(booking_by_id, booking_id=booking_id)
    await database.write(
        correct_address,
        lookups=(before.secret.lookup,),
        email=RIGHT,
        correction_id=token_hex(16),
        secret=KEYRING.new_secret(Purpose.BOOKING, token_bytes(16)),
        now=datetime.now(UTC),
    )


def sent_to(server: MailServer, recipient: str) -> list[str]:
    return [str(one.content, "utf-8") for one in server.taken if one.recipient == recipient]


def meeting_in(content: str) -> tuple[str, Any]:
    """Return what is done with the meeting, and the meeting."""
    message = message_from_bytes(content.encode(), policy=default)
    [part] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


async def test_the_wrong_mailbox_gets_a_cancellation_and_the_right_one_the_invitation(
    database: Database, server: MailServer
) -> None:
    await given_calendar(database)

    async with mailing(database, server.address):
        booking_id = await booked(database, email=WRONG)
        await until_all(database)
        old = await database.read(booking_by_id, booking_id=booking_id)
        await when_corrected(database, booking_id)
        await until_all(database, number=4)

    first, withdrawn = sent_to(server, WRONG)
    [anew] = sent_to(server, RIGHT)
    asked, cancelled, asked_again = map(meeting_in, (first, withdrawn, anew))
    assert [asked[0], cancelled[0], asked_again[0]] == ["REQUEST", "CANCEL", "REQUEST"]
    assert len({str(event["UID"]) for _, event in (asked, cancelled, asked_again)}) == 1
    assert asked[1]["SEQUENCE"] < asked_again[1]["SEQUENCE"]
    assert asked[1]["SEQUENCE"] < cancelled[1]["SEQUENCE"]
    assert "/booking/" in first
    assert "/booking/" not in withdrawn
    assert RIGHT not in withdrawn
    assert KEYRING.token(Purpose.BOOKING, old.secret) not in anew
    assert await database.read(count, "booking", "former_email IS NOT NULL") == 0


async def test_a_wrong_mailbox_that_never_was_tells_nobody_twice(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    server.fault("RCPT", "550 5.1.1 no such user", recipient=WRONG, times=None)

    async with mailing(sqlite_database, server.address):
        booking_id = await booked(sqlite_database, email=WRONG)
        await until(sqlite_database, lambda found: {row[1] for row in found} == {"refused", "done"})
        await when_corrected(sqlite_database, booking_id)
        await until(sqlite_database, lambda found: found[-1][1] == "done" and len(found) == 3)

    assert len(sent_to(server, RIGHT)) == 1
    assert await sqlite_database.read(count, "event", "kind = 'booking.mail_refused'") == 1
    assert await sqlite_database.read(count, "booking", "former_email IS NOT NULL") == 0
