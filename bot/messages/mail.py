"""Mail that does not reach somebody, and what can be done: tell, send again, send it oneself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    OverflowMenuElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
)

from bot.messages.message import Message, button, context, joined, menu, section
from bot.text import bookings, buttons
from bot.text import mail as words
from bot.text.mrkdwn import escape
from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.send_again import SentAgain

SEND_AGAIN: Final = "send_confirmation_again"
SHOW_TEXT: Final = "show_confirmation_text"
MOST_OF_THE_TEXT: Final = 3000


def contact_unreached(
    booking: BookingDetails, *, reason: str, now: datetime, reroute: str = ""
) -> Message:
    """Tell whoever issued the link that the contact holds no confirmation."""
    offered = [show_text_button(booking), send_again_button(booking)]
    return _unreached(
        booking,
        words.no_mail_reaches_contact(booking, reason),
        reason,
        words.contact_todo(booking),
        offered,
        now=now,
        reroute=reroute,
    )


def host_unreached(
    booking: BookingDetails, user_id: str, *, reason: str, now: datetime, reroute: str = ""
) -> Message:
    """Tell a host that they get no invitations."""
    headline = words.no_invitation_reaches_host(booking, user_id, reason)
    todo = words.HOST_TODO
    return _unreached(booking, headline, reason, todo, [], now=now, reroute=reroute)


def _unreached(
    booking: BookingDetails,
    headline: str,
    reason: str,
    todo: str,
    offered: Sequence[ButtonElement],
    *,
    now: datetime,
    reroute: str,
) -> Message:
    facts = [
        bookings.booked(booking, bold=False),
        bookings.when(booking, reader=None, bold=False),
    ]
    small = [
        bookings.by_which_link(booking, now),
        *(line for line in (words.server_said(reason), reroute) if line),
    ]
    blocks: list[Block] = [
        section(f"*{headline}*\n{todo}"),
        section("\n".join(facts)),
        context(*small),
    ]
    if offered:
        blocks.insert(2, ActionsBlock(elements=list(offered)))
    return Message(text=joined([headline, todo, *facts, *small]), blocks=tuple(blocks))


def sent_again(answer: SentAgain, booking: BookingDetails) -> Message:
    """Say what came of a press on *Send confirmation again*."""
    said = words.sent_again(answer, booking)
    blocks: list[Block] = [section(said)]
    if answer in {SentAgain.NO_MAIL, SentAgain.TOO_OFTEN}:
        blocks.append(ActionsBlock(elements=[show_text_button(booking)]))
    return Message(text=said, blocks=tuple(blocks))


def text_to_send(booking: BookingDetails, *, page: str, now: datetime) -> Message:
    """Show a confirmation to copy to the link's issuer, and nobody else: its address is in it."""
    headline = words.text_to_send(booking)
    text = words.confirmation(booking, page=page, now=now)
    copied = RichTextPreformattedElement(elements=[RichTextElementParts.Text(text=text)])
    return Message(
        text=f"{headline}\n{escape(text, MOST_OF_THE_TEXT)}",
        blocks=(section(f"*{headline}*"), RichTextBlock(elements=[copied])),
    )


def no_text_to_send(booking: BookingDetails) -> Message:
    """Say that the contact has a confirmation."""
    said = words.reached_by_mail(booking)
    return Message(
        text=said,
        blocks=(section(said), ActionsBlock(elements=[send_again_button(booking)])),
    )


def mail_menu(booking: BookingDetails, *, reader: str | None) -> OverflowMenuElement | None:
    """Return what somebody whom a booking concerns may do about its confirmation; None: nothing.

    Args:
        reader: Slack user id; None: nobody knows who reads it.
    """
    link = booking.link_public_id
    if booking.cancelled_at is not None:
        return None
    if booking.mail is not ConfirmationMail.NONE:
        return menu(buttons.SEND_AGAIN, action_id=SEND_AGAIN, value=link)
    if reader != booking.link_issued_by:
        return None
    return menu(buttons.SHOW_TEXT, action_id=SHOW_TEXT, value=link)


def send_again_button(booking: BookingDetails) -> ButtonElement:
    """Return the button that has the contact written to again."""
    return button(buttons.SEND_AGAIN, action_id=SEND_AGAIN, value=booking.link_public_id)


def show_text_button(booking: BookingDetails) -> ButtonElement:
    """Return the button that shows the link's issuer a text to send by hand."""
    return button(buttons.SHOW_TEXT, action_id=SHOW_TEXT, value=booking.link_public_id)
