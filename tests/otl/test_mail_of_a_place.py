"""A meeting gets another place: a mail with it to contact and host, once, and calendars follow."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.bookings.change_place import change_place
from scheduling.bookings.details import booking_by_id
from scheduling.database import Database
from scheduling.database.models import Booking
from scheduling.links.permissions import Actor
from scheduling.places import Place, PlaceKind
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.given import SAM, given_calendar
from tests.otl.mailing import JANE, SAM_S, booked, mailing, until_all

ROOM = Place(PlaceKind.URL, "https://meet.example/new")


def appointment_of(session: Session, booking_id: int) -> int:
    return session.scalars(select(Booking.appointment_id).where(Booking.id == booking_id)).one()


async def moves(database: Database, booking_id: int) -> None:
    await database.write(
        change_place,
        appointment_id=await database.read(appointment_of, booking_id),
        place=ROOM,
        actor=Actor(SAM, is_admin=False),
        now=datetime.now(UTC),
    )


def read(server: MailServer) -> list[tuple[str, EmailMessage]]:
    """Return what was sent, with to whom."""
    return [
        (taken.recipient, message_from_bytes(taken.content, policy=policy.default))
        for taken in server.taken
    ]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def event_of(message: EmailMessage) -> dict[str, str]:
    """Return the meeting in a mail's invitation, as a calendar reads it."""
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"][:1]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return {name: str(event.get(name)) for name in ("UID", "SEQUENCE", "LOCATION", "CONFERENCE")}


async def test_contact_and_host_are_sent_the_new_place_for_the_meeting_they_hold(
    database: Database,
) -> None:
    await given_calendar(database, place=Place(PlaceKind.HOST_ROOM))
    async with running_mail_server() as server, mailing(database, server.address):
        booking_id = await booked(database)
        await until_all(database)

        await moves(database, booking_id)
        await until_all(database, number=4)

        sent = read(server)
    assert sorted(to for to, _ in sent) == sorted([JANE, SAM_S] * 2)
    details = await database.read(booking_by_id, booking_id=booking_id)
    for to, uid in ((JANE, details.uid), (SAM_S, details.appointment_uid)):
        first, second = (message for recipient, message in sent if recipient == to)
        assert event_of(first)["SEQUENCE"] == "0"
        assert event_of(second) == {
            "UID": event_of(first)["UID"],
            "SEQUENCE": "1",
            "LOCATION": ROOM.text,
            "CONFERENCE": ROOM.text,
        }
        assert event_of(second)["UID"].startswith(uid)
        assert str(second["Subject"]).startswith("New place: ")
        assert ROOM.text in text_of(second)
        assert ROOM.text not in text_of(first)


async def test_a_place_given_before_the_confirmation_went_out_is_in_it(
    sqlite_database: Database,
) -> None:
    await given_calendar(sqlite_database, place=Place(PlaceKind.HOST_ROOM))
    async with running_mail_server() as server:
        async with mailing(sqlite_database, server.address):
            pass  # there is mail from now on, and nobody carries it yet
        booking_id = await booked(sqlite_database)
        await moves(sqlite_database, booking_id)

        async with mailing(sqlite_database, server.address):
            await until_all(sqlite_database)

        sent = read(server)
    assert sorted(to for to, _ in sent) == [JANE, SAM_S]
    for _, message in sent:
        assert ROOM.text in text_of(message)
        assert event_of(message)["SEQUENCE"] == "1"
