"""The contact's confirmation: sent by mail again, or shown as a text to send; presses, no verbs."""

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import TextIsForIssuer
from bot.messages.mail import no_text_to_send, sent_again, text_to_send
from bot.messages.message import Message
from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import booking_of_link
from scheduling.bookings.send_again import send_again
from scheduling.links.permissions import may_copy
from scheduling.workspaces import mail_sender

REACHED = frozenset({ConfirmationMail.ON_ITS_WAY, ConfirmationMail.SENT})


async def send_confirmation_again(link: str, invocation: Invocation, context: Context) -> Message:
    """Have the contact written to again, for whom the booking concerns.

    Raises:
        UnknownLink, UnknownBooking, BookingIsPrivate: see `booking_of_link`.
    """
    answer, booking = await context.database.write(
        send_again,
        workspace_id=context.workspace.id,
        public_id=link,
        actor=await context.actor(invocation),
        now=context.now(),
    )
    return sent_again(answer, booking)


async def show_text_to_send(link: str, invocation: Invocation, context: Context) -> Message:
    """Show the link's issuer a confirmation to send, where no mail reaches the contact.

    Raises:
        TextIsForIssuer: somebody else pressed.
        UnknownLink, UnknownBooking, BookingIsPrivate: see `booking_of_link`.
        AddressLost: its key has been taken out of the ring.
    """
    actor = await context.actor(invocation)
    booking = await context.database.read(
        booking_of_link, workspace_id=context.workspace.id, public_id=link, actor=actor
    )
    if not may_copy(actor, issued_by=booking.link_issued_by):
        raise TextIsForIssuer(link, booking.link_issued_by)
    has_mail = await context.database.read(mail_sender) is not None
    if has_mail and booking.mail in REACHED:
        return no_text_to_send(booking)
    return text_to_send(booking, page=context.booking_url(booking), now=context.now())
