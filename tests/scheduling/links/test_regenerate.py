"""A fresh link takes the place of an old one, once, and who has to know is told."""

import pytest

from scheduling.calendars.change import deactivate_calendar
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.errors import (
    CalendarInactive,
)
from scheduling.events.kinds import EventKind
from scheduling.links.details import LinkDetails, link_by_id
from scheduling.links.regenerate import Regenerated, regenerate_link
from scheduling.links.status import LinkStatus
from tests.arguments import regenerating
from tests.given import (
    ANA,
    NOW,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)
from tests.scheduling.links.acting import (
    ANA_THE_ISSUER,
    HOUR,
    KIM_THE_ADMIN,
    LATER,
    WEEK,
    end,
    events_of,
)
from tests.stored import count, rows


async def test_regenerating_puts_a_fresh_link_in_the_place_of_the_old(database: Database) -> None:
    await given_calendar(database)
    contact = Contact("Jane Doe", "jane@example.com")
    link = await given_link(database, contact=contact, issued_by=ANA, deadline=WEEK)

    done = await database.write(
        regenerate_link,
        **regenerating(link.details.public_id, actor=ANA_THE_ISSUER, now=LATER),
    )

    assert done.fresh
    assert done.replaced.status is LinkStatus.DELETED
    assert done.replaced.replaced_by == done.link.public_id
    assert done.link.replaces == done.replaced.public_id == link.details.public_id
    assert done.link.status is LinkStatus.ACTIVE
    assert (done.link.contact, done.link.issued_by) == (contact, ANA)
    assert done.link.channel_id == link.details.channel_id
    assert (done.link.issued_at, done.link.expires_at) == (LATER, LATER + WEEK)
    assert done.link.secret.lookup != link.details.secret.lookup


async def test_regenerating_is_one_event_of_the_new_link_that_names_the_old_one(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)

    done = await when_regenerated(database, link.details)

    assert await events_of(database, done.replaced) == [(EventKind.LINK_ISSUED, SAM, None)]
    assert await events_of(database, done.link) == [
        (EventKind.LINK_REGENERATED, SAM, {"replaces": done.replaced.id})
    ]


async def test_pressed_again_regenerate_answers_with_the_same_new_link(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    first = await when_regenerated(database, link.details)

    again = await when_regenerated(database, link.details)

    assert not again.fresh
    assert (again.link, again.replaced) == (first.link, first.replaced)
    assert await database.read(count, "one_time_link") == 2


async def test_one_request_to_regenerate_repeated_answers_as_before(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    named = regenerating(link.details.public_id, request_key="one")
    first = await database.write(regenerate_link, **named)

    again = await database.write(
        regenerate_link, **regenerating(link.details.public_id, request_key="one")
    )

    assert again == first
    assert again.fresh


async def test_any_link_of_a_chain_leads_to_its_newest(database: Database) -> None:
    await given_calendar(database)
    oldest = (await given_link(database)).details
    middle = (await when_regenerated(database, oldest)).link
    newest = (await when_regenerated(database, middle)).link

    from_oldest = await when_regenerated(database, oldest)
    from_middle = await when_regenerated(database, middle)

    assert from_oldest.link.public_id == from_middle.link.public_id == newest.public_id
    assert not from_oldest.fresh
    assert await database.read(count, "one_time_link") == 3


async def test_regenerating_the_newest_of_a_chain_makes_the_next(database: Database) -> None:
    await given_calendar(database)
    oldest = (await given_link(database)).details
    newest = (await when_regenerated(database, oldest)).link

    done = await when_regenerated(database, newest)

    assert done.fresh
    assert done.replaced.public_id == newest.public_id
    assert await database.read(count, "one_time_link") == 3


@pytest.mark.parametrize("death", ["used", "deleted", "expired"])
async def test_a_chain_whose_newest_is_dead_goes_on_from_there(
    database: Database, death: str
) -> None:
    await given_calendar(database)
    oldest = await given_link(database, deadline=2 * HOUR if death == "expired" else None)
    newest = (await when_regenerated(database, oldest.details)).link
    await end(database, newest, death)

    done = await when_regenerated(database, oldest.details, hours=3)

    assert done.fresh
    assert (done.replaced.public_id, done.replaced.status.value) == (newest.public_id, death)
    assert done.link.status is LinkStatus.ACTIVE
    assert done.link.replaces == newest.public_id


async def test_a_used_link_that_is_regenerated_keeps_its_booking(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await when_booked(database, link)

    done = await when_regenerated(database, link.details)

    assert done.replaced.status is LinkStatus.USED
    assert done.replaced.booking is not None
    assert done.replaced.deleted_at is None
    assert done.link.booking is None
    assert await database.read(count, "booking") == 1


async def test_an_expired_link_is_replaced_by_one_with_as_long_a_time(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, deadline=HOUR)

    done = await when_regenerated(database, link.details, hours=5)

    assert (done.replaced.status, done.replaced.deleted_at) == (LinkStatus.EXPIRED, None)
    assert done.link.expires_at == NOW + 6 * HOUR


async def test_a_link_of_a_calendar_that_is_off_is_not_regenerated_and_stays(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    with pytest.raises(CalendarInactive):
        await when_regenerated(database, link.details)

    found = await database.read(link_by_id, link_id=link.details.id, now=NOW)
    assert found.status is LinkStatus.ACTIVE


async def test_the_issuer_is_told_when_somebody_else_regenerated(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, issued_by=ANA)

    done = await database.write(
        regenerate_link, **regenerating(link.details.public_id, actor=KIM_THE_ADMIN)
    )

    queued = await database.read(
        rows,
        "SELECT kind, subject_id, destination, recipient, state"
        " FROM delivery JOIN event ON event.id = delivery.event_id",
    )
    assert queued == [("link.regenerated", done.link.id, "slack", "issuer", "ready")]


async def test_the_issuer_is_not_told_what_they_did_themselves(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, issued_by=SAM)

    await when_regenerated(database, link.details)

    assert await database.read(count, "delivery") == 0


async def test_neither_events_nor_deliveries_hold_what_people_typed(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact("Jane Doe", "jane@example.com"))
    await when_booked(database, link)
    await when_regenerated(database, link.details)

    stored = [
        *await database.read(rows, "SELECT * FROM event"),
        *await database.read(rows, "SELECT * FROM delivery"),
    ]

    words = " ".join(str(value) for row in stored for value in row)
    assert "Jane" not in words
    assert "example.com" not in words
    assert link.token not in words


async def when_regenerated(database: Database, link: LinkDetails, *, hours: int = 1) -> Regenerated:
    named = regenerating(link.public_id, now=NOW + hours * HOUR)
    return await database.write(regenerate_link, **named)
