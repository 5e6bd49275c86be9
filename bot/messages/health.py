"""How the notifications stand: the counts first, then what waits, then what went elsewhere."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.messages.message import Message, context, joined, section, sections_of
from bot.text import health as words
from bot.text import mail_health as mail_words
from scheduling.events.health import DeliveryHealth


def delivery_health(health: DeliveryHealth, *, now: datetime) -> Message:
    """Show what waits and what was rerouted; no contact and no address is in it."""
    headline = words.headline(health)
    waiting = [*words.waiting(health, now), *mail_words.waiting(health.mail)]
    rerouted = words.rerouted(health, now)
    if rerouted:
        rerouted.insert(0, f"*{words.REROUTED}*")
    small = [*words.ways_back(health), words.delivered(health), mail_words.sent(health.mail)]
    blocks: list[Block] = [
        section(f"*{headline}*"),
        *(section(paragraph) for paragraph in waiting),
        *sections_of(rerouted),
        context(*small),
    ]
    return Message(
        text=joined([headline, *waiting, *rerouted, *small]),
        blocks=tuple(blocks),
    )
