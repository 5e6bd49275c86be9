"""Where a meeting is, as it is frozen when it is booked."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.places import Place, PlaceKind
from tests.given import ANA, KIM, MONDAY_NINE, SAM, given_calendar, given_link, when_booked

ROOMS = {SAM: "https://meet.example/sam", ANA: "https://meet.example/ana"}


def has_place(session: Session, kind: str, words: str | None = None) -> None:
    """Give each calendar a place, past every use case."""
    session.execute(
        text("UPDATE calendar SET place_kind = :kind, place_text = :words"),
        {"kind": kind, "words": words},
    )


def have_rooms(session: Session, *people: str) -> None:
    for user_id in people:
        session.execute(
            text("UPDATE resource SET room_url = :room WHERE slack_user_id = :user"),
            {"room": ROOMS[user_id], "user": user_id},
        )


async def booked(database: Database, *, minutes: int = 0) -> BookingDetails:
    start = MONDAY_NINE + timedelta(minutes=minutes)
    made = await when_booked(database, await given_link(database), start=start)
    return await database.read(booking_by_id, booking_id=made.booking_id)


async def test_a_meeting_keeps_the_place_that_it_was_booked_with(database: Database) -> None:
    await given_calendar(database)
    await database.write(has_place, "address", "Main Street 1")
    made = await when_booked(database, await given_link(database))

    await database.write(has_place, "url", "https://meet.example/all")

    details = await database.read(booking_by_id, booking_id=made.booking_id)
    assert details.place == Place(PlaceKind.ADDRESS, "Main Street 1")
    assert details.calendar.place == Place(PlaceKind.URL, "https://meet.example/all")


async def test_a_calendar_that_says_nothing_books_meetings_without_a_place(
    database: Database,
) -> None:
    await given_calendar(database)

    assert (await booked(database)).place is None


@pytest.mark.parametrize(
    ("owner", "with_rooms", "room"),
    [
        pytest.param(ANA, (SAM, ANA), ROOMS[ANA], id="the owner's"),
        pytest.param(SAM, (SAM, ANA), ROOMS[SAM], id="the owner's, who is not the first host"),
        pytest.param(SAM, (ANA,), ROOMS[ANA], id="the owner has none"),
        pytest.param(KIM, (SAM, ANA), ROOMS[ANA], id="the owner is no host: the first host's"),
        pytest.param(SAM, (), "", id="nobody has one"),
    ],
)
async def test_hosts_together_meet_in_one_of_their_rooms(
    database: Database, owner: str, with_rooms: tuple[str, ...], room: str
) -> None:
    await given_calendar(database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA), owner=owner)
    await database.write(has_place, "host-room")
    await database.write(have_rooms, *with_rooms)

    place = (await booked(database)).place

    assert place == Place(PlaceKind.HOST_ROOM, room)
    assert place.is_missing is (room == "")


async def test_a_round_robin_meets_in_the_room_of_whoever_is_assigned(database: Database) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA), owner=ANA)
    await database.write(has_place, "host-room")
    await database.write(have_rooms, SAM, ANA)

    for minutes in (0, 0):
        details = await booked(database, minutes=minutes)
        [host] = details.hosts

        assert details.place == Place(PlaceKind.HOST_ROOM, ROOMS[host.slack_user_id])


async def test_a_meeting_has_one_uid_for_its_hosts_and_each_booking_one_of_its_own(
    database: Database,
) -> None:
    await given_calendar(database, type=CalendarType.CLASS, seats=3)

    one, other = [await booked(database) for _ in range(2)]
    third = await booked(database, minutes=30)

    assert one.appointment_uid == other.appointment_uid
    assert len({one.appointment_uid, third.appointment_uid, one.uid, other.uid, third.uid}) == 5
    assert (one.sequence, one.appointment_sequence) == (0, 0)
