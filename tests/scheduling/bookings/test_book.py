"""Booking, one after the other; races are in test_races."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduling.bookings.details import booking_by_id
from scheduling.bookings.link_page import link_page
from scheduling.calendars.change import deactivate_calendar
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.database.models import Appointment
from scheduling.errors import CalendarInactive, LinkNotActive, StartTaken, UnknownLink
from scheduling.links.status import LinkStatus
from scheduling.times.intervals import Interval
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

TWO_WEEKS = Interval(NOW, NOW + timedelta(days=14))


async def test_a_booking_uses_the_link_up_and_takes_the_host_time(database: Database) -> None:
    await given_calendar(database)
    link, other = await given_link(database), await given_link(database)

    booked = await when_booked(database, link)

    with pytest.raises(LinkNotActive) as refusal:
        await database.read(link_page, lookups=link.lookups, within=TWO_WEEKS, now=NOW)
    page = await database.read(link_page, lookups=other.lookups, within=TWO_WEEKS, now=NOW)
    assert refusal.value.status is LinkStatus.USED
    assert MONDAY_NINE not in page.starts
    details = await database.read(booking_by_id, booking_id=booked.booking_id)
    assert (details.starts_at, details.booker.name) == (MONDAY_NINE, "Jane Doe")
    assert [host.slack_user_id for host in details.hosts] == [SAM]


async def test_the_same_submission_gets_the_same_booking(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    first = await when_booked(database, link, submission_id="form-1")

    again = await when_booked(database, link, submission_id="form-1")

    assert again.replay
    assert (again.booking_id, again.secret) == (first.booking_id, first.secret)


async def test_another_submission_on_a_used_link_is_refused(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await when_booked(database, link)

    with pytest.raises(LinkNotActive):
        await when_booked(database, link, start=MONDAY_NINE + timedelta(hours=1))


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(NOW - timedelta(days=1) + timedelta(hours=2), id="past"),
        pytest.param(MONDAY_NINE + timedelta(minutes=7), id="off the grid"),
        pytest.param(MONDAY_NINE - timedelta(hours=3), id="outside the hours"),
        pytest.param(MONDAY_NINE + timedelta(days=90), id="beyond the window"),
    ],
)
async def test_a_start_that_is_not_open_is_refused_and_the_link_stays_active(
    database: Database, start: object
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    with pytest.raises(StartTaken):
        await when_booked(database, link, start=start)  # type: ignore[arg-type]

    await when_booked(database, link)


async def test_a_taken_start_leaves_the_link_of_the_loser_active(database: Database) -> None:
    await given_calendar(database)
    winner, loser = await given_link(database), await given_link(database)
    await when_booked(database, winner)

    with pytest.raises(StartTaken):
        await when_booked(database, loser)

    booked = await when_booked(database, loser, start=MONDAY_NINE + timedelta(minutes=30))
    assert not booked.replay


async def test_a_deactivated_calendar_refuses_and_consumes_nothing(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    with pytest.raises(CalendarInactive):
        await when_booked(database, link)

    page = await database.read(link_page, lookups=link.lookups, within=TWO_WEEKS, now=NOW)
    assert (page.calendar.active, page.starts) == (False, ())


async def test_a_link_past_its_deadline_books_nothing(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, deadline=timedelta(hours=12))

    with pytest.raises(LinkNotActive) as refusal:
        await when_booked(database, link, now=NOW + timedelta(hours=12))

    assert refusal.value.status is LinkStatus.EXPIRED


async def test_an_unknown_token_opens_nothing(database: Database) -> None:
    await given_calendar(database)

    with pytest.raises(UnknownLink):
        await database.read(link_page, lookups=(b"x" * 32,), within=TWO_WEEKS, now=NOW)


async def test_buffers_of_two_meetings_add_up(database: Database) -> None:
    await given_calendar(
        database,
        buffer_before=timedelta(minutes=10),
        buffer_after=timedelta(minutes=20),
    )
    first, second, third = [await given_link(database) for _ in range(3)]
    await when_booked(database, first, start=MONDAY_NINE + timedelta(hours=2))

    with pytest.raises(StartTaken):
        await when_booked(database, second, start=MONDAY_NINE + timedelta(hours=2, minutes=30))

    await when_booked(database, third, start=MONDAY_NINE + timedelta(hours=3))


async def test_round_robin_gives_each_host_a_turn(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA, KIM))
    chosen = []

    for number in range(6):
        link = await given_link(database)
        start = MONDAY_NINE + timedelta(minutes=30 * number)
        booked = await when_booked(database, link, start=start)
        details = await database.read(booking_by_id, booking_id=booked.booking_id)
        chosen += [host.slack_user_id for host in details.hosts]

    assert sorted(chosen[:3]) == sorted(chosen[3:]) == sorted([SAM, ANA, KIM])


async def test_round_robin_is_fair_wherever_the_bookings_lie(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA, KIM))
    in_five_weeks = MONDAY_NINE + timedelta(days=35)

    chosen = [
        await the_host_of_a_booking(database, in_five_weeks + timedelta(minutes=30 * number))
        for number in range(9)
    ]

    assert {host: chosen.count(host) for host in chosen} == {SAM: 3, ANA: 3, KIM: 3}


@pytest.mark.parametrize(
    ("away", "counts"),
    [
        (timedelta(days=-15), True),
        (timedelta(days=-16), False),
        (timedelta(days=14), True),
        (timedelta(days=15), False),
    ],
)
async def test_round_robin_counts_the_meetings_15_days_before_and_after_the_start(
    database: Database, away: timedelta, *, counts: bool
) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA))
    start = MONDAY_NINE + timedelta(days=20)
    first = await the_host_of_a_booking(database, start + away)

    assert (await the_host_of_a_booking(database, start) != first) is counts


async def test_round_robin_does_not_count_what_was_cancelled(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA))
    first = await the_host_of_a_booking(database, MONDAY_NINE)
    await database.write(cancel_all, NOW)

    assert await the_host_of_a_booking(database, MONDAY_NINE + timedelta(hours=1)) == first


async def test_round_robin_takes_one_start_as_often_as_it_has_hosts(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA))
    links = [await given_link(database) for _ in range(3)]
    await when_booked(database, links[0])
    await when_booked(database, links[1])

    with pytest.raises(StartTaken):
        await when_booked(database, links[2])


async def test_collective_takes_all_hosts(database: Database) -> None:
    await given_calendar(database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA))
    await given_calendar(database, slug="anas-own", hosts=(ANA,))
    booked = await when_booked(database, await given_link(database))

    with pytest.raises(StartTaken):
        await when_booked(database, await given_link(database, calendar="anas-own"))

    details = await database.read(booking_by_id, booking_id=booked.booking_id)
    assert {host.slack_user_id for host in details.hosts} == {SAM, ANA}


async def test_a_class_takes_as_many_as_it_has_seats(database: Database) -> None:
    await given_calendar(database, type=CalendarType.CLASS, seats=2)
    for name in ("Jane", "Joe"):
        await when_booked(database, await given_link(database), booker=a_booker(name))

    with pytest.raises(StartTaken):
        await when_booked(database, await given_link(database))


async def test_a_class_that_runs_stays_as_long_as_it_was_booked(database: Database) -> None:
    """The page shows what a further contact then gets."""
    await given_calendar(database, type=CalendarType.CLASS, seats=2)
    await when_booked(database, await given_link(database))
    await given_calendar(database, type=CalendarType.CLASS, seats=2, duration=timedelta(hours=1))
    link = await given_link(database)

    page = await database.read(link_page, lookups=link.lookups, within=TWO_WEEKS, now=NOW)
    booked = await when_booked(database, link)

    details = await database.read(booking_by_id, booking_id=booked.booking_id)
    assert details.ends_at - details.starts_at == timedelta(minutes=30)
    assert page.other_lengths == {MONDAY_NINE: timedelta(minutes=30)}


async def test_a_meeting_of_two_takes_nobody_else_once_its_calendar_is_a_class(
    database: Database,
) -> None:
    await given_calendar(database)
    await when_booked(database, await given_link(database))
    await given_calendar(database, type=CalendarType.CLASS, seats=2)

    with pytest.raises(StartTaken):
        await when_booked(database, await given_link(database))


async def the_host_of_a_booking(database: Database, start: datetime) -> str:
    """Book a start; return who got it."""
    booked = await when_booked(database, await given_link(database), start=start)
    details = await database.read(booking_by_id, booking_id=booked.booking_id)
    [host] = details.hosts
    return host.slack_user_id


def cancel_all(session: Session, now: datetime) -> None:
    """Cancel every appointment; its hosts' time stays taken, which does not matter here."""
    session.execute(update(Appointment).values(cancelled_at=now))
