"""What this person most likely wants next: their active links, their calendars, a new link."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.messages.calendar_list import ISSUE
from bot.messages.link_card import copy_button
from bot.messages.message import Message, button, context, joined, section
from bot.messages.notes import OPEN_ISSUE_FORM
from bot.text import buttons
from bot.text import next_steps as words
from scheduling.calendars.find import CalendarDetails
from scheduling.links.details import LinkDetails

MOST_LINKS: Final = 3
MOST_CALENDARS: Final = 3


def next_steps(
    links: Sequence[LinkDetails], *, active: int, calendars: Sequence[CalendarDetails]
) -> Message:
    """Show a person's newest active links and the calendars they used last.

    Args:
        links: active ones, newest first; theirs alone, since addresses of contacts are shown.
        active: how many active links they have in all.
    """
    if not links and not calendars:
        return first_steps()
    blocks: list[Block] = [section(f"*{words.headline(active)}*")]
    lines = [words.headline(active)]
    for link in links[:MOST_LINKS]:
        blocks.append(section(words.link(link), copy_button(link.public_id)))
        lines.append(words.link(link))
    for calendar in calendars[:MOST_CALENDARS]:
        issue = button(buttons.ISSUE, action_id=ISSUE, value=calendar.slug)
        blocks.append(section(words.calendar(calendar), issue))
        lines.append(words.calendar(calendar))
    blocks += [ActionsBlock(elements=[new_link_button()]), context(words.MORE)]
    return Message(text=joined([*lines, words.MORE]), blocks=tuple(blocks))


def first_steps() -> Message:
    """Say in three lines and one button what this is, to somebody who has no link yet."""
    return _three_lines(words.FIRST_LINES)


def arrival() -> Message:
    """Say in three lines and one button what this is, to a channel that has just let it in."""
    return _three_lines(words.ARRIVAL_LINES)


def _three_lines(lines: Sequence[str]) -> Message:
    return Message(
        text=joined(lines),
        blocks=(section("\n".join(lines)), ActionsBlock(elements=[new_link_button()])),
    )


def new_link_button() -> ButtonElement:
    """Return the button that opens the empty form for a link."""
    return button(buttons.NEW_LINK, action_id=OPEN_ISSUE_FORM, value="issue", style="primary")
