"""Messages of ours that name an erased contact are edited where they stand."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from scheduling.calendars.leaving import departure, note_presence
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.database.models import DeliveryRow
from scheduling.events import queue
from scheduling.events.deliveries import Done, Receipt
from scheduling.events.destinations import SLACK
from scheduling.events.queue import EDIT_INTERVAL, Terms
from scheduling.events.settling import settle
from scheduling.retention import forget_events, look_through_events
from tests.given import KIM, NOW, SALES, SAM, given_calendar, given_link
from tests.scheduling.contacts_erased import ADDRESS, OVER, a_used_link, erase, regenerated
from tests.stored import count

TERMS = Terms({SLACK: NOW}, busy_lanes=(), held=(), limit=10)
RECEIPT = Receipt(SALES, "1.5")


async def claimed(database: Database, *, after: timedelta = timedelta(0)) -> Any:
    (one,) = await database.write(queue.claim, TERMS, now=OVER + after, lease=timedelta(minutes=5))
    return one


async def settled(database: Database, delivery: Any, outcome: Any) -> None:
    await database.write(
        settle,
        delivery,
        outcome,
        began_at=OVER,
        ended_at=OVER,
        now=OVER,
        quarantine=timedelta(0),
    )


async def test_a_message_that_was_posted_is_edited_where_it_stands(database: Database) -> None:
    await given_calendar(database)
    await a_used_link(database, None)
    await settled(database, await claimed(database), Done(RECEIPT.place, RECEIPT.id))

    assert (await erase(database)).messages == 1

    edit = await claimed(database)
    assert edit.receipt == RECEIPT
    await settled(database, edit, Done(RECEIPT.place, RECEIPT.id))
    assert await database.read(count, "delivery", "closed_at IS NULL") == 0


async def test_a_message_on_its_way_is_edited_when_it_has_arrived(database: Database) -> None:
    await given_calendar(database)
    await a_used_link(database, None)
    posting = await claimed(database)

    await erase(database)
    await settled(database, posting, Done(RECEIPT.place, RECEIPT.id))

    assert (await claimed(database, after=EDIT_INTERVAL)).receipt == RECEIPT


async def test_a_message_that_turns_out_to_have_arrived_before_is_edited(
    database: Database,
) -> None:
    await given_calendar(database)
    await a_used_link(database, None)
    await claimed(database)  # by a process that dies
    await erase(database)
    found = await claimed(database, after=timedelta(minutes=5))
    assert (found.receipt, found.version) == (None, 2)

    await settled(database, found, Done(RECEIPT.place, RECEIPT.id, is_stale=True))

    assert (await claimed(database, after=EDIT_INTERVAL)).receipt == RECEIPT


async def test_the_card_of_a_booking_is_edited_after_its_delivery_is_forgotten(
    database: Database,
) -> None:
    await given_calendar(database)
    await a_used_link(database, None)
    await settled(database, await claimed(database), Done(RECEIPT.place, RECEIPT.id))
    old = await database.read(look_through_events, before=OVER, after=None, limit=100)
    await database.write(forget_events, ids=old.over)
    assert await database.read(count, "delivery") == 0

    assert (await erase(database)).messages == 1

    edit = await claimed(database)
    assert (edit.receipt, edit.subject_id) == (RECEIPT, 1)


async def test_the_private_message_about_a_regenerated_link_is_edited(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact("Jane", ADDRESS), issued_by=SAM)
    await regenerated(database, link)
    await settled(database, await claimed(database), Done("D0SAM", "1.5"))

    await erase(database)

    assert (await claimed(database)).receipt == Receipt("D0SAM", "1.5")
    assert await database.read(lambda session: len(session.scalars(select(DeliveryRow)).all())) == 1


async def test_the_news_that_their_host_has_left_names_them_no_more(database: Database) -> None:
    await given_calendar(database, owner=KIM)
    await a_used_link(database, None)
    await settled(database, await claimed(database), Done(RECEIPT.place, RECEIPT.id))
    left = {"workspace_id": 1, "user_id": SAM, "has_left": True, "now": NOW}
    await database.write(note_presence, **left)
    await settled(database, await claimed(database), Done("D0KIM", "1.5"))

    await erase(database)

    edits = await database.write(queue.claim, TERMS, now=OVER, lease=timedelta(minutes=5))
    assert Receipt("D0KIM", "1.5") in [one.receipt for one in edits]
    told = {"resource_id": 1, "reader": KIM, "limit": 10}
    shown = await database.read(departure, now=OVER, **told)
    assert shown.meetings.meetings == ()
