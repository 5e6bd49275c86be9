"""A message: its blocks, and the text that says the same for notifications and screen readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    SectionBlock,
)

from bot.text.buttons import KEEP
from scheduling.plain_text import clean

SECTION_LIMIT: Final = 3000  # https://docs.slack.dev/reference/block-kit/blocks/section-block
LABEL_LENGTH: Final = 75  # of a button, and of an option in a menu
TEXT_LIMIT: Final = 4000  # Slack cuts at 40,000 and advises this


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack is given.

    Attributes:
        text: never empty; shown where blocks are not.
        blocks: at most 50; () shows the text.
    """

    text: str
    blocks: tuple[Block, ...] = ()

    def block_json(self) -> list[dict[str, Any]]:
        """Return the blocks as Slack reads them.

        Raises:
            SlackObjectFormationError: one of them is past a limit of Slack's.
        """
        return [block.to_dict() for block in self.blocks]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a button acts; is_final: what it does cannot be taken back."""

    title: str
    text: str
    yes: str
    is_final: bool = False


def section(
    text: str, accessory: ButtonElement | OverflowMenuElement | None = None
) -> SectionBlock:
    """Return a paragraph of mrkdwn in which nothing becomes a link or a mention by itself."""
    return SectionBlock(text=_mrkdwn(text), accessory=accessory)


def context(*lines: str) -> ContextBlock:
    """Return small print, a line each."""
    return ContextBlock(elements=[_mrkdwn("\n".join(line for line in lines if line))])


def quote(text: str) -> RichTextBlock:
    """Return what somebody wrote, as they wrote it: nothing in it has a meaning."""
    said = RichTextElementParts.Text(text=text)
    return RichTextBlock(elements=[RichTextQuoteElement(elements=[said])])


def button(
    label: str,
    *,
    action_id: str,
    value: str,
    style: str | None = None,
    question: Question | None = None,
) -> ButtonElement:
    """Return a button; its value holds ids, or a line that was typed, never an address of a link.

    Args:
        label: may be a name that people gave; too long a one is cut.
    """
    return ButtonElement(
        text=plain(label, LABEL_LENGTH),
        action_id=action_id,
        value=value,
        style=style,
        confirm=None if question is None else _confirm(question),
    )


def menu(label: str, *, action_id: str, value: str) -> OverflowMenuElement:
    """Return "…" with one thing in it that is seldom wanted; the value as of a button."""
    return OverflowMenuElement(
        action_id=action_id, options=[Option(text=plain(label, LABEL_LENGTH), value=value)]
    )


def plain(text: str, limit: int) -> PlainTextObject:
    """Return text in which nothing has a meaning, cut where no visible character is torn apart."""
    return PlainTextObject(text=clean(text, limit=limit) or "…", emoji=False)


def sections_of(lines: Iterable[str]) -> list[SectionBlock]:
    """Return the lines in as few paragraphs as hold them."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + 1 + len(line) <= SECTION_LIMIT:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [section(paragraph) for paragraph in packed]


def joined(parts: Iterable[str]) -> str:
    """Return the parts as a message's text, a line each; of a long one the last are left out."""
    text = ""
    for part in parts:
        if len(text) + 1 + len(part) > TEXT_LIMIT:
            break
        text = f"{text}\n{part}" if text and part else text + part
    return text


def _mrkdwn(text: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=text, verbatim=True)


def _confirm(question: Question) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=question.title, emoji=False),
        text=_mrkdwn(question.text),
        confirm=PlainTextObject(text=question.yes, emoji=False),
        deny=PlainTextObject(text=KEEP, emoji=False),
        style="danger" if question.is_final else None,
    )
