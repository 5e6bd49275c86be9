"""Deliveries queued, claimed and settled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduling.bookings.book import Booked
from scheduling.database import Database
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    Refusal,
    StillUnsure,
    TextRefused,
    Unsure,
    Window,
)
from scheduling.events.kinds import EventKind
from scheduling.events.queue import Terms, claim, next_due
from scheduling.events.refusing import refusing
from scheduling.events.settling import settle
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from tests.arguments import free_starts, regenerating
from tests.given import KIM, NOW, SALES, SAM, given_calendar, given_link, when_booked
from tests.rendezvous import all_of
from tests.stored import count, rows

SECOND = timedelta(seconds=1)
LEASE = timedelta(minutes=2)
QUARANTINE = timedelta(seconds=60)
SLACKS_NOW = NOW + timedelta(minutes=7)  # Slack's clock is another one
SENT = Done("C0SALES", "1733216400.000100")
TERMS = Terms({"slack": SLACKS_NOW}, busy_lanes=(), held=(), limit=10)


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


async def test_what_was_sent_is_never_claimed_again(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, SENT)

    assert await claiming(database, now=NOW + timedelta(days=365)) == ()
    assert await due(database) is None
    stored = await database.read(
        rows, "SELECT state, receipt_place, receipt_id, reason, window_since FROM delivery"
    )
    assert stored == [("done", "C0SALES", "1733216400.000100", None, None)]


async def test_a_booking_knows_where_its_card_stands(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, SENT)

    stored = await database.read(rows, "SELECT card_channel, card_ts FROM booking")
    assert stored == [("C0SALES", "1733216400.000100")]


async def test_what_was_not_sent_is_tried_again_after_its_pause(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, NotSent("ratelimited", timedelta(seconds=30)))

    assert await due(database) == NOW + 30 * SECOND
    assert await claiming(database, now=NOW + 29 * SECOND) == ()
    [again] = await claiming(database, now=NOW + 30 * SECOND)
    assert (again.failures, again.window) == (1, None)


async def test_what_is_unsure_waits_for_the_quarantine_and_is_then_looked_up(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    ended_at = SLACKS_NOW + 10 * SECOND
    await recording(
        database, delivery, Unsure("TimeoutError"), ended_at=ended_at, now=NOW + 10 * SECOND
    )

    looked_up_at = NOW + 10 * SECOND + QUARANTINE
    assert await due(database) == looked_up_at
    assert await claiming(database, now=looked_up_at - SECOND) == ()
    [again] = await claiming(database, now=looked_up_at)
    assert again.window == Window(SLACKS_NOW, ended_at + QUARANTINE)


async def test_a_look_up_goes_on_where_it_stopped_unless_something_was_sent_meanwhile(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [first] = await claiming(database)
    await recording(database, first, Unsure("TimeoutError"))
    [second] = await claiming(database, now=NOW + QUARANTINE)
    await recording(database, second, StillUnsure("much was said", "1733216400.000100"))

    [third] = await claiming(database, now=NOW + QUARANTINE + SECOND)
    [fourth] = await claiming(database, now=NOW + QUARANTINE + SECOND + LEASE)  # it died

    assert third.window == Window(SLACKS_NOW, SLACKS_NOW + QUARANTINE, "1733216400.000100")
    assert fourth.window == Window(SLACKS_NOW, None, None)


async def test_a_place_that_is_refused_leads_to_the_next_and_is_written_down(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, PlaceRefused("is_archived", SALES))

    [again] = await claiming(database)
    assert (again.place, again.goes_to, again.window) == (1, SAM, None)
    assert again.refusal == Refusal("is_archived", SALES)


async def test_a_passing_trouble_does_not_hide_why_the_channel_refused(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [first] = await claiming(database)
    await recording(database, first, PlaceRefused("is_archived", SALES))
    [second] = await claiming(database)
    await recording(database, second, Unsure("http_503"))

    [third] = await claiming(database, now=NOW + QUARANTINE)

    assert (third.goes_to, third.refusal) == (SAM, Refusal("is_archived", SALES))


async def test_blocks_that_are_refused_are_sent_as_text_to_the_same_place(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, TextRefused("invalid_blocks"))

    [again] = await claiming(database)
    assert (again.place, again.plain, again.refusal) == (0, True, None)


async def test_a_destination_that_refuses_as_a_whole_is_remembered_and_its_rows_wait(
    database: Database,
) -> None:
    await given_bookings(database, 2)
    [refused] = await claiming(database, replace(TERMS, limit=1))

    await recording(database, refused, DestinationRefused("token_revoked"))

    found = await database.read(refusing)
    assert (found["slack"].reason, found["slack"].since) == ("token_revoked", NOW)
    none = replace(TERMS, destinations={})
    assert await claiming(database, none, now=NOW + timedelta(days=2)) == ()
    assert await due(database, none) is None
    [again] = await claiming(database)
    assert (again.id, again.failures) == (refused.id, 0)


@pytest.mark.parametrize(
    "outcome",
    [SENT, NotSent("x"), Unsure("x"), PlaceRefused("x"), DestinationRefused("x")],
    ids=lambda outcome: type(outcome).__name__,
)
async def test_whoever_lost_the_lease_to_somebody_else_has_no_say(
    database: Database, outcome: Outcome
) -> None:
    await given_bookings(database, 1)
    [slow] = await claiming(database)
    [quick] = await claiming(database, now=NOW + LEASE)
    before = await database.read(rows, "SELECT * FROM delivery")

    was_heard = await recording(database, slow, outcome, now=NOW + LEASE + SECOND)

    assert not was_heard
    assert await database.read(rows, "SELECT * FROM delivery") == before
    assert await database.read(refusing) == {}
    assert await recording(database, quick, SENT, now=NOW + LEASE + 2 * SECOND)


async def test_whoever_is_late_but_unchallenged_is_heard(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, SENT, now=NOW + 2 * LEASE)

    assert await due(database) is None


async def test_an_outcome_recorded_twice_counts_once(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    assert await recording(database, delivery, SENT)
    assert not await recording(database, delivery, SENT)


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


async def given_bookings(
    database: Database, number: int, *, own_channels: bool = False
) -> list[Booked]:
    await given_calendar(database)
    channels = [f"C0SIDE{one:02}" if own_channels else SALES for one in range(number)]
    links = [await given_link(database, channel_id=channel) for channel in channels]
    return [
        await when_booked(database, link, start=start, everybody=False)
        for link, start in zip(links, free_starts(number), strict=True)
    ]


async def claiming(
    database: Database, terms: Terms = TERMS, *, now: datetime = NOW
) -> tuple[Delivery, ...]:
    return await database.write(claim, terms, now=now, lease=LEASE)


async def recording(
    database: Database,
    delivery: Delivery,
    outcome: Outcome,
    *,
    now: datetime = NOW,
    ended_at: datetime = SLACKS_NOW,
) -> bool:
    return await database.write(
        settle,
        delivery,
        outcome,
        began_at=SLACKS_NOW,
        ended_at=ended_at,
        now=now,
        quarantine=QUARANTINE,
    )


async def due(database: Database, terms: Terms = TERMS) -> datetime | None:
    return await database.read(next_due, terms)
