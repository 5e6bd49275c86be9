"""Several contacts who book at the same moment, on both databases."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked
from scheduling.bookings.details import booking_by_id
from scheduling.calendars.change import deactivate_calendar
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.database.guards import OVERLAP
from scheduling.errors import CalendarInactive, LinkNotActive, StartTaken
from tests.arguments import free_starts
from tests.bad_rows import GUARDS, drop
from tests.given import (
    ANA,
    KIM,
    MONDAY_NINE,
    NOW,
    SAM,
    GivenLink,
    given_calendar,
    given_link,
    when_booked,
)
from tests.rendezvous import HeldBack, all_of, until_somebody_waits
from tests.stored import count, half_done, overlaps, rows

[ONE_BOOKING_A_LINK] = (guard for guard in GUARDS if guard.name == "uq_booking_link_id")


@pytest.mark.parametrize("lines", ["UNIQUE and condition", "the condition alone"])
async def test_of_200_bookings_at_once_on_one_link_one_gets_through(
    database: Database, database_url: str, lines: str
) -> None:
    if lines == "the condition alone":
        await drop(database_url, ONE_BOOKING_A_LINK)
    await given_calendar(database)
    link = await given_link(database)

    answers = await all_of(when_booked(database, link, start=start) for start in free_starts(200))

    assert Counter(map(type, answers)) == {Booked: 1, LinkNotActive: 199}
    assert await database.read(count, "booking") == 1
    assert await database.read(half_done) == {}


async def test_one_submission_sent_200_times_is_one_booking(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)

    answers = await asyncio.gather(
        *(when_booked(database, link, submission_id="one-form") for _ in range(200))
    )

    assert len({(booked.booking_id, booked.secret) for booked in answers}) == 1
    assert [booked.replay for booked in answers].count(False) == 1
    assert await database.read(count, "booking") == 1
    assert await database.read(half_done) == {}


@pytest.mark.parametrize("lines", ["guard and locks", "the locks alone"])
async def test_32_writers_over_overlapping_times_never_take_a_host_twice(
    database: Database, lines: str
) -> None:
    await given_calendars_of_one_host(database)
    if lines == "the locks alone":
        await database.write(drop_the_overlap_guard)
    chance = Random(32)  # noqa: S311  # the same times in every run
    links = [
        await given_link(database, calendar=chance.choice(("short", "medium", "long")))
        for _ in range(32)
    ]
    wishes = [
        [MONDAY_NINE + timedelta(minutes=5 * chance.randrange(96)) for _ in range(8)] for _ in links
    ]

    tried = await asyncio.gather(
        *(
            booking_until_it_works(database, link, starts)
            for link, starts in zip(links, wishes, strict=True)
        )
    )

    answers = Counter(type(answer) for answers in tried for answer in answers)
    assert set(answers) == {Booked, StartTaken}
    assert await database.read(overlaps) == []
    assert await database.read(count, "occupation") == answers[Booked] >= 8
    assert await database.read(half_done) == {}


async def test_a_booking_that_waits_for_a_deactivation_is_refused_and_consumes_nothing(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    off = {"workspace_id": 1, "slug": "onboarding-call", "now": NOW}

    async with HeldBack(database, deactivate_calendar, **off):
        booking = asyncio.create_task(when_booked(database, link))
        await until_somebody_waits(database)

    with pytest.raises(CalendarInactive):
        await booking
    assert await database.read(count, "one_time_link", "used_at IS NOT NULL") == 0


async def test_round_robin_gives_one_start_to_each_host_once(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA, KIM))
    links = [await given_link(database) for _ in range(12)]

    answers = await all_of(when_booked(database, link) for link in links)

    assert Counter(map(type, answers)) == {Booked: 3, StartTaken: 9}
    assert await hosts_of(database, answers) == {SAM: 1, ANA: 1, KIM: 1}
    assert await database.read(overlaps) == []


async def test_round_robin_spreads_30_bookings_at_once_evenly(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA, KIM))
    links = [await given_link(database) for _ in range(30)]

    answers = await all_of(
        when_booked(database, link, start=start)
        for link, start in zip(links, free_starts(30), strict=True)
    )

    assert await hosts_of(database, answers) == {SAM: 10, ANA: 10, KIM: 10}


async def test_a_class_fills_each_seat_once(database: Database) -> None:
    await given_calendar(database, type=CalendarType.CLASS, seats=5)
    links = [await given_link(database) for _ in range(20)]

    answers = await all_of(when_booked(database, link) for link in links)

    assert Counter(map(type, answers)) == {Booked: 5, StartTaken: 15}
    seats = await database.read(rows, "SELECT seat FROM booking ORDER BY seat")
    assert seats == [(1,), (2,), (3,), (4,), (5,)]
    assert await database.read(count, "appointment") == 1
    assert await database.read(count, "occupation") == 1
    assert await database.read(count, "one_time_link", "used_at IS NOT NULL") == 5


async def test_collectives_and_their_hosts_own_calendars_share_the_time(
    database: Database,
) -> None:
    together = {"type": CalendarType.COLLECTIVE}
    await given_calendar(database, slug="all", hosts=(SAM, ANA, KIM), **together)
    await given_calendar(database, slug="ana-and-kim", hosts=(KIM, ANA), **together)
    await given_calendar(database, slug="sams-own", hosts=(SAM,))
    await given_calendar(database, slug="anas-own", hosts=(ANA,))
    slugs = ("all", "ana-and-kim", "sams-own", "anas-own") * 8
    links = [await given_link(database, calendar=slug) for slug in slugs]
    chance = Random(4)  # noqa: S311  # the same times in every run
    starts = [MONDAY_NINE + timedelta(minutes=30 * chance.randrange(3)) for _ in links]

    answers = await all_of(
        when_booked(database, link, start=start) for link, start in zip(links, starts, strict=True)
    )

    assert set(map(type, answers)) == {Booked, StartTaken}
    assert await database.read(overlaps) == []
    assert await database.read(half_done) == {}


async def given_calendars_of_one_host(database: Database) -> None:
    """Three calendars of Sam's whose meetings and buffers have all sorts of lengths."""
    lengths = {"short": (20, 0, 5), "medium": (30, 10, 0), "long": (45, 5, 15)}
    for slug, (duration, before, after) in lengths.items():
        await given_calendar(
            database,
            slug=slug,
            duration=timedelta(minutes=duration),
            step=timedelta(minutes=5),
            buffer_before=timedelta(minutes=before),
            buffer_after=timedelta(minutes=after),
        )


def drop_the_overlap_guard(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE occupation DROP CONSTRAINT {OVERLAP}"))
    else:
        session.execute(text(f"DROP TRIGGER {OVERLAP}_insert"))
        session.execute(text(f"DROP TRIGGER {OVERLAP}_update"))


async def booking_until_it_works(
    database: Database, link: GivenLink, starts: Iterable[datetime]
) -> list[Any]:
    answers: list[Any] = []
    for start in starts:
        answers += await all_of([when_booked(database, link, start=start)])
        if isinstance(answers[-1], Booked):
            break
    return answers


async def hosts_of(database: Database, answers: Iterable[Any]) -> Counter[str]:
    hosts: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer, Booked):
            details = await database.read(booking_by_id, booking_id=answer.booking_id)
            hosts.update(host.slack_user_id for host in details.hosts)
    return hosts
