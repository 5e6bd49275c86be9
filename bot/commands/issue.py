"""/otl issue CALENDAR [for CONTACT] [expires 7d]: a link, shown to whoever asked for it."""

import asyncio
from typing import Final

from bot.channels import find_obstacle
from bot.commands.verb import Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.issue import IssueLink, issue_with_calendar, read_issue
from bot.messages.link_card import issued
from bot.messages.message import Message
from bot.text.notices import cannot_post
from scheduling.links.details import LinkDetails
from scheduling.links.issue import issue_link

CHECK_SECONDS: Final = 1.5
"""How long the answer waits at most to learn whether "Link used" will find its channel."""


async def issue(command: IssueLink, invocation: Invocation, context: Context) -> Message:
    """Issue a link, and say so if the bot cannot post where it will be told of."""
    check = asyncio.create_task(
        find_obstacle(context.slack, invocation.channel_id, invocation.user_id)
    )
    try:
        link = await context.database.write(
            issue_link,
            workspace_id=context.workspace.id,
            calendar=command.calendar,
            contact=command.contact,
            issued_by=invocation.user_id,
            channel_id=invocation.channel_id,
            deadline=command.deadline,
            request_key=invocation.request_key,
            secret=context.new_secret(),
            now=context.now(),
        )
        url = context.url(link)
        return issued(link, url=url, notice=await _notice(check, link, invocation, context))
    finally:
        check.cancel()


async def _notice(
    check: asyncio.Task[str | None], link: LinkDetails, invocation: Invocation, context: Context
) -> str:
    channel = link.calendar.notification_channel or link.channel_id
    if channel != invocation.channel_id:
        check.cancel()
        check = asyncio.create_task(find_obstacle(context.slack, channel, invocation.user_id))
    try:
        obstacle = await asyncio.wait_for(check, CHECK_SECONDS)
    except TimeoutError:
        return ""
    if obstacle is None:
        return ""
    return cannot_post(channel, here=channel == invocation.channel_id, refusal=obstacle)


VERB = Verb(
    name="issue",
    parse=read_issue,
    run=issue,
    order=20,
    usage="issue CALENDAR for CONTACT",
    help=(
        ("issue {calendar} for Jane", "a link for Jane, shown to you alone"),
        ("issue {calendar} for Jane expires 7d", "with a deadline: 12h, 7d or 2w"),
    ),
    other_words=("new", "create", "send", "link", "book"),
    with_calendar=issue_with_calendar,
)
