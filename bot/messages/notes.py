"""Messages that are mostly words: help, refusals, trouble."""

from slack_sdk.models.blocks import Block

from bot.messages.message import Message, context, joined, section
from bot.mrkdwn import code
from bot.text import help as words
from bot.text import notices


def note(sentence: str, *, typed: str = "") -> Message:
    """Say one thing; typed is what the person wrote after /otl, so that it is not lost."""
    kept = notices.you_typed(typed)
    blocks: list[Block] = [section(sentence)]
    if kept:
        blocks.append(context(kept))
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
