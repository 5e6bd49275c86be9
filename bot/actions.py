"""Buttons: which command each one runs, and whether the answer takes the card's place."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.commands.copy import copy
from bot.commands.delete import delete
from bot.commands.issue import issue
from bot.commands.regenerate import regenerate
from bot.commands.status import show_status
from bot.desk import Desk
from bot.errors import OldButton
from bot.grammar import CopyLink, DeleteLink, IssueLink, RegenerateLink, ShowStatus, public_id
from bot.invocation import Invocation
from bot.messages import calendar_list, link_card, link_used
from bot.replies import Reply
from scheduling.errors import UnknownLink

Press = Callable[[Invocation, Desk], Awaitable[Reply]]


async def _issue(asked: Invocation, desk: Desk) -> Reply:
    return Reply(await issue(IssueLink(asked.value), asked, desk))


async def _copy(asked: Invocation, desk: Desk) -> Reply:
    return Reply(await copy(CopyLink(_link(asked)), asked, desk))


async def _regenerate(asked: Invocation, desk: Desk) -> Reply:
    message = await regenerate(RegenerateLink(_link(asked)), asked, desk)
    return Reply(message, replaces=asked.is_ephemeral)


async def _delete(asked: Invocation, desk: Desk) -> Reply:
    message = await delete(DeleteLink(_link(asked)), asked, desk)
    return Reply(message, replaces=asked.is_ephemeral)


async def _show_status(asked: Invocation, desk: Desk) -> Reply:
    return Reply(await show_status(ShowStatus(link=_link(asked)), asked, desk))


async def press_unknown(asked: Invocation, desk: Desk) -> Reply:
    """Answer a button that no release of ours shows any more."""
    del asked, desk
    raise OldButton


def _link(asked: Invocation) -> str:
    link = public_id(asked.value)
    if link is None:
        raise UnknownLink
    return link


PRESSES: Final[dict[str, Press]] = {
    calendar_list.ISSUE: _issue,
    link_used.ISSUE_ANOTHER: _issue,
    link_used.SHOW_STATUS: _show_status,
    link_card.COPY: _copy,
    link_card.REGENERATE: _regenerate,
    link_card.DELETE: _delete,
}
