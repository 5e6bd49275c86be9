"""How the notifications stand: what waits by reason, what went elsewhere, whether anybody works."""

from datetime import datetime, timedelta

import pytest

from scheduling.calendars.leaving import note_presence
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    State,
    Unsure,
)
from scheduling.events.health import DeliveryHealth, Notification, delivery_health
from scheduling.events.kinds import EventKind
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from tests.arguments import free_starts, regenerating
from tests.given import ANA, KIM, NOW, SALES, SAM, given_calendar, given_link, when_booked
from tests.scheduling.contacts_erased import regenerated

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
SENT = Done(SALES, "1.1")
DIRECT = Done("D0ANA", "1.1")


async def test_news_of_a_host_that_nobody_takes_is_among_what_waits(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await database.write(note_presence, workspace_id=1, user_id=SAM, has_left=True, now=NOW)
    await tried(database, PlaceRefused("user_disabled", "D0KIM"))

    (waiting,) = (await health(database)).waiting

    assert waiting.oldest == (
        Notification(EventKind.HOST_LEFT, "", KIM, "user_disabled", issuer=KIM, owner=KIM),
    )


async def booked(database: Database, number: int = 1, *, at: datetime = NOW) -> list[str]:
    """Book links that Ana issued for Sam's calendar; return their public ids."""
    await given_calendar(database)
    links = []
    for start in free_starts(number):
        link = await given_link(database, issued_by=ANA, now=NOW - DAY)
        await when_booked(database, link, start=start, now=at, everybody=False)
        links.append(link.details.public_id)
    return links


async def tried(database: Database, *outcomes: Outcome, at: datetime = NOW) -> list[Delivery]:
    """Claim what is due, one after the other, and record these outcomes."""
    deliveries = []
    for outcome in outcomes:
        (one,) = await database.write(claim, a_worker_s(at), now=at, lease=2 * MINUTE)
        await database.write(
            settle, one, outcome, began_at=at, ended_at=at, now=at, quarantine=MINUTE
        )
        deliveries.append(one)
    return deliveries


def a_worker_s(at: datetime) -> Terms:
    return Terms({"slack": at}, busy_lanes=(), held=(), limit=1)


async def health(database: Database, *, at: datetime = NOW, limit: int = 5) -> DeliveryHealth:
    return await database.read(delivery_health, workspace_id=1, now=at, limit=limit)


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


async def test_what_went_to_the_issuer_or_the_owner_is_told_with_where_and_why(
    database: Database,
) -> None:
    links = await booked(database, 3)
    archived = PlaceRefused("is_archived", "C0OLD")
    gone = PlaceRefused("user_not_found", "D0ANA")
    await tried(database, archived, DIRECT)
    await tried(database, SENT)  # where it was meant to go
    await tried(database, archived, gone, DIRECT, at=NOW + MINUTE)

    told = await health(database, at=NOW + MINUTE)

    assert told.waiting == ()
    assert (told.rerouted_number, told.delivered) == (2, 3)
    assert [(one.user_id, one.at) for one in told.rerouted] == [
        (SAM, NOW + MINUTE),
        (ANA, NOW),
    ]
    assert [one.notification for one in told.rerouted] == [
        Notification(EventKind.BOOKING_MADE, links[2], "C0OLD", "is_archived", ANA, SAM),
        Notification(EventKind.BOOKING_MADE, links[0], "C0OLD", "is_archived", ANA, SAM),
    ]


async def test_a_channel_that_was_replaced_since_is_told_as_it_was(database: Database) -> None:
    await booked(database)
    await tried(database, PlaceRefused("is_archived", SALES), DIRECT)
    await given_calendar(database, notification_channel="C0NEWER")

    (told,) = (await health(database)).rerouted

    assert told.notification.channel == SALES


async def test_only_the_newest_are_named_and_only_those_of_a_week_are_told(
    database: Database,
) -> None:
    await booked(database, 3)
    for minutes in range(3):
        await tried(database, PlaceRefused("is_archived", SALES))
        await tried(database, DIRECT, at=NOW + minutes * MINUTE)

    newest = await health(database, at=NOW + 3 * MINUTE, limit=2)
    a_week_later = await health(database, at=NOW + 7 * DAY + MINUTE)
    later_still = await health(database, at=NOW + 7 * DAY + 3 * MINUTE)

    assert [one.at for one in newest.rerouted] == [NOW + 2 * MINUTE, NOW + MINUTE]
    assert newest.rerouted_number == 3
    assert (a_week_later.rerouted_number, a_week_later.delivered) == (2, 2)
    assert (later_still.rerouted_number, later_still.delivered) == (0, 0)
    assert later_still.delivered_last_at == NOW + 2 * MINUTE


async def test_what_every_place_refused_waits_with_its_channel_s_own_reason(
    database: Database,
) -> None:
    (link,) = await booked(database)
    for _ in range(2):  # and again in an hour
        refused = [
            PlaceRefused("is_archived", "C0OLD"),
            PlaceRefused("user_disabled", "D0ANA"),
            PlaceRefused("user_not_found", "D0SAM"),
        ]
        await tried(database, *refused, at=(await next_at(database)) or NOW)

    (waiting,) = (await health(database, at=NOW + 61 * MINUTE)).waiting

    assert (waiting.reason, waiting.is_moving_on) == ("user_not_found", False)
    assert waiting.oldest == (
        Notification(EventKind.BOOKING_MADE, link, "C0OLD", "is_archived", ANA, SAM),
    )
    assert waiting.next_at == NOW + 2 * timedelta(hours=1)


async def next_at(database: Database) -> datetime | None:
    return max((one.next_at for one in (await health(database)).waiting), default=None)


async def test_between_two_places_it_is_moving_on(database: Database) -> None:
    await booked(database)
    await tried(database, PlaceRefused("is_archived", SALES))

    (waiting,) = (await health(database)).waiting

    assert (waiting.is_moving_on, waiting.reason) == (True, "is_archived")


async def test_the_word_to_an_issuer_goes_elsewhere_only_when_it_reaches_the_owner(
    database: Database,
) -> None:
    await given_calendar(database)
    for number in range(2):
        link = await given_link(database, issued_by=ANA)
        await database.write(
            regenerate_link,
            **regenerating(link.details.public_id, actor=Actor(KIM, is_admin=True)),
        )
        refusals = [PlaceRefused("user_disabled", "D0ANA")] * number
        await tried(database, *refusals, DIRECT)

    told = await health(database)

    assert told.rerouted_number == 1
    (one,) = told.rerouted
    assert one.user_id == SAM
    assert (one.notification.kind, one.notification.channel) == (EventKind.LINK_REGENERATED, None)
    assert one.notification.refusal == "user_disabled"


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
