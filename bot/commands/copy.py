"""/otl copy LINK: its address again, for whoever issued it."""

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.commands import CopyLink
from bot.messages.link_card import issued
from bot.messages.message import Message
from scheduling.links.copy import copy_link
from scheduling.links.permissions import Actor


async def copy(command: CopyLink, invocation: Invocation, context: Context) -> Message:
    """Show an active link to its issuer again."""
    link = await context.database.read(
        copy_link,
        workspace_id=context.workspace.id,
        public_id=command.link,
        actor=Actor(
            invocation.user_id, is_admin=False
        ),  # admins do not see others' addresses either
        now=context.now(),
    )
    return issued(link, url=context.url(link))
