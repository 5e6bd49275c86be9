"""What people read when a meeting was moved or cancelled: in the card's thread, and privately."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.messages.booked_for_you import booked_for_you
from bot.messages.message import Message, context, joined, quote, section
from bot.text import bookings
from bot.text import changes as words
from bot.text.mrkdwn import escape
from scheduling.bookings.changes import Change
from scheduling.bookings.details import BookingDetails


def changed_in_thread(booking: BookingDetails, change: Change, *, reroute: str = "") -> Message:
    """Tell the channel. Never an address, a note or a reason."""
    if change.before is not None:
        text = words.moved_in_thread(booking, before=change.before, actor=change.actor)
    else:
        text = words.cancelled_in_thread(booking, actor=change.actor)
    if not reroute:
        return Message(text=text)
    # Out of its thread it must say what it is about.
    news = f"{escape(booking.calendar.name)}, {escape(booking.booker.name)}: {text}"
    return Message(text=joined([news, reroute]), blocks=(section(news), context(reroute)))


def changed_for_you(
    booking: BookingDetails,
    change: Change,
    *,
    now: datetime,
    reader: str | None,
    recipient: str,
    reroutes: Sequence[str] = (),
) -> Message:
    """Tell a host or the issuer, with the reason that was given.

    Args:
        reader: Slack user id of whom it is meant for; None: it was rerouted to somebody else.
        recipient: their part in the meeting.
        reroutes: why somebody else is not told, and this reader instead.
    """
    if recipient in change.joined:
        return booked_for_you(
            booking, now=now, reader=reader, reroutes=[words.yours_now(), *reroutes]
        )
    if change.before is not None:
        news, bold = (
            words.moved(booking, actor=change.actor, bold=is_bold) for is_bold in (False, True)
        )
        facts = words.moved_when(booking, before=change.before)
    else:
        news, bold = (
            words.cancelled(booking, actor=change.actor, bold=is_bold) for is_bold in (False, True)
        )
        facts = words.free_again(booking)
    if recipient in change.left:
        facts = words.not_yours(booking)
    link = bookings.by_which_link(booking, now)
    blocks: list[Block] = [section(f"{bold}\n{facts}")]
    if booking.reason:
        blocks.append(quote(booking.reason))
    blocks.append(context(link, *reroutes))
    reason = [escape(booking.reason, 500)] if booking.reason else []
    return Message(
        text=joined([news, facts.replace("*", ""), *reason, link, *reroutes]), blocks=tuple(blocks)
    )
