"""A host who leaves Slack takes no more bookings, and whoever can act is told once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked
from scheduling.bookings.link_page import LinkPage, link_page
from scheduling.calendars.find import find_calendar
from scheduling.calendars.leaving import departure, note_presence
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import StartTaken
from scheduling.times.intervals import Interval
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
from tests.stored import count, rows

WEEK = Interval(MONDAY_NINE, MONDAY_NINE + timedelta(days=5))
TOLD = "SELECT recipient, lane FROM delivery WHERE recipient LIKE 'person:%' ORDER BY id"
ALONE = [CalendarType.EVENT, CalendarType.CLASS, CalendarType.COLLECTIVE]


async def leaves(database: Database, user: str = SAM, *, is_back: bool = False) -> bool:
    return await database.write(
        note_presence, workspace_id=1, user_id=user, has_left=not is_back, now=NOW
    )


async def page(database: Database, link: GivenLink) -> LinkPage:
    return await database.read(link_page, lookups=link.lookups, within=WEEK, now=NOW)


async def given(database: Database, kind: CalendarType, **settings: Any) -> GivenLink:
    hosts = (SAM, ANA) if kind in {CalendarType.COLLECTIVE, CalendarType.ROUND_ROBIN} else (SAM,)
    seats = {"seats": 5} if kind is CalendarType.CLASS else {}
    await given_calendar(database, type=kind, hosts=hosts, **seats, **settings)
    return await given_link(database)


@pytest.mark.parametrize("kind", ALONE)
async def test_what_needs_them_offers_no_times_and_consumes_no_link(
    database: Database, kind: CalendarType
) -> None:
    link = await given(database, kind)
    await leaves(database)

    assert (await page(database, link)).starts == ()
    with pytest.raises(StartTaken):
        await when_booked(database, link)
    assert await database.read(count, "one_time_link", "used_at IS NOT NULL") == 0


async def test_a_class_that_runs_already_takes_nobody_else(database: Database) -> None:
    await when_booked(database, await given(database, CalendarType.CLASS))
    await leaves(database)

    assert (await page(database, await given_link(database))).starts == ()


async def test_round_robin_goes_on_with_the_others(database: Database) -> None:
    await given(database, CalendarType.ROUND_ROBIN)
    await leaves(database)

    links = [await given_link(database) for _ in range(3)]
    answers = await all_of(when_booked(database, link) for link in links)

    hosts = await database.read(
        rows,
        "SELECT slack_user_id FROM resource JOIN occupation ON resource_id = resource.id",
    )
    assert sorted(type(one).__name__ for one in answers) == ["Booked", "StartTaken", "StartTaken"]
    assert hosts == [(ANA,)]


async def test_who_comes_back_is_offered_again(database: Database) -> None:
    link = await given(database, CalendarType.EVENT)
    await leaves(database)

    assert await leaves(database, is_back=True)

    assert len((await page(database, link)).starts) > 0
    assert isinstance(await when_booked(database, link), Booked)


async def test_a_booking_that_waits_for_the_news_is_refused(database: Database) -> None:
    link = await given(database, CalendarType.EVENT)
    news = {"workspace_id": 1, "user_id": SAM, "has_left": True, "now": NOW}

    async with HeldBack(database, note_presence, **news):
        booking = asyncio.create_task(when_booked(database, link))
        await until_somebody_waits(database)

    with pytest.raises(StartTaken):
        await booking


async def test_the_owner_is_told_once_however_often_slack_says_it(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await given_calendar(database, slug="another", owner=KIM)

    answers = await asyncio.gather(*(leaves(database) for _ in range(8)))

    assert sorted(answers) == [False] * 7 + [True]
    assert await database.read(rows, TOLD) == [(f"person:{KIM}", KIM)]


async def test_each_owner_reads_of_their_own_calendars_and_meetings(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await given_calendar(database, slug="another", owner=ANA)
    await when_booked(database, await given_link(database))
    await when_booked(
        database,
        await given_link(database, calendar="another"),
        start=MONDAY_NINE + timedelta(hours=1),
    )
    await leaves(database)

    told = {
        reader: await database.read(departure, resource_id=1, reader=reader, now=NOW, limit=10)
        for reader in (KIM, ANA)
    }

    assert {one for one, _ in await database.read(rows, TOLD)} == {f"person:{KIM}", f"person:{ANA}"}
    assert [one.slug for one in told[KIM].calendars] == ["onboarding-call"]
    assert [one.starts_at for one in told[KIM].meetings.meetings] == [MONDAY_NINE]
    assert [one.slug for one in told[ANA].calendars] == ["another"]


@pytest.mark.parametrize(
    ("hosts", "issuers", "told"),
    [
        pytest.param((SAM,), [ANA, KIM, ANA], {ANA, KIM}, id="who-issued-its-links"),
        pytest.param((SAM, KIM), [], {KIM}, id="the-other-hosts"),
        pytest.param((SAM,), [], set(), id="nobody-who-could"),
    ],
)
async def test_where_the_owner_is_who_left_others_are_told(
    database: Database, hosts: tuple[str, ...], issuers: list[str], told: set[str]
) -> None:
    kind = CalendarType.COLLECTIVE if len(hosts) > 1 else CalendarType.EVENT
    await given_calendar(database, owner=SAM, hosts=hosts, type=kind)
    for issuer in issuers:
        await given_link(database, issued_by=issuer)

    await leaves(database)

    assert {lane for _, lane in await database.read(rows, TOLD)} == told


async def test_a_meeting_of_a_calendar_that_they_host_no_more_is_told_too(
    database: Database,
) -> None:
    await given_calendar(database, owner=KIM)
    await when_booked(database, await given_link(database))
    await given_calendar(database, owner=KIM, hosts=(ANA,))

    await leaves(database)

    found = await database.read(departure, resource_id=1, reader=KIM, now=NOW, limit=10)
    assert len(found.meetings.meetings) == 1
    assert [one.offers_times for one in found.calendars] == [True]


async def test_who_is_back_before_anybody_was_told_is_no_news(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await leaves(database)

    await leaves(database, is_back=True)

    assert await database.read(rows, "SELECT state FROM delivery") == [("overtaken",)]


async def test_who_hosts_nothing_is_nobody_s_news(database: Database) -> None:
    await given_calendar(database)

    assert not await leaves(database, "U0LEO")
    assert not await leaves(database, KIM)
    assert await database.read(count, "event") == 0


async def test_the_calendar_says_whether_it_offers_times(database: Database) -> None:
    await given_calendar(database)
    await leaves(database)

    def read(session: Session) -> bool:
        return find_calendar(session, workspace_id=1, words="onboarding").offers_times

    assert not await database.read(read)
