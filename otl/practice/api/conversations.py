"""conversations.info, conversations.open, conversations.history, conversations.replies."""

from typing import Final

from otl.practice.api.method import Arguments, Method
from otl.practice.history import Page, page_of
from otl.practice.messages import Message, as_slack
from otl.practice.people import Channel, ChannelKind
from otl.practice.state import PracticeState
from otl.practice.wire import Json, SlackError

_READ: Final = {
    ChannelKind.PUBLIC: "channels:read",
    ChannelKind.PRIVATE: "groups:read",
    ChannelKind.DIRECT: "im:read",
}
_HISTORY: Final = {
    ChannelKind.PUBLIC: "channels:history",
    ChannelKind.PRIVATE: "groups:history",
    ChannelKind.DIRECT: "im:history",
}


def info(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer conversations.info."""
    channel = _visible(slack, arguments.text("channel"))
    slack.tokens.require([_READ[channel.kind]])
    return {"ok": True, "channel": _describe(slack, channel)}


def open_direct(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer conversations.open with the direct conversation of the app and one person."""
    users = arguments.text("users").split(",")
    if len(users) != 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = slack.workspace.person(users[0].strip())
    if person.deleted:
        raise SlackError("user_disabled")
    channel = slack.workspace.direct_channel(person.id, slack.workspace.app.bot_user_id)
    return {"ok": True, "no_op": False, "already_open": False, "channel": {"id": channel.id}}


def history(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer conversations.history: newest first, at most 15, and later than the truth."""
    channel = _readable(slack, arguments.text("channel"))
    settled = _settled(slack, channel)
    rows = [message for message in reversed(settled) if not message.is_reply()]
    page = page_of(rows, arguments)
    return _answer(slack, page, arguments) | {"pin_count": 0}


def replies(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer conversations.replies: the thread's first message, then its replies, oldest first."""
    channel = _readable(slack, arguments.text("channel"))
    ts = arguments.text("ts")
    rows = [m for m in _settled(slack, channel) if ts in {m.ts, m.thread_ts}]
    if not rows:
        raise SlackError("thread_not_found")
    return _answer(slack, page_of(rows, arguments), arguments)


def _settled(slack: PracticeState, channel: Channel) -> list[Message]:
    """Return what history knows already: nothing younger than the lag."""
    visible_until = slack.workspace.elapsed() - slack.history_lag
    kept = slack.workspace.messages_in(channel.id)
    return [message for message in kept if message.stored_at <= visible_until]


def _answer(slack: PracticeState, page: Page, arguments: Arguments) -> Json:
    team, app = slack.workspace.team, slack.workspace.app
    metadata = arguments.flag("include_all_metadata")
    shown = [as_slack(m, team=team, app=app, include_metadata=metadata) for m in page.messages]
    answer: Json = {"ok": True, "messages": shown, "has_more": page.next_cursor != ""}
    if page.next_cursor:
        answer["response_metadata"] = {"next_cursor": page.next_cursor}
    return answer


def _visible(slack: PracticeState, channel_id: str) -> Channel:
    """Return a channel that the app may know of: public ones, and those it is in."""
    channel = slack.workspace.channels.get(channel_id)
    if channel is None:
        raise SlackError("channel_not_found")
    is_member = slack.workspace.app.bot_user_id in channel.members
    if not is_member and channel.kind is not ChannelKind.PUBLIC:
        raise SlackError("channel_not_found")
    return channel


def _readable(slack: PracticeState, channel_id: str) -> Channel:
    channel = _visible(slack, channel_id)
    slack.tokens.require([_HISTORY[channel.kind]])
    if slack.workspace.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _describe(slack: PracticeState, channel: Channel) -> Json:
    bot = slack.workspace.app.bot_user_id
    shown: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    if channel.kind is ChannelKind.DIRECT:
        other = next(iter(channel.members - {bot}))
        return shown | {"is_im": True, "user": other, "is_channel": False, "is_group": False}
    shown |= {"name": channel.name, "name_normalized": channel.name, "is_im": False}
    shown |= {"is_channel": channel.kind is ChannelKind.PUBLIC}
    shown |= {"is_group": channel.kind is ChannelKind.PRIVATE}
    shown |= {"is_private": channel.kind is ChannelKind.PRIVATE, "is_general": False}
    shown |= {"is_member": bot in channel.members, "is_shared": False, "is_ext_shared": False}
    return shown | {"topic": {"value": channel.topic}, "purpose": {"value": ""}}


METHODS: Final = {
    "conversations.info": Method(info),
    "conversations.open": Method(open_direct, ("im:write",)),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
}
