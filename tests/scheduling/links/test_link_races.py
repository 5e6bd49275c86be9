"""Deleting, regenerating and issuing while others do the same or book, on both databases."""

import asyncio

import pytest
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.database import Database, open_database
from scheduling.errors import LinkNotActive
from scheduling.links.delete import delete_link
from scheduling.links.details import LinkDetails
from scheduling.links.issue import issue_link
from scheduling.links.regenerate import Regenerated, regenerate_link
from scheduling.links.status import LinkStatus
from tests.arguments import booking, deleting, free_starts, issuing, regenerating
from tests.given import GivenLink, given_calendar, given_link, when_booked
from tests.rendezvous import (
    HeldBack,
    Rendezvous,
    in_pairs,
    pausing_within,
    until_somebody_waits,
)
from tests.stored import count, half_done, rows


async def test_a_deletion_that_waits_for_a_booking_finds_the_link_used(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)

    async with HeldBack(database, book, **booking(link)) as booked:
        deletion = asyncio.create_task(when_deleted(database, link))
        await until_somebody_waits(database)

    with pytest.raises(LinkNotActive) as refusal:
        await deletion
    assert isinstance(booked.result, Booked)
    assert refusal.value.status is LinkStatus.USED
    assert await database.read(end_of, link) == "used"


