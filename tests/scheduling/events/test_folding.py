"""A refused message whose next reader is told already: a line in what they get, no second one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Done, Outcome, PlaceRefused, Refusal
from scheduling.events.folding import Folded, folded_into
from scheduling.events.health import delivery_health
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from tests.given import ANA, KIM, NOW, SALES, SAM, given_calendar, given_link, when_booked
from tests.stored import rows

MINUTE = timedelta(minutes=1)
TERMS = Terms({"slack": NOW}, busy_lanes=(), held=(), limit=10)
GONE = PlaceRefused("is_archived", SALES)
DISABLED = PlaceRefused("user_disabled", "D0PERSON")


async def booked(database: Database, **settings: Any) -> dict[str, Delivery]:
    """Book a link that Ana issued for Sam's calendar; claim what is told, by its place."""
    await given_calendar(database, **settings)
    await when_booked(database, await given_link(database, issued_by=ANA))
    return {one.goes_to: one for one in await claiming(database)}


async def claiming(database: Database) -> Sequence[Delivery]:
    return await database.write(claim, TERMS, now=NOW, lease=MINUTE)


async def settled(database: Database, delivery: Delivery, outcome: Outcome) -> None:
    await database.write(
        settle,
        delivery,
        outcome,
        began_at=NOW,
        ended_at=NOW,
        now=NOW,
        quarantine=MINUTE,
    )


def arrived(delivery: Delivery) -> Done:
    return Done(f"D0{delivery.goes_to}", "1.1")


@pytest.mark.parametrize("is_told_before", [True, False])
async def test_the_issuer_of_a_link_whose_channel_refused_is_shown_that_in_their_own_message(
    database: Database, *, is_told_before: bool
) -> None:
    told = await booked(database)
    hers = told[ANA]
    if is_told_before:
        await settled(database, hers, arrived(hers))

    await settled(database, told[SALES], GONE)
    if not is_told_before:
        await settled(database, hers, arrived(hers))

    (again,) = await claiming(database)
    assert (again.id, again.version) == (hers.id, 2)
    assert again.receipt is not None
    assert await database.read(folded_into, delivery=again) == (
        Folded("channel", (SALES, ANA, SAM), Refusal("is_archived", SALES)),
    )


async def test_the_refused_message_is_done_and_health_says_where_its_news_went(
    database: Database,
) -> None:
    told = await booked(database)

    await settled(database, told[SALES], GONE)
    for person in (SAM, ANA):
        await settled(database, told[person], arrived(told[person]))
    (edit,) = await claiming(database)
    await settled(database, edit, arrived(edit))

    health = await database.read(delivery_health, workspace_id=1, now=NOW)
    (rerouted,) = health.rerouted
    assert health.waiting == ()
    assert (rerouted.user_id, rerouted.notification.refusal) == (ANA, "is_archived")
    assert rerouted.notification.channel == SALES


async def test_an_owner_who_hosts_reads_of_an_issuer_who_is_gone_and_of_the_channel_too(
    database: Database,
) -> None:
    told = await booked(database)

    await settled(database, told[SALES], GONE)
    await settled(database, told[ANA], DISABLED)
    await settled(database, told[SAM], arrived(told[SAM]))

    (again,) = await claiming(database)
    assert again.id == told[SAM].id
    folded = await database.read(folded_into, delivery=again)
    assert [(one.recipient, one.route[0]) for one in folded] == [
        ("channel", SALES),
        ("issuer", ANA),
    ]


async def test_of_two_who_are_gone_the_owner_gets_one_message(database: Database) -> None:
    told = await booked(database, owner=KIM)

    await settled(database, told[SAM], DISABLED)
    await settled(database, told[ANA], DISABLED)

    (only,) = await claiming(database)
    assert (only.goes_to, only.id) == (KIM, told[SAM].id)
    folded = await database.read(folded_into, delivery=only)
    assert [one.recipient for one in folded] == ["issuer"]


async def test_an_issuer_who_was_given_up_is_not_taken_for_told(database: Database) -> None:
    told = await booked(database, owner=KIM)
    await settled(database, told[ANA], DISABLED)  # on its way to Kim
    (hers,) = await claiming(database)
    await settled(database, hers, arrived(hers))

    await settled(database, told[SALES], GONE)
    (cards,) = await claiming(database)
    await settled(database, cards, DISABLED)  # Ana is asked for the channel too, and is gone

    (again,) = await claiming(database)
    assert (cards.goes_to, again.id, again.goes_to) == (ANA, told[ANA].id, KIM)
    states = await database.read(rows, "SELECT recipient, state FROM delivery ORDER BY id LIMIT 1")
    assert states == [("channel", "done")]


async def test_a_message_that_stands_and_may_not_be_edited_is_never_taken_for_told(
    database: Database,
) -> None:
    told = await booked(database)
    await settled(database, told[ANA], arrived(told[ANA]))
    await settled(database, told[SALES], GONE)
    (edit,) = await claiming(database)

    await settled(database, edit, PlaceRefused("cant_update_message", "D0ANA"))

    states = await database.read(
        rows, "SELECT state, wanted, shown FROM delivery WHERE recipient = 'issuer'"
    )
    assert states == [("ready", 2, 1)]
