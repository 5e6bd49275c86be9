"""Callers who go away while their write waits or runs, on both databases."""

import asyncio
from collections.abc import Awaitable, Sequence
from operator import itemgetter
from random import Random
from typing import Any

from scheduling.bookings.book import Booked, book
from scheduling.database import Database, open_for_reading
from tests.arguments import booking, free_starts
from tests.given import given_calendar, given_link, when_booked
from tests.rendezvous import STUCK_SECONDS, Rendezvous, all_of, pausing_after, pausing_before
from tests.stored import half_done, rows


async def test_100_callers_cancelled_inside_their_transactions_leave_whole_rows(
    database: Database, database_url: str
) -> None:
    await given_calendar(database)
    links = [await given_link(database) for _ in range(250)]
    forms = [
        booking(link, start=start) for link, start in zip(links, free_starts(250), strict=True)
    ]
    chance = Random(100)  # noqa: S311  # the same instants in every run
    callers: list[Awaitable[Any]] = [
        *(cancelled_inside(database, chance, form) for form in forms[:100]),
        *(cancelled_sometime(database, chance, form) for form in forms[100:200]),
        *(database.write(book, **form) for form in forms[200:]),
    ]

    answers = await thirty_at_a_time(chance, callers)
    async with asyncio.timeout(STUCK_SECONDS):
        await database.close()  # finishes what its callers left

    inside, sometime, never = answers[:100], answers[100:200], answers[200:]
    assert inside.count(True) == 100
    assert {type(answer) for answer in sometime} <= {Booked, asyncio.CancelledError}
    assert {type(answer) for answer in never} == {Booked}
    stored, broken = await what_is_stored(database_url)
    begun_or_told = [
        link.details.id
        for link, answer in zip(links, answers, strict=True)
        if answer is True or isinstance(answer, Booked)
    ]
    assert set(begun_or_told) <= stored
    assert broken == {}


async def test_after_a_caller_was_cancelled_the_next_write_proceeds(database: Database) -> None:
    await given_calendar(database)
    cancelled, next_one = await given_link(database), await given_link(database)
    rendezvous = Rendezvous()
    caller = asyncio.create_task(
        database.write(pausing_after, rendezvous=rendezvous, work=book, **booking(cancelled))
    )
    await rendezvous.arrived()
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))

    caller.cancel()
    rendezvous.go_on()

    async with asyncio.timeout(STUCK_SECONDS):
        booked = await when_booked(database, next_one, start=free_starts(2)[1])
    assert not booked.replay
    assert caller.cancelled()
    assert complaints == []


async def test_whoever_was_cancelled_finds_the_booking_with_the_same_form(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = booking(link)
    rendezvous = Rendezvous()
    caller = asyncio.create_task(
        database.write(pausing_after, rendezvous=rendezvous, work=book, **form)
    )
    await rendezvous.arrived()
    caller.cancel()
    rendezvous.go_on()

    again = await database.write(book, **form)

    assert again.replay


async def thirty_at_a_time(chance: Random, callers: Sequence[Awaitable[Any]]) -> list[Any]:
    """Run them in some order, so that nobody waits too long; return their answers in their own."""
    seats = asyncio.Semaphore(30)

    async def seated(caller: Awaitable[Any]) -> Any:
        async with seats:
            return await caller

    order = chance.sample(range(len(callers)), len(callers))
    answers = await all_of(seated(callers[number]) for number in order)
    return [answer for _, answer in sorted(zip(order, answers, strict=True), key=itemgetter(0))]


async def cancelled_inside(database: Database, chance: Random, form: dict[str, Any]) -> bool:
    """Cancel the caller while its transaction waits for us; tell whether that is what happened."""
    rendezvous = Rendezvous()
    pausing = chance.choice((pausing_before, pausing_after))
    caller = asyncio.create_task(database.write(pausing, rendezvous=rendezvous, work=book, **form))
    await rendezvous.arrived()
    ran = not caller.done()
    caller.cancel()
    await asyncio.wait([caller])
    rendezvous.go_on()
    return ran and caller.cancelled()


async def cancelled_sometime(database: Database, chance: Random, form: dict[str, Any]) -> Any:
    """Cancel the caller after a while, wherever it may be; return what it was told."""
    caller = asyncio.create_task(database.write(book, **form))
    await asyncio.wait([caller], timeout=chance.random() / 10)
    caller.cancel()
    return (await all_of([caller]))[0]


async def what_is_stored(url: str) -> tuple[set[int], dict[str, Sequence[tuple[Any, ...]]]]:
    """Return the ids of the links that were booked with, and what is half done."""
    database = open_for_reading(url)
    booked = {id_ for (id_,) in await database.read(rows, "SELECT link_id FROM booking")}
    broken = await database.read(half_done)
    await database.close()
    return booked, broken
