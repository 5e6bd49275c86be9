"""chat.postMessage, chat.update, chat.postEphemeral."""

from typing import Final

from otl.practice.api.method import Arguments, Method
from otl.practice.limits import check_blocks
from otl.practice.messages import as_slack
from otl.practice.people import Channel, ChannelKind
from otl.practice.state import PracticeState
from otl.practice.wire import Json, SlackError, refusal_with

LONGEST_TEXT: Final = 40_000


def post_message(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer chat.postMessage; a user id means the direct conversation with them."""
    channel = _place(slack, arguments.text("channel"))
    text, blocks = read_content(arguments)
    thread_ts = arguments.find_text("thread_ts")
    if thread_ts is not None and slack.workspace.find_message(channel.id, thread_ts) is None:
        raise SlackError("thread_not_found")
    message = slack.workspace.say(
        channel.id,
        slack.workspace.app.bot_user_id,
        text,
        blocks=blocks,
        thread_ts=thread_ts,
        broadcast=arguments.flag("reply_broadcast"),
        metadata=_read_metadata(arguments),
    )
    shown = as_slack(message, team=slack.workspace.team, app=slack.workspace.app)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def update(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer chat.update; blocks that are not sent stay, an empty list takes them away."""
    workspace = slack.workspace
    channel = _place(slack, arguments.text("channel"))
    message = workspace.find_message(channel.id, arguments.text("ts"))
    if message is None or message.ephemeral_for is not None:
        raise SlackError("message_not_found")
    if message.user != workspace.app.bot_user_id:
        raise SlackError("cant_update_message")
    text, blocks = read_content(arguments)
    metadata = _read_metadata(arguments)
    if metadata is not None:
        message.metadata = metadata
    workspace.change(message, text=text, blocks=blocks)
    shown = as_slack(message, team=workspace.team, app=workspace.app)
    answer: Json = {"ok": True, "channel": channel.id, "ts": message.ts}
    return answer | {"text": text, "message": shown}


def post_ephemeral(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer chat.postEphemeral: one person sees it, history never has it."""
    channel = _place(slack, arguments.text("channel"))
    user = slack.workspace.person(arguments.text("user")).id
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = read_content(arguments)
    message = slack.workspace.say(
        channel.id,
        slack.workspace.app.bot_user_id,
        text,
        blocks=blocks,
        thread_ts=arguments.find_text("thread_ts"),
        ephemeral_for=user,
    )
    return {"ok": True, "message_ts": message.ts}


def read_content(arguments: Arguments) -> tuple[str, list[Json] | None]:
    """Return a message's text and blocks, checked; blocks None where none were sent.

    Raises:
        SlackError: no_text, msg_too_long, invalid_blocks_format, invalid_blocks.
    """
    text = arguments.find_text("text") or ""
    blocks = arguments.json("blocks", refusal="invalid_blocks_format")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not text and not blocks and not arguments.json("attachments", refusal="invalid_attachments"):
        raise SlackError("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    problems = check_blocks(blocks or [], "message")
    if problems:
        raise refusal_with("invalid_blocks", problems)
    return text, blocks


def _place(slack: PracticeState, wanted: str) -> Channel:
    """Return where the app may post.

    Raises:
        SlackError: channel_not_found, is_archived, not_in_channel.
    """
    workspace = slack.workspace
    bot = workspace.app.bot_user_id
    if wanted in workspace.people and wanted != bot:
        return workspace.direct_channel(wanted, bot)
    channel = workspace.channels.get(wanted)
    if channel is None:
        raise SlackError("channel_not_found")
    if bot not in channel.members and channel.kind is not ChannelKind.PUBLIC:
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if bot not in channel.members and "chat:write.public" not in slack.tokens.scopes:
        raise SlackError("not_in_channel")
    return channel


def _read_metadata(arguments: Arguments) -> Json | None:
    metadata = arguments.json("metadata", refusal="invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_schema")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


METHODS: Final = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
}
