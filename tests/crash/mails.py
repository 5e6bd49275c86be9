"""The mails that contacts and hosts must get, and those that the mail server took."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.crash.checker import Private
from tests.fakes.mail_server import MailServer
from tests.stored import rows


def meant(session: Session) -> tuple[Private, ...]:
    """Read who must be written to: each contact, each host; of a class with its first booking."""
    contacts = rows(
        session,
        "SELECT link.public_id, 'contact', delivery.notification_id FROM booking"
        " JOIN one_time_link AS link ON link.id = booking.link_id"
        " LEFT JOIN event ON event.kind = 'booking.made' AND event.subject_id = booking.id"
        " LEFT JOIN delivery ON delivery.event_id = event.id"
        "  AND delivery.destination = 'mail' AND delivery.recipient = 'contact'",
    )
    hosts = rows(
        session,
        "SELECT link.public_id, 'host:' || occupation.resource_id, delivery.notification_id"
        " FROM booking JOIN one_time_link AS link ON link.id = booking.link_id"
        " JOIN occupation ON occupation.appointment_id = booking.appointment_id"
        " LEFT JOIN event ON event.kind = 'booking.made' AND event.subject_id = booking.id"
        " LEFT JOIN delivery ON delivery.event_id = event.id AND delivery.destination = 'mail'"
        "  AND delivery.recipient = 'host:' || occupation.resource_id"
        " WHERE NOT EXISTS (SELECT 1 FROM booking AS earlier"
        "  WHERE earlier.appointment_id = booking.appointment_id AND earlier.id < booking.id)",
    )
    return tuple(Private(*row) for row in [*contacts, *hosts])


def taken(server: MailServer) -> Mapping[str, Sequence[str]]:
    """Return what the server took: by notification, of each copy what calendars know it by."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in server.taken:
        notification = one.id.removeprefix("<").partition("@")[0]
        found[notification].append(f"{one.recipient} {_identity(one.message)}")
    return found


def _identity(message: EmailMessage) -> str:
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return f"{event['UID']} {event['SEQUENCE']}"
