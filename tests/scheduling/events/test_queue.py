"""Notifications queued, claimed and recorded."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduling.bookings.book import Booked
from scheduling.database import Database
from scheduling.events.deliveries import (
    Delivery,
    Done,
    Kind,
    NotSent,
    Outcome,
    PlaceRefused,
    TextRefused,
    Unsure,
    WorkspaceRefused,
)
from scheduling.events.queue import claim, next_due, record
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from scheduling.workspaces import clear_slack_refusal, slack_refusal
from tests.arguments import free_starts, regenerating
from tests.given import KIM, NOW, given_calendar, given_link, when_booked
from tests.rendezvous import all_of
from tests.stored import count, rows

SECOND = timedelta(seconds=1)
LEASE = timedelta(minutes=2)
QUARANTINE = timedelta(seconds=60)
SENT = Done("C0SALES", "1733216400.000100")


async def test_a_booking_queues_one_notification_that_is_due_at_once(database: Database) -> None:
    [booked] = await given_bookings(database, 1)

    [delivery] = await claiming(database)

    assert (delivery.kind, delivery.subject_id) == (Kind.LINK_USED, booked.booking_id)
    assert (delivery.place, delivery.plain, delivery.attempts) == (0, False, 0)
    assert (delivery.started_at, delivery.refusal) == (None, None)
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
    assert (second.started_at, second.attempts) == (NOW, 1)


async def test_two_processes_that_die_leave_the_start_of_the_first(database: Database) -> None:
    await given_bookings(database, 1)
    await claiming(database)
    await claiming(database, now=NOW + LEASE)

    [third] = await claiming(database, now=NOW + 2 * LEASE)

    assert (third.started_at, third.attempts) == (NOW, 2)


async def test_what_was_sent_is_never_claimed_again(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, SENT)

    assert await claiming(database, now=NOW + timedelta(days=365)) == ()
    assert await due(database) is None
    stored = await database.read(
        rows, "SELECT state, sent_channel, sent_ts, lease_until, reason FROM outbox"
    )
    assert stored == [("done", "C0SALES", "1733216400.000100", None, None)]
    assert await noted(database) == [("notified", "C0SALES")]


async def test_what_was_not_sent_is_tried_again_after_its_pause(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, NotSent("ratelimited", timedelta(seconds=30)))

    assert await due(database) == NOW + 30 * SECOND
    assert await claiming(database, now=NOW + 29 * SECOND) == ()
    [again] = await claiming(database, now=NOW + 30 * SECOND)
    assert (again.attempts, again.started_at) == (1, None)


async def test_what_is_unsure_waits_for_the_quarantine_and_is_then_looked_up(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, Unsure("TimeoutError"), now=NOW + 10 * SECOND)

    looked_up_at = NOW + 10 * SECOND + QUARANTINE
    assert await due(database) == looked_up_at
    assert await claiming(database, now=looked_up_at - SECOND) == ()
    [again] = await claiming(database, now=looked_up_at)
    assert again.started_at == NOW


async def test_a_place_that_is_refused_leads_to_the_next_and_is_written_down(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, PlaceRefused("is_archived"))

    [again] = await claiming(database)
    assert (again.place, again.refusal, again.started_at) == (1, "is_archived", None)
    assert await noted(database) == [("rerouted", "is_archived")]


async def test_blocks_that_are_refused_are_sent_as_text_to_the_same_place(
    database: Database,
) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, TextRefused("invalid_blocks"))

    [again] = await claiming(database)
    assert (again.place, again.plain, again.refusal) == (0, True, None)


async def test_while_slack_refuses_our_token_everything_waits_and_then_goes_out(
    database: Database,
) -> None:
    await given_bookings(database, 3)
    refused, *_ = await claiming(database, limit=1)

    await recording(database, refused, WorkspaceRefused("token_revoked"))

    assert await database.read(slack_refusal) == "token_revoked"
    assert await claiming(database, now=NOW + timedelta(days=2)) == ()
    assert await due(database) is None
    await database.write(clear_slack_refusal, workspace_id=1)
    assert await due(database) == NOW
    assert len(await claiming(database)) == 3


@pytest.mark.parametrize(
    "outcome",
    [SENT, NotSent("x"), Unsure("x"), PlaceRefused("x"), WorkspaceRefused("x")],
    ids=lambda outcome: type(outcome).__name__,
)
async def test_whoever_lost_the_lease_to_somebody_else_has_no_say(
    database: Database, outcome: Outcome
) -> None:
    await given_bookings(database, 1)
    [slow] = await claiming(database)
    [quick] = await claiming(database, now=NOW + LEASE)
    before = await database.read(rows, "SELECT * FROM outbox")

    await recording(database, slow, outcome, now=NOW + LEASE + SECOND)

    assert await database.read(rows, "SELECT * FROM outbox") == before
    assert await database.read(slack_refusal) is None
    assert await noted(database) == []
    await recording(database, quick, SENT, now=NOW + LEASE + 2 * SECOND)
    assert await noted(database) == [("notified", "C0SALES")]


async def test_whoever_is_late_but_unchallenged_is_heard(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, SENT, now=NOW + 2 * LEASE)

    assert await due(database) is None


async def test_an_outcome_recorded_twice_counts_once(database: Database) -> None:
    await given_bookings(database, 1)
    [delivery] = await claiming(database)

    await recording(database, delivery, SENT)
    await recording(database, delivery, SENT)

    assert await noted(database) == [("notified", "C0SALES")]


async def test_the_oldest_is_claimed_first_and_no_more_than_wanted(database: Database) -> None:
    booked = await given_bookings(database, 5)

    first = await claiming(database, limit=2)
    rest = await claiming(database, limit=10)

    ids = [delivery.subject_id for delivery in (*first, *rest)]
    assert ids == [one.booking_id for one in booked]
    assert len(first) == 2


async def test_a_claimer_gets_only_the_kinds_it_delivers(database: Database) -> None:
    await given_bookings(database, 1)
    link = await given_link(database)
    admin = Actor(KIM, is_admin=True)
    done = await database.write(
        regenerate_link, **regenerating(link.details.public_id, actor=admin)
    )

    [delivery] = await claiming(database, kinds=[Kind.LINK_REGENERATED])

    assert (delivery.kind, delivery.subject_id) == (Kind.LINK_REGENERATED, done.link.id)
    assert await claiming(database, kinds=[]) == ()
    assert await database.read(next_due, kinds=[Kind.LINK_USED]) == NOW
    assert await database.read(next_due, kinds=[Kind.LINK_REGENERATED]) == NOW + LEASE


async def test_what_the_issuer_was_told_is_noted_on_the_new_link(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    admin = Actor(KIM, is_admin=True)
    done = await database.write(
        regenerate_link, **regenerating(link.details.public_id, actor=admin)
    )
    [delivery] = await claiming(database)

    await recording(database, delivery, Done("D0SAM", "1733216400.000200"))

    entries = await database.read(rows, "SELECT link_id FROM ledger WHERE deed = 'notified'")
    assert entries == [(done.link.id,)]


async def test_nothing_queued_is_nothing_due(database: Database) -> None:
    assert await due(database) is None
    assert await claiming(database) == ()


async def test_20_claimers_at_once_never_get_the_same_row(database: Database) -> None:
    booked = await given_bookings(database, 30)

    answers = await all_of(claiming(database, limit=3) for _ in range(20))

    claimed = [delivery.subject_id for answer in answers for delivery in answer]
    assert sorted(claimed) == [one.booking_id for one in booked]
    assert await database.read(count, "outbox", "state = 'sending' AND attempts = 1") == 30


async def test_20_claimers_at_once_of_abandoned_rows_never_get_the_same_row(
    database: Database,
) -> None:
    await given_bookings(database, 10)
    await claiming(database, limit=10)

    answers = await all_of(claiming(database, limit=3, now=NOW + LEASE) for _ in range(20))

    claimed = [delivery.subject_id for answer in answers for delivery in answer]
    assert len(claimed) == len(set(claimed)) == 10
    assert await database.read(count, "outbox", "attempts = 2") == 10


async def given_bookings(database: Database, number: int) -> list[Booked]:
    await given_calendar(database)
    links = [await given_link(database) for _ in range(number)]
    return [
        await when_booked(database, link, start=start)
        for link, start in zip(links, free_starts(number), strict=True)
    ]


async def claiming(
    database: Database, *, now: datetime = NOW, limit: int = 10, kinds: Any = tuple(Kind)
) -> tuple[Delivery, ...]:
    return await database.write(claim, kinds=kinds, now=now, lease=LEASE, limit=limit)


async def recording(
    database: Database, delivery: Delivery, outcome: Outcome, *, now: datetime = NOW
) -> None:
    await database.write(
        record,
        delivery=delivery,
        outcome=outcome,
        began_at=NOW,
        now=now,
        quarantine=QUARANTINE,
    )


async def due(database: Database) -> datetime | None:
    return await database.read(next_due, kinds=tuple(Kind))


async def noted(database: Database) -> list[Any]:
    """Return what the ledger says about notifications."""
    return list(
        await database.read(
            rows,
            "SELECT deed, detail FROM ledger WHERE deed IN ('notified', 'rerouted') ORDER BY id",
        )
    )
