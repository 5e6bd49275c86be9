"""Where one meeting is, said by its host; a press, not a verb."""

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.message import Message
from bot.messages.notes import note
from bot.modals.place_form import ChangePlace
from bot.text.places import changed
from scheduling.bookings.change_place import change_place


async def save_place(command: ChangePlace, invocation: Invocation, context: Context) -> Message:
    """Give a meeting its place, and say who is told.

    Raises:
        MeetingOver, NotYourMeeting: see `change_place`.
    """
    done = await context.database.write(
        change_place,
        appointment_id=command.appointment_id,
        place=command.place,
        actor=await context.actor(invocation),
        now=context.now(),
    )
    return note(changed(command.place, done))
