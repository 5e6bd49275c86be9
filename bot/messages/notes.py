"""Messages that are mostly words: help, refusals, trouble."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.grammar.suggestions import MOST, Suggestion
from bot.grammar.verbs import Verb
from bot.messages.message import Message, button, confirm, context, joined, section
from bot.text import help as words
from bot.text import notices
from bot.text.mrkdwn import code

OPEN_ISSUE_FORM: Final = "open_issue_form"
RUN_LINES: Final = tuple(f"run_line_{number}" for number in range(1, MOST + 1))
"""Buttons beside each other need ids of their own; each runs the line that is its value."""


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
    buttons = [_run(action_id, one) for action_id, one in pairs]
    if form_line:
        buttons.append(button("Fill in a form", action_id=OPEN_ISSUE_FORM, value=form_line))
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    return Message(text=joined([sentence, kept]), blocks=tuple(blocks))


def help_text(*, calendar: str, link: str) -> Message:
    """Show all commands on one screen."""
    lines = [
        f"{code(command)}  {meaning}"
        for command, meaning in words.command_lines(calendar=calendar, link=link)
    ]
    return Message(
        text=joined([words.HEADLINE, *lines, words.PRIVACY]),
        blocks=(
            section(f"*{words.HEADLINE}*"),
            section("\n".join(lines)),
            context(words.PRIVACY),
        ),
    )


def _run(action_id: str, suggestion: Suggestion) -> ButtonElement:
    question = None
    if suggestion.names_all and suggestion.verb in notices.BEFORE_IT_IS_RUN:
        title, loss, yes = notices.BEFORE_IT_IS_RUN[suggestion.verb]
        is_final = suggestion.verb is Verb.DELETE
        question = confirm(title=title, text=loss, yes=yes, no="Keep it", danger=is_final)
    return button(suggestion.label, action_id=action_id, value=suggestion.line, confirm=question)
