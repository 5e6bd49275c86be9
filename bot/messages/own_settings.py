"""What a person has said of themselves."""

from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.messages.message import Message, button, context, joined, section
from bot.text import own_settings as words
from scheduling.calendars.own_settings import OwnSettings

CHANGE_ME: Final = "change_me"


def about_me(settings: OwnSettings, *, news: str = "") -> Message:
    """Show what holds, with a button that opens the form.

    Args:
        news: what was just done; "" if nothing.
    """
    lines = words.summary(settings)
    blocks: list[Block] = [section("\n".join(lines))]
    if news:
        blocks.insert(0, section(news))
    if not settings.hosts:
        blocks.append(context(words.NO_HOST))
    change = button(words.CHANGE, action_id=CHANGE_ME, value="me")
    blocks.append(ActionsBlock(elements=[change]))
    said = [news, *lines, "" if settings.hosts else words.NO_HOST]
    return Message(text=joined(one for one in said if one), blocks=tuple(blocks))
