"""The calendars, each with a button that issues a link at once."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.message import Message, button, context, joined, section
from bot.text import calendars as words
from bot.text.buttons import ISSUE as ISSUE_LABEL
from scheduling.calendars.find import CalendarDetails

ISSUE: Final = "issue_link"
MOST: Final = 20
"""Calendars in one message; Slack allows 50 blocks, and nobody reads so many."""


def calendar_list(calendars: Sequence[CalendarDetails], *, searched: str) -> Message:
    """Show the calendars, the first `MOST` of them; searched are the words, "" for all."""
    if not calendars:
        nothing = words.nothing_found(searched)
        return Message(text=nothing, blocks=(section(nothing),))
    shown = calendars[:MOST]
    headline = words.headline(len(calendars), searched)
    blocks: list[Block] = [section(f"*{headline}*"), *[_calendar(one) for one in shown]]
    more = words.and_more(len(calendars) - len(shown))
    if more:
        blocks.append(context(more))
    lines = [f"{words.name(one)}: {words.facts(one)}" for one in shown]
    return Message(text=joined([headline, *lines, more]), blocks=tuple(blocks))


def _calendar(calendar: CalendarDetails) -> SectionBlock:
    text = f"*{words.name(calendar)}*  {words.slug(calendar)}\n{words.facts(calendar)}"
    if not calendar.active:
        return section(text)
    return section(text, button(ISSUE_LABEL, action_id=ISSUE, value=calendar.slug))
