"""What an issuer reads when somebody else regenerated their link; the URL is a press away."""

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.messages.link_card import copy_button
from bot.messages.message import Message, context, joined, section
from bot.text import links, notices
from scheduling.links.details import LinkDetails


def link_regenerated(link: LinkDetails, *, reroute: str = "") -> Message:
    """Tell the issuer; without a button where it reaches somebody else, who may not see the URL."""
    headline = notices.regenerated_for_you(link, with_address=not reroute)
    facts = links.calendar_facts(link.calendar)
    standing = links.standing(link)
    blocks: list[Block] = [section(f"{headline}\n{facts}"), context(standing, reroute)]
    if not reroute:
        blocks.append(ActionsBlock(elements=[copy_button(link.public_id)]))
    return Message(text=joined([headline, facts, standing, reroute]), blocks=tuple(blocks))
