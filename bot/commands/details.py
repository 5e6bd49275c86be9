"""What a booking holds besides what its channel reads; a press, not a verb."""

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.booked_for_you import details
from bot.messages.class_booked import ClassPage, class_people
from bot.messages.message import Message
from scheduling.bookings.classes import class_by_id
from scheduling.bookings.details import booking_of_link


async def show_details(link: str, invocation: Invocation, context: Context) -> Message:
    """Show who booked with a link: address and note, to whom it concerns.

    Raises:
        UnknownLink, UnknownBooking, BookingIsPrivate: see `booking_of_link`.
    """
    booking = await context.database.read(
        booking_of_link,
        workspace_id=context.workspace.id,
        public_id=link,
        actor=await context.actor(invocation),
    )
    return details(booking, now=context.now(), reader=invocation.user_id)


async def show_class(page: ClassPage, invocation: Invocation, context: Context) -> Message:
    """Show everybody who booked a meeting of a class; address and note to whom they concern.

    Raises:
        UnknownBooking: there is no such meeting.
    """
    meeting = await context.database.read(
        class_by_id,
        appointment_id=page.appointment_id,
        actor=await context.actor(invocation),
    )
    return class_people(meeting, skip=page.skip)
