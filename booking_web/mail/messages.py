"""What each mail is: a booking and its reader → a message that can be sent."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from booking_web.mail.invitations import enclosed
from booking_web.mail.mailbox import Mailbox, header_text
from booking_web.mail.readers import Part, Reader
from booking_web.mail.words import MeetingWords, News, answered_by, render, sentences, words_for
from scheduling.bookings.changes import Change
from scheduling.bookings.details import BookingDetails
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring, Purpose

FILE_NAME: Final = "invite.ics"
MOST_NAMED: Final = 2  # hosts in the name of who writes


def compose(
    booking: BookingDetails,
    reader: Reader,
    *,
    sender: Mailbox,
    urls: PublicUrls,
    keyring: Keyring,
    notification_id: str,
    now: datetime,
    news: News = News.BOOKED,
    change: Change | None = None,
) -> EmailMessage:
    """Tell a reader of the meeting, with what puts it into their calendar or takes it out again.

    Sent twice, it has the same Message-ID, UID and SEQUENCE, so that programs fold it into one.

    Args:
        sender: OTL_MAIL_FROM; the invitation's organizer too.
        change: what the news tells of its time, None where nothing.
        notification_id: of the delivery; the Message-ID follows from it.
    """
    words = words_for(
        booking,
        reader,
        news=news,
        page=urls.booking(keyring.token(Purpose.BOOKING, booking.secret)),
        now=now,
        change=change,
    )
    sender = Mailbox(sender.name or _who_writes(words), sender.email)
    method, file = enclosed(booking, reader, words, sender=sender, now=now)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.header
    message["To"] = reader.mailbox.header
    if others := answered_by(booking, reader):
        message["Reply-To"] = [one.header for one in others]
    message["Subject"] = header_text(sentences(words).subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notification_id}@{sender.domain}>"
    # RFC 3834 §5, and the same for Exchange: no vacation notice comes back.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(render("message.txt", words), cte="quoted-printable")
    message.add_alternative(render("message.html", words), subtype="html", cte="quoted-printable")
    # RFC 6047 §2.4: the method stands in the part's header as in the file.
    message.add_alternative(
        file, maintype="text", subtype="calendar", params={"charset": "utf-8", "method": method}
    )
    # For programs that look at what is attached alone. As application/ics, so that those which
    # read the part above do not find a second invitation.
    message.add_attachment(
        file,
        maintype="application",
        subtype="ics",
        filename=FILE_NAME,
        params={"name": FILE_NAME},
    )
    return message


def _who_writes(words: MeetingWords) -> str:
    """Return who a mail comes from where OTL_MAIL_FROM has no name: whom its reader knows."""
    if words.part is Part.HOST or not 0 < len(words.hosts) <= MOST_NAMED:
        return words.calendar
    return " & ".join(words.hosts)
