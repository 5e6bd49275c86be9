"""One link, for those who may act on it: issued, copied, regenerated, deleted, its status."""

from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.messages.message import Message, Question, button, context, joined, section
from bot.text import buttons
from bot.text import links as words
from scheduling.links.details import LinkDetails
from scheduling.links.regenerate import Regenerated
from scheduling.links.status import LinkStatus

COPY: Final = "copy_link"
REGENERATE: Final = "regenerate_link"
DELETE: Final = "delete_link"


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the reader may do: the issuer sees the address, the owner and admins may act."""

    is_issuer: bool
    may_act: bool


def issued(link: LinkDetails, *, url: str, notice: str = "") -> Message:
    """Show a link to its issuer, and nobody else: the URL is in it.

    Args:
        notice: what must be said beside it, such as that "Link used" will find no channel.
    """
    return _with_url(words.issued(link), link, url, notice)


def regenerated(done: Regenerated, *, url: str) -> Message:
    """Show a regenerated link to its issuer."""
    headline = words.regenerated(done, with_address=True)
    return _with_url(headline, done.link, url, words.what_became_of_the_old_one(done))


def regenerated_for_another(done: Regenerated) -> Message:
    """Tell an owner or admin what they did; the URL goes to the issuer alone."""
    headline = words.regenerated(done, with_address=False)
    facts = words.calendar_facts(done.link.calendar)
    old, standing = words.what_became_of_the_old_one(done), words.standing(done.link)
    issuer = words.issuer_has_it(done.link)
    return Message(
        text=joined([headline, facts, standing, old, issuer]),
        blocks=(
            section(f"*{headline}*\n{facts}"),
            context(standing, old, issuer),
        ),
    )


def deleted(link: LinkDetails, viewer: Viewer) -> Message:
    """Show what is left of a link that was deleted."""
    headline = words.deleted(link, with_address=viewer.is_issuer)
    facts = words.calendar_facts(link.calendar)
    deletion = words.deletion(link)
    return Message(
        text=joined([headline, facts, deletion]),
        blocks=(
            section(f"*{headline}*\n{facts}"),
            context(deletion),
        ),
    )


def status(link: LinkDetails, viewer: Viewer, *, notice: str = "") -> Message:
    """Show one link and what happened to it; without its URL, which is a press away.

    Args:
        notice: why a press did nothing.
    """
    headline = words.is_in_state(link, with_address=viewer.is_issuer)
    facts = words.calendar_facts(link.calendar)
    lines = [line for line in (notice, *words.history(link)) if line]
    blocks: list[Block] = [section(f"*{headline}*\n{facts}"), context(*lines)]
    offered = _buttons(link, viewer)
    if offered:
        blocks.append(ActionsBlock(elements=offered))
    return Message(text=joined([headline, facts, *lines]), blocks=tuple(blocks))


def _with_url(headline: str, link: LinkDetails, url: str, notice: str) -> Message:
    facts, standing = words.calendar_facts(link.calendar), words.standing(link)
    blocks: list[Block] = [
        section(f"*{headline}*\n{facts}"),
        section(f"<{url}>"),  # alone on its line, so that it is easily copied
        context(standing),
        ActionsBlock(elements=[regenerate_button(link), delete_button(link)]),
    ]
    if notice:
        blocks.insert(3, context(notice))
    return Message(text=joined([headline, facts, url, standing, notice]), blocks=tuple(blocks))


def _buttons(link: LinkDetails, viewer: Viewer) -> list[ButtonElement]:
    is_active = link.status is LinkStatus.ACTIVE
    offered = []
    if is_active and viewer.is_issuer:
        offered.append(copy_button(link.public_id))
    if viewer.may_act and link.replaced_by is None:
        offered.append(regenerate_button(link))
    if is_active and viewer.may_act:
        offered.append(delete_button(link))
    return offered


def copy_button(public_id: str) -> ButtonElement:
    """Return the button that shows the URL to the issuer again."""
    return button(buttons.COPY, action_id=COPY, value=public_id)


def regenerate_button(link: LinkDetails) -> ButtonElement:
    """Return the button that replaces a link, after asking."""
    return button(
        buttons.REGENERATE,
        action_id=REGENERATE,
        value=f"{link.public_id} {link.status}",  # to tell what changed until it is pressed
        question=Question(
            title=buttons.ASKED_BEFORE_REGENERATING,
            text=words.loss_by_regenerating(link),
            yes=buttons.REGENERATE,
        ),
    )


def delete_button(link: LinkDetails) -> ButtonElement:
    """Return the button that deletes a link, after asking."""
    return button(
        buttons.DELETE,
        action_id=DELETE,
        value=link.public_id,
        style="danger",
        question=Question(
            title=buttons.ASKED_BEFORE_DELETING,
            text=words.loss_by_deleting(link),
            yes=buttons.DELETE,
            is_final=True,
        ),
    )
