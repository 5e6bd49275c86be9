"""A meeting that stands gets another place: everybody concerned is told once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduling.bookings.change_place import (
    PlaceChanged,
    change_place,
    count_in_own_room,
    use_own_room,
)
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.calendars.own_settings import own_settings, save_own_settings
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.database.models import EventRow
from scheduling.errors import MeetingOver, NotYourMeeting
from scheduling.events.kinds import EventKind
from scheduling.links.permissions import Actor
from scheduling.places import Place, PlaceKind
from scheduling.workspaces import set_mail_sender
from tests.given import ANA, KIM, MONDAY_NINE, NOW, SAM, given_calendar, given_link, when_booked
from tests.stored import rows

ROOM, OTHER = "https://meet.example/sam", "https://meet.example/new"
HOST_ROOM = Place(PlaceKind.HOST_ROOM)
HOST = Actor(SAM, is_admin=False)
HALL = Place(PlaceKind.TEXT, "In the hall")


async def with_mail(database: Database) -> None:
    await database.write(set_mail_sender, workspace_id=1, address="otl@example.com")


async def changed(
    database: Database,
    place: Place = HALL,
    *,
    by: Actor = HOST,
    now: datetime = NOW,
) -> PlaceChanged:
    return await database.write(change_place, appointment_id=1, place=place, actor=by, now=now)


async def has_room(database: Database, url: str | None, *, user_id: str = SAM) -> None:
    await database.write(
        save_own_settings, workspace_id=1, user_id=user_id, room_url=url, email=None, zone=None
    )


async def in_other_rooms(database: Database, user_id: str = SAM, *, now: datetime = NOW) -> int:
    return await database.read(count_in_own_room, user_id=user_id, now=now)


async def all_use_it(database: Database, user_id: str = SAM) -> PlaceChanged:
    return await database.write(use_own_room, user_id=user_id, now=NOW)


async def booking(database: Database, id_: int = 1) -> BookingDetails:
    return await database.read(booking_by_id, booking_id=id_)


def told_of_it(session: Session) -> list[tuple[Any, ...]]:
    """Return who is sent anything for a changed place: destination and part."""
    return list(
        rows(
            session,
            "SELECT destination, recipient FROM delivery JOIN event ON event.id = event_id"
            " WHERE kind = 'booking.place_changed' ORDER BY delivery.id",
        )
    )


def edited(session: Session) -> list[str]:
    """Return whose message about a booking is to be shown anew."""
    found = rows(session, "SELECT recipient FROM delivery WHERE wanted > 1 ORDER BY recipient")
    return [recipient for (recipient,) in found]


async def test_the_contact_is_told_and_private_messages_show_it(database: Database) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await with_mail(database)
    await when_booked(database, await given_link(database, issued_by=ANA))
    await everything_arrives(database)

    done = await changed(database)

    details = await booking(database)
    assert done == PlaceChanged(1, ("Jane Doe",), by_mail=True)
    assert (details.place, details.sequence, details.appointment_sequence) == (HALL, 1, 1)
    assert await database.read(told_of_it) == [("mail", "contact"), ("mail", "host:1")]
    assert await database.read(edited) == ["host:1", "issuer"]
    assert await database.read(events) == [(SAM, {"place": "text"})]


async def everything_arrives(database: Database) -> None:
    await database.write(
        rows_changed,
        "UPDATE delivery SET state = 'done', shown = 1, closed_at = created_at,"
        " receipt_place = 'D1', receipt_id = '1.5'",
    )


def rows_changed(session: Session, statement: str) -> None:
    session.execute(text(statement))


def events(session: Session) -> list[tuple[Any, ...]]:
    """Return who changed a place, and what is written down of it."""
    found = session.scalars(
        select(EventRow).where(EventRow.kind == EventKind.BOOKING_PLACE_CHANGED)
    )
    return [(event.actor, event.details) for event in found]


async def test_news_that_is_not_sent_yet_tells_the_new_place_and_nobody_is_told_twice(
    database: Database,
) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await with_mail(database)
    await when_booked(database, await given_link(database))

    await changed(database)

    assert await database.read(told_of_it) == []


async def test_done_again_it_changes_and_tells_nothing(database: Database) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await when_booked(database, await given_link(database))

    answers = await asyncio.gather(*(changed(database) for _ in range(3)))

    assert sorted(answer.meetings for answer in answers) == [0, 0, 1]
    assert (await booking(database)).sequence == 1
    assert len(await database.read(rows, "SELECT 1 FROM event WHERE kind LIKE '%place%'")) == 1


async def test_each_further_place_is_told_of_again(database: Database) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await with_mail(database)
    await when_booked(database, await given_link(database))

    for number in range(3):
        await everything_arrives(database)
        await changed(database, Place(PlaceKind.TEXT, f"Room {number}"))

    assert (await booking(database)).sequence == 3
    assert await database.read(
        rows, "SELECT version FROM event WHERE kind = 'booking.place_changed' ORDER BY version"
    ) == [(1,), (2,), (3,)]


async def test_without_mail_it_says_that_the_contact_is_not_written_to(
    database: Database,
) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await when_booked(database, await given_link(database))

    assert (await changed(database)).by_mail is False


async def test_everybody_in_a_class_is_told_and_its_host_has_one_message(
    database: Database,
) -> None:
    await given_calendar(database, type=CalendarType.CLASS, seats=3, place=HOST_ROOM)
    await with_mail(database)
    for _ in range(2):
        await when_booked(database, await given_link(database))
    await everything_arrives(database)

    done = await changed(database)

    assert (done.meetings, len(done.contacts)) == (1, 2)
    assert (await booking(database, 2)).sequence == 1
    told = await database.read(told_of_it)
    assert sorted(told) == [("mail", "contact"), ("mail", "contact"), ("mail", "host:1")]
    assert await database.read(edited) == ["host:1"]


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        pytest.param(Actor(SAM, is_admin=False), True, id="host"),
        pytest.param(Actor(KIM, is_admin=False), True, id="owner"),
        pytest.param(Actor("U0ADMIN", is_admin=True), True, id="admin"),
        pytest.param(Actor(ANA, is_admin=False), False, id="issuer"),
        pytest.param(Actor("U0OTHER", is_admin=False), False, id="somebody else"),
    ],
)
async def test_hosts_owner_and_admins_say_where_it_is(
    database: Database, actor: Actor, *, allowed: bool
) -> None:
    await given_calendar(database, owner=KIM, place=HOST_ROOM)
    await when_booked(database, await given_link(database, issued_by=ANA))

    if allowed:
        assert (await changed(database, by=actor)).meetings == 1
        return
    with pytest.raises(NotYourMeeting) as refused:
        await changed(database, by=actor)

    assert (refused.value.hosts, refused.value.calendar_owner) == ((SAM,), KIM)
    assert (await booking(database)).place == HOST_ROOM


async def test_a_meeting_that_is_over_keeps_its_place(database: Database) -> None:
    await given_calendar(database)
    await when_booked(database, await given_link(database))
    end = MONDAY_NINE + timedelta(minutes=30)

    with pytest.raises(MeetingOver):
        await changed(database, now=end)
    with pytest.raises(MeetingOver):
        await database.write(
            change_place, appointment_id=99, place=HALL, actor=Actor(SAM, is_admin=True), now=NOW
        )

    assert (await changed(database, now=end - timedelta(minutes=1))).meetings == 1


async def test_a_new_room_is_used_for_coming_meetings_of_the_host_that_are_in_a_room(
    database: Database,
) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await when_booked(database, await given_link(database))  # it has no room yet
    await has_room(database, ROOM)
    await when_booked(database, await given_link(database), start=MONDAY_NINE + timedelta(hours=1))
    await given_calendar(database, place=HALL)
    await when_booked(database, await given_link(database), start=MONDAY_NINE + timedelta(hours=2))
    await given_calendar(database, slug="anas", hosts=(ANA,), place=HOST_ROOM)
    await when_booked(database, await given_link(database, calendar="anas"))
    assert await in_other_rooms(database) == 1

    await has_room(database, OTHER)
    number = await in_other_rooms(database)
    late = await in_other_rooms(database, now=MONDAY_NINE)
    done = await all_use_it(database)

    assert (number, late, done.meetings) == (2, 1, 2)
    assert [(await booking(database, id_)).place for id_ in (1, 2, 3, 4)] == [
        Place(PlaceKind.HOST_ROOM, OTHER),
        Place(PlaceKind.HOST_ROOM, OTHER),
        HALL,
        HOST_ROOM,
    ]
    assert [(await booking(database, id_)).sequence for id_ in (1, 2, 3, 4)] == [1, 1, 0, 0]
    assert await in_other_rooms(database) == 0
    assert (await all_use_it(database)).meetings == 0


async def test_a_place_that_a_host_gave_one_meeting_is_not_their_room(database: Database) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await when_booked(database, await given_link(database))
    await changed(database, Place(PlaceKind.URL, ROOM))

    await has_room(database, OTHER)

    assert await in_other_rooms(database) == 0


async def test_of_hosts_who_meet_together_only_whose_room_it_is_moves_it(
    database: Database,
) -> None:
    await given_calendar(
        database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA), owner=SAM, place=HOST_ROOM
    )
    await has_room(database, "https://meet.example/ana", user_id=ANA)
    await has_room(database, ROOM)
    await when_booked(database, await given_link(database))

    await has_room(database, "https://meet.example/ana-2", user_id=ANA)
    of_ana = await in_other_rooms(database, ANA)
    await has_room(database, OTHER)
    of_sam = await in_other_rooms(database, SAM)

    assert (of_ana, of_sam) == (0, 1)


async def test_whoever_takes_their_room_away_is_asked_nothing(database: Database) -> None:
    await given_calendar(database, place=HOST_ROOM)
    await has_room(database, ROOM)
    await when_booked(database, await given_link(database))

    await has_room(database, None)

    assert await in_other_rooms(database) == 0
    assert (await booking(database)).place == Place(PlaceKind.HOST_ROOM, ROOM)


async def test_what_a_person_says_of_themselves_wins_over_what_slack_says(
    database: Database,
) -> None:
    await given_calendar(database)
    await database.write(
        save_own_settings,
        workspace_id=1,
        user_id=SAM,
        room_url=ROOM,
        email="sam@home.example",
        zone="Asia/Tokyo",
    )

    calendar = await given_calendar(database, duration=timedelta(hours=1))  # Slack is asked again

    [sam] = calendar.hosts
    assert (sam.email, sam.zone, sam.room_url) == ("sam@home.example", "Asia/Tokyo", ROOM)
    settings = await database.read(own_settings, workspace_id=1, user_id=SAM)
    assert (settings.slack_email, settings.slack_zone) == ("sam@example.com", "Europe/Berlin")
    assert settings.hosts


async def test_what_somebody_says_before_they_host_holds_when_they_do(database: Database) -> None:
    await given_calendar(database, hosts=(ANA,))
    await has_room(database, ROOM)
    before = await database.read(own_settings, workspace_id=1, user_id=SAM)

    calendar = await given_calendar(database, hosts=(SAM,))

    assert (before.hosts, before.room_url) == (False, ROOM)
    assert [(host.name, host.room_url) for host in calendar.hosts] == [("Sam Rivera", ROOM)]
