"""News that makes earlier news stale: a move is told by it, a cancellation silences it."""

from datetime import timedelta

from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Done, Outcome, Unsure
from scheduling.events.destinations import SLACK
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from tests.given import NOW, SAM, given_calendar, given_link, when_booked
from tests.rendezvous import all_of
from tests.stored import rows

LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
TERMS = Terms({SLACK: NOW, "test": NOW}, busy_lanes=(), held=(), limit=10)
HOW_THEY_STAND = """
    SELECT event.kind, event.version, delivery.state, delivery.overtaken_by
    FROM delivery JOIN event ON event.id = delivery.event_id
    WHERE destination = 'slack' ORDER BY delivery.id
"""


async def given_booking(database: Database) -> int:
    await given_calendar(database)
    return (await when_booked(database, await given_link(database), everybody=False)).booking_id


async def moved(database: Database, booking_id: int, version: int = 1) -> int:
    return await happened(database, EventKind.BOOKING_MOVED, booking_id, version)


async def cancelled(database: Database, booking_id: int) -> int:
    return await happened(database, EventKind.BOOKING_CANCELLED, booking_id, 1)


async def happened(database: Database, kind: EventKind, booking_id: int, version: int) -> int:
    """Have Sam, host and issuer, do it: the channel alone is told."""
    nonce = f"of booking {booking_id}".encode()
    event = Event(1, kind, booking_id, at=NOW, nonce=nonce, actor=SAM, version=version)
    return await database.write(record, event)


async def claimed(database: Database) -> tuple[Delivery, ...]:
    return await database.write(claim, TERMS, now=NOW, lease=LEASE)


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


async def test_a_cancellation_that_overtakes_the_first_word_has_neither_told(
    database: Database,
) -> None:
    booking = await given_booking(database)

    event = await cancelled(database, booking)

    assert await claimed(database) == ()
    assert await database.read(rows, HOW_THEY_STAND) == [
        ("booking.made", 1, "overtaken", event),
    ]


async def test_a_move_that_overtakes_the_first_word_is_told_by_it_once(database: Database) -> None:
    booking = await given_booking(database)

    event = await moved(database, booking)

    [one] = await claimed(database)
    assert one.kind is EventKind.BOOKING_MADE
    assert await database.read(rows, HOW_THEY_STAND) == [("booking.made", 1, "sending", event)]


async def test_a_move_after_the_first_word_is_told_after_it(database: Database) -> None:
    booking = await given_booking(database)
    [first] = await claimed(database)

    await moved(database, booking)
    nothing = await claimed(database)
    await settled(database, first, Done("C0SALES", "1.1"))
    [second] = await claimed(database)

    assert nothing == ()
    assert second.kind is EventKind.BOOKING_MOVED


async def test_two_moves_on_their_way_are_told_once_and_a_cancellation_silences_them_only(
    database: Database,
) -> None:
    booking = await given_booking(database)
    [first] = await claimed(database)
    await settled(database, first, Done("C0SALES", "1.1"))
    await moved(database, booking, 1)
    await moved(database, booking, 2)

    await cancelled(database, booking)

    [told] = await claimed(database)
    assert told.kind is EventKind.BOOKING_CANCELLED
    found = await database.read(rows, HOW_THEY_STAND)
    assert [(kind, version, state) for kind, version, state, _ in found] == [
        ("booking.made", 1, "done"),
        ("booking.moved", 1, "overtaken"),
        ("booking.cancelled", 1, "sending"),
    ]


async def test_what_may_have_been_sent_is_not_overtaken(database: Database) -> None:
    booking = await given_booking(database)
    [first] = await claimed(database)
    await settled(database, first, Unsure("TimeoutError"))

    await cancelled(database, booking)

    found = await database.read(rows, HOW_THEY_STAND)
    assert [(kind, state) for kind, _, state, _ in found] == [
        ("booking.made", "unsure"),
        ("booking.cancelled", "ready"),
    ]


async def test_a_worker_and_a_cancellation_at_once_agree_on_what_is_told(
    database: Database,
) -> None:
    """Either the first word was claimed and the cancellation follows it, or neither is told."""
    await given_calendar(database)
    bookings = []
    for number in range(8):
        link = await given_link(database, channel_id=f"C0SIDE{number}")
        start = NOW.replace(day=7, hour=9) + number * timedelta(minutes=30)
        bookings.append(
            (await when_booked(database, link, start=start, everybody=False)).booking_id
        )

    await all_of([*(cancelled(database, one) for one in bookings), claimed(database)])

    found = await database.read(
        rows,
        "SELECT subject_id, delivery.state FROM delivery JOIN event ON event.id = event_id"
        " ORDER BY subject_id, delivery.id",
    )
    stands = {one: [state for booking, state in found if booking == one] for one in bookings}
    assert all(states in (["overtaken"], ["sending", "ready"]) for states in stands.values())
