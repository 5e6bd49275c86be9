"""A meeting as calendars exchange it: iCalendar (RFC 5545) with the methods of RFC 5546. Pure."""

from datetime import UTC, datetime
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from scheduling.contacts import NAME_LENGTH, Contact, ascii_email
from scheduling.plain_text import clean

PRODUCT = "-//OTL//One-time booking links//EN"

_SUMMARY_LENGTH = 300
_LOCATION_LENGTH = 500
_DESCRIPTION_LENGTH = 5000
_PAGE_LENGTH = 2000


class Method(StrEnum):
    """What is done with the file (RFC 5546 §1.4)."""

    PUBLISH = "PUBLISH"  # for download: it invites nobody
    REQUEST = "REQUEST"  # a mail that invites its reader
    CANCEL = "CANCEL"  # a mail that takes the meeting out of the reader's calendar


class _Text(vText):
    """TEXT by RFC 5545 §3.3.11; icalendar would write a typed "\\N" as a line break."""

    def to_ical(self) -> bytes:
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def invitation(
    *,
    uid: str,
    starts_at: datetime,
    ends_at: datetime,
    stamped_at: datetime,
    summary: str,
    description: str,
    page: str = "",
    location: str = "",
    conference: str = "",
    organizer: Contact | None = None,
    attendee: Contact | None = None,
    method: Method = Method.PUBLISH,
    sequence: int = 0,
) -> bytes:
    """Write one meeting as a calendar file.

    Args:
        uid: stays the same through the booking's life, so that a calendar knows the meeting again.
        stamped_at: when the booking was made or last changed.
        description: may have several lines.
        page: address of the booking's page; "" for a reader who must not hold it.
        conference: address of the room on the web where it takes place (RFC 7986 §5.11).
        organizer: left out of the file without a valid address, which the format demands.
        attendee: whoever reads it, the only one. What is published for download has none: RFC 5546
            §3.2.1 forbids it.
        sequence: counts the changes of the meeting; a calendar ignores what is older than it has.
    """
    meeting = Event()
    meeting.add("uid", _Text(clean(uid, limit=255)))
    meeting.add("sequence", sequence)
    meeting.add("dtstamp", stamped_at.astimezone(UTC))
    meeting.add("dtstart", starts_at.astimezone(UTC))
    meeting.add("dtend", ends_at.astimezone(UTC))
    meeting.add("summary", _Text(clean(summary, limit=_SUMMARY_LENGTH)))
    if words := clean(description, limit=_DESCRIPTION_LENGTH, lines=True):
        meeting.add("description", _Text(words))
    if place := clean(location, limit=_LOCATION_LENGTH):
        meeting.add("location", _Text(place))
    if room := clean(conference, limit=_PAGE_LENGTH):
        meeting.add("conference", vUri(room), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    if where := clean(page, limit=_PAGE_LENGTH):
        meeting.add("url", where)
    meeting.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    meeting.add("transp", "OPAQUE")
    if method is not Method.PUBLISH:
        meeting.add("x-microsoft-disallow-counter", "TRUE")  # nobody reads a proposed new time
    if organizer is not None and (address := _address(organizer)) is not None:
        meeting.add("organizer", address)
    if attendee is not None and (invited := _address(attendee)) is not None:
        if method is Method.REQUEST:
            invited.params |= {
                "ROLE": "REQ-PARTICIPANT",
                "PARTSTAT": "NEEDS-ACTION",
                "RSVP": "TRUE",
            }
        meeting.add("attendee", invited)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(meeting)
    return bytes(calendar.to_ical())


def _address(person: Contact) -> vCalAddress | None:
    email = ascii_email(person.email or "")
    if email is None:
        return None
    address = vCalAddress(f"mailto:{email}")
    if name := clean(person.name or "", limit=NAME_LENGTH):
        address.params["CN"] = name
    return address
