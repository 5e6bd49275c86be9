"""What somebody hosts next, and what tells that it has changed."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduling.bookings.meetings import Meetings, MeetingsState, meetings_of, meetings_states
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker
from scheduling.database import Database
from scheduling.database.models import Appointment, Booking
from scheduling.erasing import erase_contact
from scheduling.links.permissions import Actor
from tests.given import (
    ANA,
    KIM,
    MONDAY_NINE,
    NOW,
    SAM,
    a_booker,
    given_calendar,
    given_link,
    when_booked,
)

HALF_AN_HOUR = timedelta(minutes=30)


async def hosted(database: Database, user: str = SAM, **asked: Any) -> Meetings:
    named = {"reader": Actor(SAM, is_admin=False), "until": None, "now": NOW, "limit": 10} | asked
    return await database.read(meetings_of, workspace_id=1, user_id=user, **named)


async def state(database: Database, now: datetime = NOW) -> MeetingsState | None:
    found = await database.read(meetings_states, workspace_id=1, user_ids=[SAM], now=now)
    return found.get(SAM)


async def booked(
    database: Database, number: int = 0, *, name: str = "Jane Doe", **link: Any
) -> int:
    given = await given_link(database, **link)
    start = MONDAY_NINE + number * HALF_AN_HOUR
    done = await when_booked(database, given, start=start, booker=a_booker(name))
    return done.booking_id


def starts(found: Meetings) -> list[int]:
    return [int((one.starts_at - MONDAY_NINE) / HALF_AN_HOUR) for one in found.meetings]


async def test_the_next_come_first_a_page_at_a_time(database: Database) -> None:
    await given_calendar(database)
    for number in (5, 0, 3, 1, 4, 2):
        await booked(database, number)

    first = await hosted(database, limit=4)
    second = await hosted(database, limit=4, skip=4)
    past_the_end = await hosted(database, limit=4, skip=400)

    assert (starts(first), first.more, first.skipped) == ([0, 1, 2, 3], 2, 0)
    assert (starts(second), second.more, second.skipped) == ([4, 5], 0, 4)
    assert past_the_end == second


async def test_what_runs_now_is_among_them_and_what_is_over_is_not(database: Database) -> None:
    await given_calendar(database)
    for number in range(3):
        await booked(database, number)

    found = await hosted(database, now=MONDAY_NINE + timedelta(minutes=45))

    assert starts(found) == [1, 2]


async def test_a_span_ends_before_its_last_instant(database: Database) -> None:
    await given_calendar(database)
    for number in range(3):
        await booked(database, number)

    found = await hosted(database, until=MONDAY_NINE + HALF_AN_HOUR)

    assert (starts(found), found.more) == ([0], 0)


async def test_only_who_hosts_has_it_and_each_host_of_several(database: Database) -> None:
    await given_calendar(database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA), owner=KIM)
    await booked(database, issued_by=KIM)

    assert [len((await hosted(database, one)).meetings) for one in (SAM, ANA, KIM)] == [1, 1, 0]


async def test_a_meeting_that_was_cancelled_is_gone(database: Database) -> None:
    await given_calendar(database)
    await booked(database)
    before = await state(database)

    await database.write(cancel_all)

    assert (await hosted(database)).meetings == ()
    assert before is not None
    assert await state(database) is None


def cancel_all(session: Session) -> None:
    session.execute(update(Booking).values(cancelled_at=NOW))
    session.execute(update(Appointment).values(cancelled_at=NOW))


async def test_a_class_is_one_meeting_with_its_people(database: Database) -> None:
    await given_calendar(database, type=CalendarType.CLASS, seats=5)
    await asyncio.gather(*(booked(database, name=f"Contact {number}") for number in range(4)))

    (meeting,) = (await hosted(database)).meetings

    assert {person.name for person in meeting.people} == {f"Contact {n}" for n in range(4)}
    assert meeting.is_class


async def test_who_may_read_more_is_said_of_each_booking(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await booked(database, 0, issued_by=ANA)
    await booked(database, 1, issued_by=SAM)

    async def readable(user: str, *, is_admin: bool = False) -> list[bool]:
        found = await hosted(database, reader=Actor(user, is_admin=is_admin))
        return [one.people[0].is_readable for one in found.meetings]

    assert await readable(SAM) == [True, True]  # hosts both
    assert await readable(ANA) == [True, False]  # issued the first
    assert await readable(KIM) == [True, True]  # owns the calendar
    assert await readable("U0LEO") == [False, False]
    assert await readable("U0LEO", is_admin=True) == [True, True]


async def test_the_state_differs_after_everything_that_shows(database: Database) -> None:
    await given_calendar(database)
    assert await state(database) is None
    seen = []

    async def happened() -> None:
        found = await state(database)
        assert found is not None
        seen.append(found.fingerprint)

    await booked(database, 0)
    await happened()
    await happened()  # nothing
    await booked(database, 1, name="Joe")
    await happened()
    await given_calendar(database, name="Another name", now=NOW + timedelta(hours=1))
    await happened()
    await database.write(erase_in_spite_of_what_comes)
    await happened()

    assert [one == other for one, other in pairwise(seen)] == [True, False, False, False]


def erase_in_spite_of_what_comes(session: Session) -> None:
    session.execute(update(Booking).where(Booking.id == 1).values(contact_email=""))


async def test_the_state_names_the_instant_at_which_a_meeting_is_over(database: Database) -> None:
    await given_calendar(database)
    await booked(database, 0)
    await booked(database, 4)

    before = await state(database)
    assert before is not None
    after = await state(database, before.next_end)

    assert before.next_end == MONDAY_NINE + HALF_AN_HOUR
    assert after is not None
    assert after.fingerprint != before.fingerprint
    assert after.next_end == MONDAY_NINE + 5 * HALF_AN_HOUR


async def test_a_contact_who_was_erased_is_named_no_more(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    booker = Booker("Jane Doe", "jane@example.com", "", "UTC")
    await when_booked(database, link, booker=booker)
    over = MONDAY_NINE + timedelta(days=1)

    await database.write(erase_contact, email="jane@example.com", request_id="1", now=over)

    (meeting,) = (await hosted(database)).meetings
    assert meeting.people[0].name == "a contact"
