"""The calendar file of a meeting for one reader: enclosed in a mail, or published for download."""

from datetime import datetime

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.readers import Part, Reader
from booking_web.mail.words import MeetingWords, render, sentences
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.invitation import Method, invitation
from scheduling.contacts import Contact


def enclosed(
    booking: BookingDetails, reader: Reader, words: MeetingWords, *, sender: Mailbox, now: datetime
) -> tuple[Method, bytes]:
    """Return what is done with the meeting in the reader's calendar, and the file that does it.

    Host and contact hold events of their own, in which nobody but them is invited.
    """
    method = Method.REQUEST if words.stands else Method.CANCEL
    file = _file(
        booking,
        words,
        method=method,
        stamped_at=now,
        organizer=Contact(sender.name, sender.email),
        attendee=Contact(reader.mailbox.name, reader.mailbox.email),
    )
    return method, file


def published(booking: BookingDetails, words: MeetingWords) -> bytes:
    """Return the file that whoever booked can download: the event of their mail, without guests."""
    return _file(booking, words, method=Method.PUBLISH, stamped_at=booking.booked_at)


def _file(
    booking: BookingDetails,
    words: MeetingWords,
    *,
    method: Method,
    stamped_at: datetime,
    organizer: Contact | None = None,
    attendee: Contact | None = None,
) -> bytes:
    of_host = words.part is Part.HOST
    return invitation(
        method=method,
        uid=booking.appointment_uid if of_host else booking.uid,
        sequence=booking.appointment_sequence if of_host else booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        stamped_at=stamped_at,
        summary=sentences(words).title,
        description=render("description.txt", words),
        page=words.page,
        location=words.place_url or words.place,
        conference=words.place_url,
        organizer=organizer,
        attendee=attendee,
    )
