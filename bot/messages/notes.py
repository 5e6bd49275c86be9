"""Messages that are mostly words: help, refusals, trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.messages.message import Message, Question, button, context, joined, section
from bot.text import buttons as labels
from bot.text import notices
from bot.text.mrkdwn import code

MOST_SUGGESTIONS: Final = 5
OPEN_ISSUE_FORM: Final = "open_issue_form"
RUN_LINES: Final = tuple(f"run_line_{number}" for number in range(1, MOST_SUGGESTIONS + 1))
"""Buttons beside each other need ids of their own; each runs the line that is its value."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button that runs a line as if it was typed after /otl, or opens its form.

    Attributes:
        question: asked before it is run.
    """

    label: str
    line: str
    question: Question | None = None


def note(
    sentence: str,
    *,
    typed: str = "",
    suggested: Sequence[Suggestion] = (),
    form_line: str = "",
) -> Message:
    """Say one thing.

    Args:
        typed: what the person wrote after /otl, so that it is not lost.
        suggested: what they may have meant, a button each.
        form_line: a line to put right in the form for a link; "" offers none.
    """
    kept = notices.you_typed(typed)
    blocks: list[Block] = [section(sentence)]
    if kept:
        blocks.append(context(kept))
    pairs = zip(RUN_LINES, suggested, strict=False)
    buttons = [
        button(one.label, action_id=action_id, value=one.line, question=one.question)
        for action_id, one in pairs
    ]
    if form_line:
        buttons.append(button(labels.FILL_IN, action_id=OPEN_ISSUE_FORM, value=form_line))
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    return Message(text=joined([sentence, kept]), blocks=tuple(blocks))


def help_text(commands: Sequence[tuple[str, str]]) -> Message:
    """Show all commands, each with what it does, on one screen."""
    lines = [f"{code(command)}  {meaning}" for command, meaning in commands]
    return Message(
        text=joined([notices.HELP, *lines, notices.PRIVACY]),
        blocks=(
            section(f"*{notices.HELP}*"),
            section("\n".join(lines)),
            context(notices.PRIVACY),
        ),
    )
