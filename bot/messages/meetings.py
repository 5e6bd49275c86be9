"""The meetings that somebody hosts, below their days: in the App Home and as an answer."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.grammar.meetings import PAGE, ShowMeetings
from bot.messages.class_booked import EVERYBODY, ClassPage
from bot.messages.link_used import DETAILS
from bot.messages.message import Message, button, context, joined, section
from bot.text import buttons
from bot.text import meetings as words
from scheduling.bookings.meetings import Meeting, Meetings

EARLIER: Final = "meetings_earlier"
LATER: Final = "meetings_later"


def next_meetings(meetings: Meetings, zone: ZoneInfo | None) -> list[Block]:
    """Return how the App Home begins: the reader's own next meetings.

    Args:
        zone: the one in which Slack shows times to the reader; None: it is not known.
    """
    headline = section(f"*{words.MINE}*")
    if not meetings.meetings:
        return [headline, context(words.NONE_OF_MINE)]
    blocks = [headline, *rows(meetings, zone, is_own=True)]
    if meetings.more:
        blocks.append(context(words.and_more(meetings.more)))
    return blocks


def meetings_list(
    meetings: Meetings, shown: ShowMeetings, zone: ZoneInfo | None, *, is_own: bool
) -> Message:
    """Answer with a page of somebody's meetings.

    Args:
        shown: what was asked for, with whose they are.
        zone: see `next_meetings`.
    """
    headline = words.headline(meetings, shown.span, is_own=is_own)
    blocks: list[Block] = [section(f"*{headline}*"), *rows(meetings, zone, is_own=is_own)]
    small = words.which(meetings)
    if small:
        blocks.append(context(small))
    offered = _pages(meetings, shown)
    if offered:
        blocks.append(ActionsBlock(elements=offered))
    listed = [
        words.row(one, user_id=meetings.user_id, with_day=True, with_place=is_own)
        for one in meetings.meetings
    ]
    return Message(text=joined([headline, *listed, small]), blocks=tuple(blocks))


def rows(meetings: Meetings, zone: ZoneInfo | None, *, is_own: bool) -> Iterator[Block]:
    """Yield each day and below it its meetings; each with its day where the zone is not known."""
    if zone is None:
        for one in meetings.meetings:
            yield _row(one, meetings.user_id, with_day=True, is_own=is_own)
        return
    for _, of_one_day in groupby(
        meetings.meetings, key=lambda one: one.starts_at.astimezone(zone).date()
    ):
        first, *others = of_one_day
        yield context(words.day(first.starts_at))
        for one in (first, *others):
            yield _row(one, meetings.user_id, with_day=False, is_own=is_own)


def _row(meeting: Meeting, user_id: str, *, with_day: bool, is_own: bool) -> Block:
    said = words.row(meeting, user_id=user_id, with_day=with_day, with_place=is_own)
    return section(said, _details(meeting))


def _details(meeting: Meeting) -> ButtonElement | None:
    """Return the button that shows more; None where the reader may read no more."""
    if meeting.is_class:
        value = ClassPage(meeting.appointment_id).as_value()
        return button(buttons.EVERYBODY, action_id=EVERYBODY, value=value)
    person = meeting.people[0]
    if not person.is_readable:
        return None
    return button(buttons.DETAILS, action_id=DETAILS, value=person.link_public_id)


def _pages(meetings: Meetings, shown: ShowMeetings) -> list[ButtonElement]:
    offered = []
    if meetings.skipped:
        value = shown.at(meetings.skipped - PAGE).as_value()
        offered.append(button(buttons.EARLIER, action_id=EARLIER, value=value))
    if meetings.more:
        value = shown.at(meetings.skipped + PAGE).as_value()
        offered.append(button(buttons.LATER, action_id=LATER, value=value))
    return offered
