"""A booking is moved by whoever made it, on both databases."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from scheduling.calendars.change import deactivate_calendar
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import (
    BookingCancelled,
    BookingChanged,
    CalendarInactive,
    NoMovesLeft,
    StartTaken,
    TooLateToChange,
)
from tests.given import ANA, KIM, MONDAY_NINE, NOW, SAM, given_calendar, given_link, when_booked
from tests.rendezvous import all_of
from tests.scheduling.bookings.changes import details, taken, when_cancelled, when_moved
from tests.stored import count, half_done, overlaps

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
REFUSALS = (BookingChanged, BookingCancelled, StartTaken)


async def test_a_meeting_moves_into_time_that_overlaps_its_own(database: Database) -> None:
    await given_calendar(database, step=15 * MINUTE, buffer_before=10 * MINUTE)
    booked = await when_booked(database, await given_link(database), start=MONDAY_NINE + HOUR)
    seen = await details(database, booked)

    await when_moved(database, seen, to=MONDAY_NINE + HOUR + 15 * MINUTE, reason="Late train")

    moved = await details(database, booked)
    assert moved.starts_at == MONDAY_NINE + HOUR + 15 * MINUTE
    assert moved.ends_at - moved.starts_at == 30 * MINUTE
    assert moved.sequence == seen.sequence + 1
    assert moved.appointment_uid == seen.appointment_uid
    assert await database.read(taken) == [(SAM, 1)]
    assert await database.read(half_done) == {}


async def test_a_press_that_comes_twice_is_one_move(database: Database) -> None:
    await given_calendar(database)
    seen = await details(database, await when_booked(database, await given_link(database)))

    answers = await all_of(when_moved(database, seen, to=MONDAY_NINE + HOUR) for _ in range(8))

    assert answers == [None] * 8
    assert await database.read(count, "event", "kind = 'booking.moved'") == 1


async def test_of_two_tabs_that_move_it_elsewhere_one_is_told_that_it_changed(
    database: Database,
) -> None:
    await given_calendar(database)
    booked = await when_booked(database, await given_link(database))
    seen = await details(database, booked)

    answers = await all_of(
        when_moved(database, seen, to=MONDAY_NINE + number * HOUR) for number in (1, 2)
    )

    assert sorted(map(type, answers), key=str) == [type(None), BookingChanged]
    assert await database.read(half_done) == {}


async def test_a_time_that_somebody_else_has_is_refused_and_nothing_changes(
    database: Database,
) -> None:
    await given_calendar(database)
    booked = await when_booked(database, await given_link(database))
    await when_booked(database, await given_link(database), start=MONDAY_NINE + HOUR)
    seen = await details(database, booked)

    for start in (MONDAY_NINE + HOUR, MONDAY_NINE, MONDAY_NINE + 7 * MINUTE):
        with pytest.raises(StartTaken):
            await when_moved(database, seen, to=start)

    assert await details(database, booked) == seen


async def test_a_meeting_keeps_its_length_and_buffers_when_its_calendar_has_others(
    database: Database,
) -> None:
    await given_calendar(database, buffer_after=10 * MINUTE)
    booked = await when_booked(database, await given_link(database))
    await given_calendar(database, duration=HOUR, step=15 * MINUTE, buffer_after=0 * MINUTE)

    await when_moved(database, await details(database, booked), to=MONDAY_NINE + HOUR)

    moved = await details(database, booked)
    assert moved.ends_at - moved.starts_at == 30 * MINUTE
    with pytest.raises(StartTaken):  # 10:30 is buffer still
        await when_booked(
            database, await given_link(database), start=MONDAY_NINE + HOUR + 30 * MINUTE
        )


@pytest.mark.parametrize(
    ("settings", "moves", "when", "refusal"),
    [
        pytest.param({"most_moves": 2}, 2, NOW, NoMovesLeft, id="moved-often-enough"),
        pytest.param({}, 0, MONDAY_NINE - HOUR, TooLateToChange, id="within-the-cut-off"),
        pytest.param({}, 0, MONDAY_NINE + HOUR, TooLateToChange, id="over"),
    ],
)
async def test_limits_of_the_calendar_hold_for_whoever_booked(
    database: Database,
    settings: dict[str, Any],
    moves: int,
    when: Any,
    refusal: type[Exception],
) -> None:
    await given_calendar(database, **settings)
    booked = await when_booked(database, await given_link(database))
    for number in range(moves):
        seen = await details(database, booked)
        await when_moved(database, seen, to=MONDAY_NINE + (number + 1) * HOUR)

    with pytest.raises(refusal):
        await when_moved(
            database, await details(database, booked), to=MONDAY_NINE + 6 * HOUR, now=when
        )


async def test_neither_a_cancelled_meeting_nor_one_of_a_deactivated_calendar_moves(
    database: Database,
) -> None:
    await given_calendar(database)
    cancelled, stands = [
        await when_booked(database, await given_link(database), start=MONDAY_NINE + number * HOUR)
        for number in range(2)
    ]
    await when_cancelled(database, await details(database, cancelled))
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    with pytest.raises(BookingCancelled):
        await when_moved(database, await details(database, cancelled), to=MONDAY_NINE + 3 * HOUR)
    with pytest.raises(CalendarInactive):
        await when_moved(database, await details(database, stands), to=MONDAY_NINE + 3 * HOUR)


async def test_a_host_of_a_round_robin_stays_where_they_are_free(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA))
    booked = await when_booked(database, await given_link(database))
    (host,) = (await details(database, booked)).hosts

    await when_moved(database, await details(database, booked), to=MONDAY_NINE + HOUR)

    assert (await details(database, booked)).hosts == (host,)


async def test_a_host_of_a_round_robin_who_is_not_free_is_replaced(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA))
    booked = await when_booked(database, await given_link(database))
    (host,) = (await details(database, booked)).hosts
    await given_calendar(database, slug="own", hosts=(host.slack_user_id,))
    own = await given_link(database, calendar="own")
    await when_booked(database, own, start=MONDAY_NINE + HOUR)

    await when_moved(database, await details(database, booked), to=MONDAY_NINE + HOUR)

    (other,) = (await details(database, booked)).hosts
    assert {host.slack_user_id, other.slack_user_id} == {SAM, ANA}
    assert await database.read(taken) == [(ANA, 1), (SAM, 1)]
    assert await database.read(half_done) == {}


async def test_all_hosts_of_a_collective_move_along(database: Database) -> None:
    await given_calendar(database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA))
    booked = await when_booked(database, await given_link(database))

    await when_moved(database, await details(database, booked), to=MONDAY_NINE + HOUR)

    assert await database.read(taken) == [(ANA, 1), (SAM, 1)]
    assert (await details(database, booked)).starts_at == MONDAY_NINE + HOUR


async def test_whoever_is_alone_in_a_class_takes_it_along(database: Database) -> None:
    await given_calendar(database, slug="yoga", type=CalendarType.CLASS, seats=3, hosts=(KIM,))
    booked = await when_booked(database, await given_link(database, calendar="yoga"))
    seen = await details(database, booked)

    await when_moved(database, seen, to=MONDAY_NINE + HOUR)

    moved = await details(database, booked)
    assert (moved.appointment_uid, moved.sequence) == (seen.appointment_uid, seen.sequence + 1)
    assert await database.read(taken) == [(KIM, 1)]


async def test_a_seat_moves_between_classes_and_the_others_stay(database: Database) -> None:
    await given_calendar(database, slug="yoga", type=CalendarType.CLASS, seats=3, hosts=(KIM,))
    links = [await given_link(database, calendar="yoga") for _ in range(3)]
    jane, joe = [await when_booked(database, link) for link in links[:2]]
    seen = await details(database, jane)

    await when_moved(database, seen, to=MONDAY_NINE + HOUR)  # a new one
    between = await details(database, jane)
    await when_moved(database, await details(database, joe), to=MONDAY_NINE + HOUR)  # joins it

    assert (await details(database, joe)).starts_at == MONDAY_NINE + HOUR
    assert (await details(database, joe)).appointment_uid == between.appointment_uid
    assert seen.sequence < between.sequence
    assert await database.read(taken) == [(KIM, 1)]
    assert await database.read(half_done) == {}


async def test_32_movers_and_bookers_over_one_day_lose_no_time_and_double_none(
    database: Database,
) -> None:
    await given_calendar(database, step=15 * MINUTE)
    booked = [
        await when_booked(database, await given_link(database), start=MONDAY_NINE + number * HOUR)
        for number in range(8)
    ]
    seen = [await details(database, one) for one in booked]
    links = [await given_link(database) for _ in range(8)]
    chance = Random(10)  # noqa: S311  # the same times in every run
    starts = [MONDAY_NINE + 15 * MINUTE * chance.randrange(30) for _ in range(40)]

    answers = await all_of(
        [
            *(when_moved(database, one, to=starts.pop()) for one in seen * 3),
            *(when_booked(database, link, start=starts.pop()) for link in links),
        ]
    )

    assert not [
        one for one in answers if isinstance(one, Exception) and not isinstance(one, REFUSALS)
    ]
    assert await database.read(overlaps) == []
    assert await database.read(half_done) == {}
    standing = await database.read(count, "booking")
    assert await database.read(taken) == [(SAM, standing)]


async def test_move_against_cancel_ends_in_one_of_both(database: Database) -> None:
    await given_calendar(database)
    for number in range(6):
        booked = await when_booked(
            database, await given_link(database), start=MONDAY_NINE + number * HOUR
        )
        seen = await details(database, booked)
        both = [
            when_moved(database, seen, to=MONDAY_NINE + 7 * HOUR),
            when_cancelled(database, seen),
        ]

        answers = await all_of(both if number % 2 else reversed(both))

        assert sum(answer is None for answer in answers) == 1
        assert await database.read(half_done) == {}
        after = await details(database, booked)
        if after.cancelled_at is None:
            await when_cancelled(database, after)
    assert await database.read(taken) == []