async def test_a_booking_that_waits_for_a_deletion_finds_the_link_deleted(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    async with HeldBack(database, delete_link, **deleting(link.details.public_id)):
        contact = asyncio.create_task(when_booked(database, link))
        await until_somebody_waits(database)

    with pytest.raises(LinkNotActive) as refusal:
        await contact
    assert refusal.value.status is LinkStatus.DELETED
    assert await database.read(end_of, link) == "deleted"
    assert await database.read(count, "booking") == 0


async def test_of_a_booking_and_a_deletion_at_once_one_wins(database: Database) -> None:
    await given_calendar(database)
    links = [await given_link(database) for _ in range(20)]

    answers = await in_pairs(
        (when_booked(database, link, start=start), when_deleted(database, link))
        for link, start in zip(links, free_starts(20), strict=True)
    )

    for link, (booked, deleted) in zip(links, answers, strict=True):
        end = await database.read(end_of, link)
        winner, loser = (booked, deleted) if end == "used" else (deleted, booked)
        assert isinstance(winner, Booked if end == "used" else LinkDetails)
        assert isinstance(loser, LinkNotActive)
        assert loser.status.value == end
    assert await database.read(half_done) == {}


async def test_a_regeneration_that_waits_for_a_booking_replaces_a_used_link(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    async with HeldBack(database, book, **booking(link)):
        regeneration = asyncio.create_task(when_regenerated(database, link))
        await until_somebody_waits(database)

    regenerated = await regeneration
    assert regenerated.replaced.status is LinkStatus.USED
    assert regenerated.link.status is LinkStatus.ACTIVE
    assert await database.read(end_of, link) == "used"
    assert await database.read(count, "one_time_link") == 2


async def test_a_booking_that_waits_for_a_regeneration_finds_the_link_deleted(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    async with HeldBack(
        database, regenerate_link, **regenerating(link.details.public_id)
    ) as regenerated:
        contact = asyncio.create_task(when_booked(database, link))
        await until_somebody_waits(database)

    with pytest.raises(LinkNotActive) as refusal:
        await contact
    assert refusal.value.status is LinkStatus.DELETED
    assert regenerated.result.link.status is LinkStatus.ACTIVE
    assert await database.read(end_of, link) == "deleted"
    assert await database.read(count, "booking") == 0


async def test_of_a_booking_and_a_regeneration_at_once_the_old_link_ends_once(
    database: Database,
) -> None:
    await given_calendar(database)
    links = [await given_link(database) for _ in range(20)]

    answers = await in_pairs(
        (when_booked(database, link, start=start), when_regenerated(database, link))
        for link, start in zip(links, free_starts(20), strict=True)
    )

    for link, (booked, regenerated) in zip(links, answers, strict=True):
        end = await database.read(end_of, link)
        assert isinstance(booked, Booked if end == "used" else LinkNotActive)
        assert isinstance(regenerated, Regenerated)
        assert regenerated.link.status is LinkStatus.ACTIVE
        assert await database.read(count, "one_time_link", f"replaces_id = {link.details.id}") == 1
    assert await database.read(count, "one_time_link") == 40
    assert await database.read(half_done) == {}


async def test_20_regenerations_at_once_make_one_new_link_and_all_get_it(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    answers = await asyncio.gather(*(when_regenerated(database, link) for _ in range(20)))

    assert len({answer.link.public_id for answer in answers}) == 1
    assert [answer.fresh for answer in answers].count(True) == 1
    assert await database.read(count, "one_time_link") == 2
    assert await database.read(count, "event", "kind = 'link.regenerated'") == 1


async def test_one_press_of_regenerate_delivered_20_times_has_one_effect(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    answers = await asyncio.gather(
        *(when_regenerated(database, link, request_key="one-press") for _ in range(20))
    )

    assert len({answer.link.public_id for answer in answers}) == 1
    assert all(answer.fresh for answer in answers)
    assert await database.read(count, "one_time_link") == 2


@pytest.mark.parametrize("query", range(1, 6))
async def test_a_press_that_comes_again_gets_the_same_answer_whichever_query_it_has_come_to(
    postgresql_url: str, query: int
) -> None:
    database = open_database(postgresql_url)
    await given_calendar(database)
    link = await given_link(database)
    press = regenerating(link.details.public_id, request_key="one-press")
    rendezvous = Rendezvous()
    again = regenerating(link.details.public_id, request_key="one-press")

    slow = asyncio.create_task(
        database.write(
            pausing_within, rendezvous=rendezvous, before=query, work=regenerate_link, **again
        )
    )
    await rendezvous.arrived()
    first = await database.write(regenerate_link, **press)
    rendezvous.go_on()
    second = await slow

    assert (second.link.public_id, second.fresh) == (first.link.public_id, True)
    assert await database.read(count, "one_time_link") == 2
    await database.close()


async def test_20_deletions_at_once_are_one_event(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)

    answers = await asyncio.gather(*(when_deleted(database, link) for _ in range(20)))

    assert {answer.status for answer in answers} == {LinkStatus.DELETED}
    assert await database.read(count, "event", "kind = 'link.deleted'") == 1


async def test_one_command_delivered_20_times_issues_one_link(database: Database) -> None:
    await given_calendar(database)

    answers = await asyncio.gather(
        *(database.write(issue_link, **issuing(request_key="one-command")) for _ in range(20))
    )

    assert len({(answer.public_id, answer.secret) for answer in answers}) == 1
    assert await database.read(count, "one_time_link") == 1
    assert await database.read(count, "event", "kind = 'link.issued'") == 1


async def when_deleted(database: Database, link: GivenLink) -> LinkDetails:
    return await database.write(delete_link, **deleting(link.details.public_id))


async def when_regenerated(
    database: Database, link: GivenLink, *, request_key: str | None = None
) -> Regenerated:
    named = regenerating(link.details.public_id, request_key=request_key)
    return await database.write(regenerate_link, **named)


def end_of(session: Session, link: GivenLink) -> str:
    """Tell how the link ended: "used", "deleted", "active", or "used deleted"."""
    ends = dict(
        rows(
            session,
            "SELECT id, CASE WHEN used_at IS NOT NULL AND deleted_at IS NOT NULL"
            " THEN 'used deleted' WHEN used_at IS NOT NULL THEN 'used'"
            " WHEN deleted_at IS NOT NULL THEN 'deleted' ELSE 'active' END FROM one_time_link",
        )
    )
    end: str = ends[link.details.id]
    return end
