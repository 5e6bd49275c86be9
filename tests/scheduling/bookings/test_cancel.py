"""A booking is cancelled by whoever made it, on both databases."""

from datetime import timedelta

import pytest

from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import BookingChanged, TooLateToChange
from scheduling.links.details import link_by_id
from scheduling.links.status import LinkStatus
from tests.given import KIM, MONDAY_NINE, NOW, SAM, given_calendar, given_link, when_booked
from tests.rendezvous import all_of
from tests.scheduling.bookings.changes import details, taken, when_cancelled, when_moved
from tests.stored import count, half_done

HOUR = timedelta(hours=1)


async def test_a_cancelled_meeting_frees_its_host_and_leaves_its_link_used(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    booked = await when_booked(database, link)
    seen = await details(database, booked)

    await when_cancelled(database, seen, reason="We chose somebody else")

    now = await details(database, booked)
    assert (now.cancelled_at, [host.slack_user_id for host in now.hosts]) == (NOW, [SAM])
    assert now.sequence > seen.sequence
    assert now.appointment_sequence > seen.appointment_sequence
    assert await database.read(taken) == []
    status = await database.read(link_by_id, link_id=link.details.id, now=NOW)
    assert status.status is LinkStatus.USED
    again = await when_booked(database, await given_link(database))
    assert (await details(database, again)).starts_at == MONDAY_NINE
    assert await database.read(half_done) == {}


async def test_a_press_that_comes_twice_is_one_cancellation(database: Database) -> None:
    await given_calendar(database)
    seen = await details(database, await when_booked(database, await given_link(database)))

    answers = await all_of(when_cancelled(database, seen) for _ in range(8))

    assert answers == [None] * 8
    assert await database.read(count, "event", "kind = 'booking.cancelled'") == 1


async def test_a_page_that_shows_another_time_cancels_nothing(database: Database) -> None:
    await given_calendar(database)
    booked = await when_booked(database, await given_link(database))
    seen = await details(database, booked)
    await when_moved(database, seen, to=MONDAY_NINE + HOUR)

    with pytest.raises(BookingChanged):
        await when_cancelled(database, seen)

    assert (await details(database, booked)).cancelled_at is None


async def test_the_last_two_hours_before_the_start_are_too_late(database: Database) -> None:
    await given_calendar(database)
    seen = await details(database, await when_booked(database, await given_link(database)))

    with pytest.raises(TooLateToChange) as refusal:
        await when_cancelled(database, seen, now=MONDAY_NINE - timedelta(minutes=119))

    assert refusal.value.cutoff == 2 * HOUR
    await when_cancelled(database, seen, now=MONDAY_NINE - 2 * HOUR)


async def test_a_meeting_that_began_is_not_cancelled_even_without_a_cut_off(
    database: Database,
) -> None:
    await given_calendar(database, change_cutoff=timedelta(0))
    seen = await details(database, await when_booked(database, await given_link(database)))

    with pytest.raises(TooLateToChange):
        await when_cancelled(database, seen, now=MONDAY_NINE)

    await when_cancelled(database, seen, now=MONDAY_NINE - timedelta(seconds=1))


async def test_a_class_goes_on_until_its_last_seat_is_given_up(database: Database) -> None:
    await given_calendar(database, slug="yoga", type=CalendarType.CLASS, seats=3, hosts=(KIM,))
    jane, joe = [
        await when_booked(database, await given_link(database, calendar="yoga")) for _ in range(2)
    ]

    await when_cancelled(database, await details(database, jane))
    while_joe_stays = await database.read(taken)
    await when_cancelled(database, await details(database, joe))

    assert (while_joe_stays, await database.read(taken)) == ([(KIM, 1)], [])
    assert await database.read(half_done) == {}


async def test_a_seat_that_is_given_up_is_taken_by_the_next(database: Database) -> None:
    await given_calendar(database, slug="yoga", type=CalendarType.CLASS, seats=2, hosts=(KIM,))
    links = [await given_link(database, calendar="yoga") for _ in range(3)]
    jane, _ = [await when_booked(database, link) for link in links[:2]]
    await when_cancelled(database, await details(database, jane))

    await when_booked(database, links[2])

    assert await database.read(count, "appointment") == 1
    assert await database.read(half_done) == {}
