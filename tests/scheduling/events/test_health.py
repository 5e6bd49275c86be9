"""How notifications stand: what waits and for which reason, and whether anybody takes it up."""

from datetime import timedelta

import pytest

from scheduling.calendars.leaving import note_presence
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.events.deliveries import (
    DestinationRefused,
    Done,
    NotSent,
    PlaceRefused,
    State,
    Unsure,
)
from scheduling.events.health import DeliveryHealth, Notification
from scheduling.events.kinds import EventKind
from scheduling.events.queue import claim
from tests.arguments import free_starts
from tests.given import ANA, KIM, NOW, SALES, SAM, given_calendar, given_link, when_booked
from tests.scheduling.contacts_erased import regenerated
from tests.scheduling.events.looked_at import (
    DAY,
    MINUTE,
    SECOND,
    SENT,
    a_worker_s,
    booked,
    health,
    tried,
)


async def test_news_of_a_host_that_nobody_takes_is_among_what_waits(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await database.write(note_presence, workspace_id=1, user_id=SAM, has_left=True, now=NOW)
    await tried(database, PlaceRefused("user_disabled", "D0KIM"))

    (waiting,) = (await health(database)).waiting

    assert waiting.oldest == (
        Notification(EventKind.HOST_LEFT, "", KIM, "user_disabled", issuer=KIM, owner=KIM),
    )


async def test_where_nothing_was_due_there_is_nothing_to_tell(database: Database) -> None:
    await given_calendar(database)

    told = await health(database)

    assert told == DeliveryHealth(None, None, (), None, (), 0, 0, None)


async def test_what_waits_is_counted_by_its_reason_the_largest_first(database: Database) -> None:
    links = await booked(database, 6)
    await tried(database, NotSent("ratelimited", MINUTE), SENT, Unsure("TimeoutError"))

    told = await health(database, at=NOW + SECOND, limit=2)

    assert [(one.state, one.reason, one.number) for one in told.waiting] == [
        (State.READY, None, 3),
        (State.READY, "ratelimited", 1),
        (State.UNSURE, "TimeoutError", 1),
    ]
    assert [one.link for one in told.waiting[0].oldest] == links[3:5]
    assert [one.next_at for one in told.waiting] == [NOW, NOW + MINUTE, NOW + MINUTE]
    assert {one.since for one in told.waiting} == {NOW}
    assert (told.delivered, told.delivered_last_at) == (1, NOW)
    assert told.waiting[1].oldest == (
        Notification(EventKind.BOOKING_MADE, links[0], SALES, None, ANA, SAM),
    )


async def test_two_notifications_of_one_link_are_told_apart(database: Database) -> None:
    await given_calendar(database)
    link = await regenerated(database, await given_link(database, issued_by=ANA))
    await when_booked(database, link, everybody=False)
    await tried(database, NotSent("ratelimited", MINUTE), PlaceRefused("is_archived", SALES))

    told = (await health(database)).waiting

    public_id = link.details.public_id
    assert {(one.reason, *one.oldest) for one in told} == {
        (
            "ratelimited",
            Notification(EventKind.LINK_REGENERATED, public_id, None, None, ANA, SAM),
        ),
        (
            "is_archived",
            Notification(EventKind.BOOKING_MADE, public_id, SALES, "is_archived", ANA, SAM),
        ),
    }


async def test_since_when_is_when_the_oldest_was_queued(database: Database) -> None:
    await booked(database, 1, at=NOW - 3 * MINUTE)
    link = await given_link(database)
    await when_booked(database, link, start=free_starts(2)[1], everybody=False)

    (waiting,) = (await health(database)).waiting

    assert (waiting.number, waiting.since) == (2, NOW - 3 * MINUTE)


async def test_a_refused_token_is_told_with_its_code_and_since_when(database: Database) -> None:
    await booked(database, 3)
    await tried(database, DestinationRefused("token_revoked"))

    told = await health(database, at=NOW + DAY)

    assert (told.slack_refusal, told.slack_refused_at) == ("token_revoked", NOW)
    assert sum(one.number for one in told.waiting) == 3
    assert told.stalled_since is None  # it is known why nothing moves


@pytest.mark.parametrize(
    ("after", "stalled"),
    [
        pytest.param(2 * MINUTE, False, id="in-time"),
        pytest.param(2 * MINUTE + SECOND, True, id="late"),
    ],
)
async def test_what_nobody_takes_up_is_told(
    database: Database, after: timedelta, *, stalled: bool
) -> None:
    await booked(database)

    told = await health(database, at=NOW + after)

    assert told.stalled_since == (NOW if stalled else None)


async def test_where_others_are_delivered_one_that_is_late_has_only_to_wait(
    database: Database,
) -> None:
    await booked(database, 2)
    await tried(database, SENT, at=NOW + 5 * MINUTE)

    told = await health(database, at=NOW + 6 * MINUTE)

    assert told.stalled_since is None


async def test_a_process_that_died_leaves_what_nobody_takes_up(database: Database) -> None:
    await booked(database)
    await database.write(claim, a_worker_s(NOW), now=NOW, lease=2 * MINUTE)

    at_work = await health(database, at=NOW + 3 * MINUTE)
    stalled = await health(database, at=NOW + 5 * MINUTE)

    assert at_work.stalled_since is None
    assert stalled.stalled_since == NOW + 2 * MINUTE
    assert stalled.waiting[0].state is State.SENDING


async def test_a_message_that_may_not_be_edited_waits_where_it_stands(database: Database) -> None:
    (link,) = await booked(database)
    await tried(database, PlaceRefused("is_archived", SALES), Done("D0ANA", "1.5"))
    later = NOW + timedelta(days=30)
    await database.write(erase_contact, email="jane@example.com", request_id="1", now=later)
    await tried(database, PlaceRefused("edit_window_closed"), at=later)

    told = await health(database, at=later)

    (waiting,) = told.waiting
    assert (waiting.reason, waiting.is_edit) == ("edit_window_closed", True)
    assert waiting.oldest[0].link == link
    assert waiting.oldest[0].channel == "D0ANA"
    assert waiting.next_at == later + timedelta(hours=1)


async def test_that_an_old_message_was_edited_is_no_news(database: Database) -> None:
    await booked(database)
    await tried(database, PlaceRefused("is_archived", SALES), Done("D0ANA", "1.5"))
    later = NOW + timedelta(days=30)
    await database.write(erase_contact, email="jane@example.com", request_id="1", now=later)
    await tried(database, Done("D0ANA", "1.5"), at=later)

    told = await health(database, at=later)

    assert (told.waiting, told.rerouted_number, told.delivered) == ((), 0, 0)
