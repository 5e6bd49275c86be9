"""What a delivery says: words are made when it is sent, and tell how it is then."""

from datetime import UTC, datetime

from bot.messages.booked_for_you import booked_for_you
from bot.messages.class_booked import class_booked
from bot.messages.host_left import MOST_MEETINGS, host_left
from bot.messages.link_regenerated import link_regenerated
from bot.messages.link_used import link_used
from bot.messages.mail import contact_unreached, host_unreached
from bot.messages.meeting_changed import changed_for_you, changed_in_thread
from bot.messages.message import Message
from bot.text import notices
from scheduling.bookings.changes import Change, change_of
from scheduling.bookings.classes import class_by_id
from scheduling.bookings.details import booking_by_id, card_of_booking
from scheduling.calendars.leaving import departure
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Receipt
from scheduling.events.destinations import CHANNEL, ISSUER, OF_HOSTS, THREAD
from scheduling.events.folding import Folded, folded_into
from scheduling.events.kinds import EventKind
from scheduling.events.parties import MEETING
from scheduling.links.details import link_by_id


async def message_of(delivery: Delivery, database: Database) -> Message:
    """Return what is sent.

    Raises:
        DatabaseUnavailable: it cannot be told now.
    """
    now = datetime.now(UTC)
    if delivery.kind is EventKind.BOOKING_MAIL_REFUSED:
        return await _mail_refused(delivery, database, now)
    if delivery.kind in OF_HOSTS:
        left = await database.read(
            departure,
            resource_id=delivery.subject_id,
            reader=delivery.route[0],
            now=now,
            limit=MOST_MEETINGS,
        )
        return host_left(left)
    change = change_of(delivery)
    if change is not None and delivery.card is None:
        return await _change(delivery, change, database, now)
    if delivery.kind.subject == "link":
        link = await database.read(link_by_id, link_id=delivery.subject_id, now=now)
        return link_regenerated(link, reroute=_why_here(delivery))
    return await _booked(delivery, database, now)


async def _booked(delivery: Delivery, database: Database, now: datetime) -> Message:
    if delivery.recipient == CHANNEL:
        booking = await database.read(booking_by_id, booking_id=delivery.subject_id)
        return link_used(booking, now=now, reroute=_why_here(delivery))
    folded = await database.read(folded_into, delivery=delivery)
    reader = delivery.route[0] if delivery.place == 0 else None
    reasons = tuple(dict.fromkeys([_why_here(delivery), *map(_not_told, folded)]))
    if delivery.card is not None:
        meeting_id = int(delivery.card.removeprefix(MEETING))
        meeting = await database.read(class_by_id, appointment_id=meeting_id, actor=None)
        return class_booked(meeting, reader=reader, reroutes=reasons)
    booking = await database.read(booking_by_id, booking_id=delivery.subject_id)
    return booked_for_you(booking, now=now, reader=reader, reroutes=reasons)


async def _mail_refused(delivery: Delivery, database: Database, now: datetime) -> Message:
    booking = await database.read(booking_by_id, booking_id=delivery.subject_id)
    reason = str((delivery.details or {}).get("reason", ""))
    reroute = _why_here(delivery)
    if delivery.recipient == ISSUER:
        return contact_unreached(booking, reason=reason, now=now, reroute=reroute)
    return host_unreached(booking, delivery.route[0], reason=reason, now=now, reroute=reroute)


async def card_of(delivery: Delivery, database: Database) -> Receipt | None:
    """Return the card that a delivery replies to; None: it stands for itself.

    Raises:
        DatabaseUnavailable: it cannot be told now.
    """
    if delivery.recipient != THREAD:
        return None
    return await database.read(card_of_booking, booking_id=delivery.subject_id)


async def _change(delivery: Delivery, change: Change, database: Database, now: datetime) -> Message:
    booking = await database.read(booking_by_id, booking_id=delivery.subject_id)
    if delivery.recipient == THREAD:
        return changed_in_thread(booking, change, reroute=_why_here(delivery))
    folded = await database.read(folded_into, delivery=delivery)
    reasons = tuple(dict.fromkeys([_why_here(delivery), *map(_not_told, folded)]))
    reader = delivery.route[0] if delivery.place == 0 else None
    return changed_for_you(
        booking,
        change,
        now=now,
        reader=reader,
        recipient=delivery.recipient,
        reroutes=reasons,
    )


def _not_told(folded: Folded) -> str:
    if folded.recipient in {CHANNEL, THREAD}:
        channel = folded.refusal.conversation or folded.route[0]
        return notices.rerouted(channel, folded.refusal.reason)
    return notices.person_unreachable(folded.route[0], is_issuer=folded.recipient == ISSUER)


def _why_here(delivery: Delivery) -> str:
    """Return why it comes here and not where it was meant for; "" where it was."""
    if delivery.place == 0:
        return ""
    refusal = delivery.refusal
    if delivery.recipient not in {CHANNEL, THREAD}:
        return notices.person_unreachable(delivery.route[0], is_issuer=delivery.recipient == ISSUER)
    # The calendar may have another channel by now: what refused is kept with the delivery.
    channel = (refusal.conversation if refusal else None) or delivery.route[0]
    reason = refusal.reason if refusal and delivery.place == 1 else None
    return notices.rerouted(channel, reason)
