"""What the channel reads when a contact has booked. Never an address or a note."""

from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.messages.message import Message, button, context, joined, section
from bot.text import buttons
from bot.text import notices as words
from bot.text.changes import cancelled_on_card
from scheduling.bookings.details import BookingDetails

DETAILS: Final = "booking_details"
ISSUE_ANOTHER: Final = "issue_another"
SHOW_STATUS: Final = "show_status"


def link_used(booking: BookingDetails, *, now: datetime, reroute: str = "") -> Message:
    """Tell that a link was used.

    Args:
        reroute: why it came here and not to its channel; "" in the channel.
    """
    when, link = words.used_when(booking), words.used_link(booking, now)
    cancelled = cancelled_on_card(booking)
    blocks: list[Block] = [
        section("\n".join(filter(None, [words.used(booking, bold=True), when, cancelled]))),
        context(link, reroute),
        ActionsBlock(
            elements=[
                button(buttons.DETAILS, action_id=DETAILS, value=booking.link_public_id),
                button(buttons.ISSUE_ANOTHER, action_id=ISSUE_ANOTHER, value=booking.calendar.slug),
                button(buttons.STATUS, action_id=SHOW_STATUS, value=booking.link_public_id),
            ]
        ),
    ]
    return Message(
        text=joined([words.used(booking, bold=False), when, cancelled, link, reroute]),
        blocks=tuple(blocks),
    )
