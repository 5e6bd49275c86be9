"""What a host, and whoever issued the link, read privately when a contact has booked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, OverflowMenuElement

from bot.messages.mail import mail_menu
from bot.messages.message import TEXT_LIMIT, Message, context, joined, quote, section
from bot.messages.places import place_of
from bot.text import bookings as words
from bot.text.changes import cancelled_on_card
from bot.text.mrkdwn import escape
from bot.text.places import place
from scheduling.bookings.details import BookingDetails
from scheduling.contacts import NOTES_LENGTH

MOST_OF_ONE: Final = 5
"""So many characters one becomes at the most when it is escaped: `&amp;`."""


def booked_for_you(
    booking: BookingDetails,
    *,
    now: datetime,
    reader: str | None,
    reroutes: Sequence[str] = (),
) -> Message:
    """Tell everything: address and note too.

    Args:
        reader: Slack user id of whom it is meant for; None: it was rerouted to somebody else.
        reroutes: why somebody or the channel is not told, and this reader instead.
    """
    blocks = details_of(
        booking,
        reader=reader,
        is_host=_hosts(booking, reader),
        more=mail_menu(booking, reader=reader),
    )
    link = words.by_which_link(booking, now)
    parts = [
        words.booked(booking, bold=False),
        words.when(booking, reader=reader, bold=False),
        cancelled_on_card(booking),
        place(booking.place, phone=booking.booker.phone),
        words.address(booking),
        words.guests(booking),
        link,
        *reroutes,
    ]
    text = joined(part for part in parts if part)
    note = _fitting(booking.booker.notes, TEXT_LIMIT - len(text) - 1)
    return Message(
        text=f"{text}\n{note}" if note else text,
        blocks=(*blocks, context(link, *reroutes)),
    )


def details(booking: BookingDetails, *, now: datetime, reader: str | None = None) -> Message:
    """Show all of a booking to somebody who may read it; reader: their Slack user id."""
    link = words.by_which_link(booking, now)
    facts = [
        words.booked(booking, bold=False),
        words.when(booking, reader=None, bold=False),
        cancelled_on_card(booking),
        place(booking.place, phone=booking.booker.phone),
    ]
    return Message(
        text=joined(
            fact for fact in [*facts, words.address(booking), words.guests(booking), link] if fact
        ),
        blocks=(
            *details_of(
                booking,
                reader=None,
                is_host=_hosts(booking, reader),
                more=mail_menu(booking, reader=reader),
            ),
            context(link),
        ),
    )


def _hosts(booking: BookingDetails, reader: str | None) -> bool:
    """Tell whether it is theirs to say where it takes place."""
    if booking.cancelled_at is not None:
        return False
    return reader in {host.slack_user_id for host in booking.hosts}


def _fitting(note: str, room: int) -> str:
    """Return the note escaped, whole if it fits."""
    whole = escape(note, NOTES_LENGTH)
    return whole if len(whole) <= room else escape(note, room // MOST_OF_ONE)


def details_of(
    booking: BookingDetails,
    *,
    reader: str | None,
    is_host: bool = False,
    more: OverflowMenuElement | None = None,
) -> list[Block]:
    """Return who, what, when, where, the address and the note in full.

    Args:
        more: what the reader may do besides.
    """
    facts = (
        words.booked(booking, bold=True),
        words.when(booking, reader=reader, bold=True),
        cancelled_on_card(booking),
        words.address(booking),
    )
    blocks: list[Block] = [section("\n".join(fact for fact in facts if fact), more)]
    if guests := words.guests(booking):
        blocks.append(section(guests))
    blocks += place_of(
        booking.place,
        phone=booking.booker.phone,
        appointment_id=booking.appointment_id,
        is_host=is_host,
    )
    if booking.booker.notes:
        blocks.append(quote(booking.booker.notes))
    return blocks
