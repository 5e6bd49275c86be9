"""Deliveries queued and claimed: each by one worker, the oldest first, one a lane."""

from dataclasses import replace
from datetime import timedelta

from scheduling.database import Database
from scheduling.events.deliveries import Unsure, Window
from scheduling.events.kinds import EventKind
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from tests.arguments import free_starts, regenerating
from tests.given import KIM, NOW, SALES, SAM, given_link, when_booked
from tests.rendezvous import all_of
from tests.scheduling.events.queued import (
    LEASE,
    SECOND,
    SLACKS_NOW,
    TERMS,
    claiming,
    due,
    given_bookings,
    recording,
)
from tests.stored import count


async def test_a_booking_queues_one_delivery_that_is_due_at_once(database: Database) -> None:
    [booked] = await given_bookings(database, 1)

    [delivery] = await claiming(database)

    assert (delivery.kind, delivery.subject_id) == (EventKind.BOOKING_MADE, booked.booking_id)
    assert (delivery.destination, delivery.recipient) == ("slack", "channel")
    assert (delivery.route, delivery.goes_to) == ((SALES, SAM, SAM), SALES)
    assert (delivery.place, delivery.plain, delivery.claims, delivery.failures) == (0, False, 1, 0)
    assert (delivery.window, delivery.refusal, delivery.receipt) == (None, None, None)
    assert len(delivery.notification_id) == 36


async def test_what_is_claimed_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    await given_bookings(database, 1)
    await claiming(database)

    again = await claiming(database, now=NOW + LEASE - SECOND)

    assert again == ()
    assert await due(database) == NOW + LEASE


async def test_an_abandoned_delivery_is_claimed_again_and_may_have_arrived(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [first] = await claiming(database)

    [second] = await claiming(database, now=NOW + LEASE)

    assert (second.id, second.notification_id) == (first.id, first.notification_id)
    assert (second.window, second.claims) == (Window(SLACKS_NOW, None), 2)


async def test_two_processes_that_die_leave_the_start_of_the_first(database: Database) -> None:
    await given_bookings(database, 1)
    await claiming(database)
    later = replace(TERMS, destinations={"slack": SLACKS_NOW + LEASE})
    await claiming(database, later, now=NOW + LEASE)

    [third] = await claiming(database, later, now=NOW + 2 * LEASE)

    assert (third.window, third.claims) == (Window(SLACKS_NOW, None), 3)


async def test_the_oldest_is_claimed_first_and_no_more_than_wanted(database: Database) -> None:
    booked = await given_bookings(database, 5, own_channels=True)

    first = await claiming(database, replace(TERMS, limit=2))
    rest = await claiming(database)

    ids = [delivery.subject_id for delivery in (*first, *rest)]
    assert ids == [one.booking_id for one in booked]
    assert len(first) == 2


async def test_of_many_for_one_channel_one_is_taken_and_others_are_not_held_up(
    database: Database,
) -> None:
    many = await given_bookings(database, 4)
    link = await given_link(database, channel_id="C0SIDE")
    other = await when_booked(database, link, start=free_starts(5)[4], everybody=False)

    taken = await claiming(database)
    meanwhile = await claiming(database, replace(TERMS, busy_lanes={SALES}))

    assert [one.subject_id for one in taken] == [many[0].booking_id, other.booking_id]
    assert meanwhile == ()
    assert await due(database, replace(TERMS, busy_lanes={SALES})) == NOW + LEASE
    assert await database.read(count, "delivery", "claims = 0") == 3


async def test_what_a_worker_holds_back_is_left_alone(database: Database) -> None:
    await given_bookings(database, 2)
    [first] = await claiming(database, replace(TERMS, limit=1))
    await recording(database, first, Unsure("x"))

    held = replace(TERMS, held={first.id})

    [second] = await claiming(database, held, now=NOW + timedelta(hours=1))
    assert second.id != first.id


async def test_a_claimer_gets_only_what_goes_to_its_destinations(database: Database) -> None:
    await given_bookings(database, 1)
    link = await given_link(database)
    admin = Actor(KIM, is_admin=True)
    done = await database.write(
        regenerate_link, **regenerating(link.details.public_id, actor=admin)
    )
    mail = replace(TERMS, destinations={"mail": NOW})

    nothing = await claiming(database, mail)
    both = await claiming(database)

    assert nothing == ()
    assert await due(database, mail) is None
    told = {(one.kind, one.recipient, one.subject_id) for one in both}
    assert (EventKind.LINK_REGENERATED, "issuer", done.link.id) in told
    assert len(told) == 2


async def test_nothing_queued_is_nothing_due(database: Database) -> None:
    assert await due(database) is None
    assert await claiming(database) == ()


async def test_20_claimers_at_once_never_get_the_same_row(database: Database) -> None:
    booked = await given_bookings(database, 30, own_channels=True)

    answers = await all_of(claiming(database, replace(TERMS, limit=3)) for _ in range(20))

    claimed = [delivery.subject_id for answer in answers for delivery in answer]
    assert sorted(claimed) == [one.booking_id for one in booked]
    assert await database.read(count, "delivery", "state = 'sending' AND claims = 1") == 30


async def test_20_claimers_at_once_of_abandoned_rows_never_get_the_same_row(
    database: Database,
) -> None:
    await given_bookings(database, 10, own_channels=True)
    await claiming(database)
    three = replace(TERMS, limit=3)

    answers = await all_of(claiming(database, three, now=NOW + LEASE) for _ in range(20))

    claimed = [delivery.subject_id for answer in answers for delivery in answer]
    assert len(claimed) == len(set(claimed)) == 10
    assert await database.read(count, "delivery", "claims = 2") == 10
