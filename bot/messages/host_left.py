"""What whoever acts for a calendar reads when its host has left Slack, or is back."""

from typing import Final
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from bot.messages.meetings import rows
from bot.messages.message import Message, context, joined, section
from bot.text import departures as words
from bot.text.meetings import row
from scheduling.calendars.leaving import Departure

MOST_MEETINGS: Final = 10


def host_left(left: Departure, zone: ZoneInfo | None = None) -> Message:
    """Say what became of the calendars, which meetings are to come, and what to do.

    Args:
        zone: in which Slack shows times to the reader; None: it is not known.
    """
    facts = words.calendars(left)
    to_come, more, steps = words.to_come(left), words.and_more(left), words.next_steps(left)
    shown = left.meetings.meetings if to_come else ()
    blocks: list[Block] = [section("\n".join([words.headline(left, bold=True), *facts]))]
    if shown:
        blocks += [section(to_come), *rows(left.meetings, zone, is_own=False)]
    small = [line for line in (more if shown else "", *steps) if line]
    if small:
        blocks.append(context(*small))
    listed = [row(one, user_id=left.user_id, with_day=True) for one in shown]
    text = joined([words.headline(left, bold=False), *facts, *steps, to_come, *listed])
    return Message(text=text, blocks=tuple(blocks))
