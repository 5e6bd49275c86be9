"""/otl meetings [today|week|@user]: what somebody hosts next."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.verb import Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.meetings import PAGE, ShowMeetings, Span, read_meetings
from bot.messages.meetings import meetings_list
from bot.messages.message import Message
from scheduling.bookings.meetings import meetings_of

DAYS: Final = {Span.TODAY: 1, Span.WEEK: 7}


async def show_meetings(command: ShowMeetings, invocation: Invocation, context: Context) -> Message:
    """Show names, calendars and times to everybody; address and note are a press away."""
    user_id = command.user or invocation.user_id
    zone = await context.people.zone(invocation.user_id)
    now = context.now()
    meetings = await context.database.read(
        meetings_of,
        workspace_id=context.workspace.id,
        user_id=user_id,
        reader=await context.actor(invocation),
        until=end_of(command.span, zone, now),
        now=now,
        limit=PAGE,
        skip=command.skip,
    )
    shown = replace(command, user=user_id)
    return meetings_list(meetings, shown, zone, is_own=user_id == invocation.user_id)


def end_of(span: Span, zone: ZoneInfo | None, now: datetime) -> datetime | None:
    """Return when a span that begins today is over, at midnight of the reader's; None: never."""
    if span is Span.ALL:
        return None
    today = now.astimezone(zone or UTC).date()
    midnight = datetime.combine(today + timedelta(days=DAYS[span]), time(), zone or UTC)
    return midnight.astimezone(UTC)


VERB = Verb(
    name="meetings",
    parse=read_meetings,
    run=show_meetings,
    order=65,
    usage="meetings",
    help=(("meetings", "what you host next; add “today”, “week” or a person"),),
    other_words=("agenda", "bookings", "today", "week", "schedule"),
)
