"""Delivers by mail: to the contact or a host, once, and says what became of it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.messages import compose
from booking_web.mail.outcomes import outcome_of
from booking_web.mail.readers import Reader
from booking_web.mail.smtp import MailTrouble, SmtpServer, hand_over, try_sender
from booking_web.mail.words import News
from scheduling.bookings.changes import Change, change_of
from scheduling.bookings.details import (
    BookingDetails,
    booking_by_id,
    booking_in_class_left,
)
from scheduling.calendars.find import host_by_id
from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.events.deliveries import Delivery, Done, NotSent, Outcome, Refused
from scheduling.events.destinations import CONTACT, FORMER, GUEST, HOST, MAIL
from scheduling.events.kinds import EventKind
from scheduling.events.mail_refusals import NOBODY, TOO_LATE
from scheduling.failpoints import failpoint
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring

NEWS: Final = {
    EventKind.BOOKING_MOVED: News.MOVED,
    EventKind.BOOKING_PLACE_CHANGED: News.NEW_PLACE,
}
"""What it tells of an event; of each other one, that the meeting stands."""

DATABASE_UNAVAILABLE: Final = "database unavailable"


class MailDeliverer:
    """A `Deliverer`: see there.

    A mail that may have arrived cannot be looked up. It is sent again as the same mail, with its
    Message-ID and the invitation's UID and SEQUENCE, so that a second one folds into the first.
    """

    seconds_between = 0.0

    def __init__(
        self,
        *,
        database: Database,
        server: SmtpServer,
        sender: Mailbox,
        urls: PublicUrls,
        keyring: Keyring,
    ) -> None:
        self._database = database
        self._server = server
        self._sender = sender
        self._urls = urls
        self._keyring = keyring

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send it; what it says is how things are now."""
        change = change_of(delivery)
        try:
            booking = await self._booking(delivery, change)
            reader = await self._reader(booking, delivery.recipient, change)
        except DatabaseUnavailable:
            return NotSent(DATABASE_UNAVAILABLE)
        now = datetime.now(UTC)
        if reader is None:
            return Refused(NOBODY)
        if booking.ends_at <= now:
            return Refused(TOO_LATE)
        message = self._compose(booking, reader, delivery, change, now)
        failpoint("before_mail")
        try:
            await hand_over(
                self._server,
                message,
                sender=self._sender.email,
                recipient=reader.mailbox.email,
            )
        except MailTrouble as trouble:
            return outcome_of(trouble)
        failpoint("mailed")
        return Done(MAIL, delivery.notification_id)

    async def accepts(self) -> bool:
        """Tell whether the server takes us and our sender."""
        try:
            await try_sender(self._server, sender=self._sender.email)
        except MailTrouble:
            return False
        return True

    def clock(self) -> tuple[datetime, datetime]:
        """Return our own clock: there is none to look anything up by."""
        now = datetime.now(UTC)
        return now, now

    async def _booking(self, delivery: Delivery, change: Change | None) -> BookingDetails:
        """Return what the mail is about: for the host of a class that ended, that class."""
        if change is not None and change.class_left and delivery.recipient.startswith(HOST):
            left = await self._database.read(
                booking_in_class_left,
                booking_id=delivery.subject_id,
                appointment_id=change.class_left,
            )
            if left.meeting_is_over:
                return left
        return await self._database.read(booking_by_id, booking_id=delivery.subject_id)

    async def _reader(
        self, booking: BookingDetails, recipient: str, change: Change | None
    ) -> Reader | None:
        """Return who reads it; None: there is nobody, or no address."""
        if recipient == CONTACT:
            return Reader.contact(booking) if booking.booker.email else None
        if recipient == FORMER:
            former = booking.former_email
            return Reader.contact(booking, email=former) if former else None
        if change is not None and recipient in change.left:
            host_id = int(recipient.removeprefix(HOST))
            host = await self._database.read(host_by_id, host_id=host_id)
            return Reader.host(booking, host) if host.email else None
        for guest in booking.guests:
            if recipient == f"{GUEST}{guest.id}":
                return Reader.guest(booking, email=guest.email)
        for host in booking.hosts:
            if recipient == f"{HOST}{host.id}" and host.email:
                return Reader.host(booking, host)
        return None

    def _compose(
        self,
        booking: BookingDetails,
        reader: Reader,
        delivery: Delivery,
        change: Change | None,
        now: datetime,
    ) -> EmailMessage:
        return compose(
            booking,
            reader,
            sender=self._sender,
            urls=self._urls,
            keyring=self._keyring,
            notification_id=delivery.notification_id,
            news=_news(booking, delivery, change),
            change=change,
            now=now,
        )


def _news(booking: BookingDetails, delivery: Delivery, change: Change | None) -> News:
    """Return what it tells: how things are now, whatever has happened since it was queued."""
    if delivery.recipient == FORMER:
        return News.WITHDRAWN
    of_host = delivery.recipient.startswith(HOST)
    if change is not None and delivery.recipient in change.left:
        return News.WITHDRAWN
    if booking.meeting_is_over or (not of_host and booking.cancelled_at is not None):
        return News.CANCELLED
    if change is not None and of_host and change.is_new_to(delivery.recipient):
        return News.BOOKED
    return NEWS.get(delivery.kind, News.BOOKED)
