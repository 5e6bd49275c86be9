"""What came of a delivery is stored: when it is due again, where it goes, who has a say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling.database import Database
from scheduling.events.deliveries import (
    DestinationRefused,
    NotSent,
    Outcome,
    PlaceRefused,
    Refusal,
    StillUnsure,
    TextRefused,
    Unsure,
    Window,
)
from scheduling.events.refusing import refusing
from tests.given import NOW, SALES, SAM
from tests.scheduling.events.queued import (
    LEASE,
    QUARANTINE,
    SECOND,
    SENT,
    SLACKS_NOW,
    TERMS,
    claiming,
    due,
    given_bookings,
    recording,
)
from tests.stored import rows


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
