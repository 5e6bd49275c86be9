"""What another place than its own took: which place refused it, and who has it now."""

from datetime import timedelta

from scheduling.database import Database
from scheduling.events.deliveries import PlaceRefused
from scheduling.events.health import Notification
from scheduling.events.kinds import EventKind
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from tests.arguments import regenerating
from tests.given import ANA, KIM, NOW, SALES, SAM, given_calendar, given_link
from tests.scheduling.events.looked_at import (
    DAY,
    DIRECT,
    MINUTE,
    SENT,
    booked,
    health,
    next_at,
    tried,
)


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
