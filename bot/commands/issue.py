"""/otl issue CALENDAR [for CONTACT] [expires 7d]: a link, shown to whoever asked for it."""

import asyncio
from typing import Final

from bot.channels import find_obstacle
from bot.context import Desk
from bot.doors.invocation import Invocation
from bot.grammar.commands import IssueLink
from bot.messages.link_card import issued
from bot.messages.message import Message
from bot.text.notices import cannot_post
from scheduling.links.details import LinkDetails
from scheduling.links.issue import issue_link

CHECK_SECONDS: Final = 1.5
"""How long the answer waits at most to learn whether "Link used" will find its channel."""


async def issue(command: IssueLink, asked: Invocation, desk: Desk) -> Message:
    """Issue a link, and say so if the bot cannot post where it will be told of."""
    check = asyncio.create_task(find_obstacle(desk.slack, asked.channel_id, asked.user_id))
    try:
        link = await desk.database.write(
            issue_link,
            workspace_id=desk.workspace.id,
            calendar=command.calendar,
            contact=command.contact,
            issued_by=asked.user_id,
            channel_id=asked.channel_id,
            deadline=command.deadline,
            delivery_key=asked.delivery_key,
            secret=desk.new_secret(),
            now=desk.now(),
        )
        url = desk.url(link)
        return issued(link, url=url, notice=await _notice(check, link, asked, desk))
    finally:
        check.cancel()


async def _notice(
    check: asyncio.Task[str | None], link: LinkDetails, asked: Invocation, desk: Desk
) -> str:
    channel = link.calendar.notification_channel or link.channel_id
    if channel != asked.channel_id:
        check.cancel()
        check = asyncio.create_task(find_obstacle(desk.slack, channel, asked.user_id))
    try:
        obstacle = await asyncio.wait_for(check, CHECK_SECONDS)
    except TimeoutError:
        return ""
    if obstacle is None:
        return ""
    return cannot_post(channel, here=channel == asked.channel_id, refusal=obstacle)
