"""Guests by real mail: an event of their own, no way into the booking, nobody else's address."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduling.database import Database
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.given import SALES, a_booker, given_calendar, given_link, when_booked
from tests.otl.due import start
from tests.otl.test_corrected_address import meeting_in, sent_to
from tests.otl.test_mail_worker import mailing, until, until_all
from tests.stored import count

JANE, JOE, ANN = "jane@example.com", "joe@acme.example", "ann@acme.example"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


async def booked_with_guests(database: Database) -> None:
    now = datetime.now(UTC)
    link = await given_link(database, channel_id=SALES, now=now)
    booker = replace(a_booker(email=JANE), guests=(JOE, ANN))
    await when_booked(database, link, start=start(0), booker=booker, now=now)


async def test_each_guest_has_an_event_of_their_own_and_nobody_else_s_address(
    database: Database, server: MailServer
) -> None:
    await given_calendar(database)

    async with mailing(database, server.address):
        await booked_with_guests(database)
        await until_all(database, number=4)

    [of_contact] = sent_to(server, JANE)
    contact_s = meeting_in(of_contact)[1]
    for guest in (JOE, ANN):
        [content] = sent_to(server, guest)
        method, event = meeting_in(content)
        assert method == "REQUEST"
        assert event["UID"] == contact_s["UID"]
        assert str(event["ATTENDEE"]).lower() == f"mailto:{guest}"
        assert "/booking/" not in content
        assert [one for one in {JANE, JOE, ANN} - {guest} if one in content] == []
    assert [one for one in (JOE, ANN) if one in of_contact] == []


async def test_a_guest_whose_address_is_refused_stops_nobody(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    server.fault("RCPT", "550 5.1.1 no such user", recipient=JOE, times=None)

    async with mailing(sqlite_database, server.address):
        await booked_with_guests(sqlite_database)
        await until(
            sqlite_database,
            lambda found: sorted(row[1] for row in found) == ["done", "done", "done", "refused"],
        )

    assert len(sent_to(server, ANN)) == 1
    refused = "kind = 'booking.mail_refused'"
    assert await sqlite_database.read(count, "event", refused) == 1
