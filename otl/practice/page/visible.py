"""What a person may see, as JSON for the page: never a message's metadata."""

from collections.abc import Iterable
from dataclasses import asdict

from otl.practice.mail.reading import summary_of
from otl.practice.messages import Message
from otl.practice.people import Channel, ChannelKind, Person
from otl.practice.state import PracticeState
from otl.practice.views import View
from otl.practice.wire import Json
from otl.practice.workspace import Change, ChangeKind


def is_somebody(slack: PracticeState, user: str) -> bool:
    """Say whether a page may be this person's: a member, no bot."""
    person = slack.workspace.people.get(user)
    return person is not None and not person.is_bot and not person.deleted


def everything_for(slack: PracticeState, user: str) -> Json:
    """Return the whole picture, for a page that has just opened."""
    workspace = slack.workspace
    talk_with_app = slack.direct(user)
    return {
        "me": user,
        "team": workspace.team.name,
        "people": {p.id: _person(p) for p in workspace.people.values() if not p.deleted},
        "app": {
            "id": workspace.app.bot_user_id,
            "name": workspace.app.name,
            "handle": workspace.app.handle,
            "talk": talk_with_app.id,
            "commands": list(workspace.app.commands),
            "read_only": workspace.app.talk_is_read_only,
            "hints": [{"line": line, "says": says} for line, says in workspace.app.hints],
            "guide": [asdict(step) for step in workspace.app.guide] or None,
        },
        "channels": _channels(slack, user),
        "messages": [_message(message) for message in workspace.messages_for(user)],
        "mails": [summary_of(m) for m in slack.mailbox.mails] if slack.has_mail else None,
        "modal": _modal(slack, user),
        "home": _view(slack.home(user)),
    }


def frame_for(slack: PracticeState, user: str, change: Change) -> Json | None:
    """Return what this person sees of a change, or None where it is none of their business."""
    if user not in change.audience:
        return None
    match change.kind:
        case ChangeKind.MESSAGE if change.message is not None:
            data: Json | None = _message(change.message)
        case ChangeKind.GONE if change.message is not None:
            data = {"channel": change.message.channel, "ts": change.message.ts}
        case ChangeKind.MAIL if change.mail is not None:
            data = summary_of(change.mail)
        case ChangeKind.MODAL:
            data = _modal(slack, user)
        case ChangeKind.HOME:
            data = _view(slack.home(user))
        case _:
            return {"kind": ChangeKind.CHANNELS.value, "data": _channels(slack, user)}
    return {"kind": change.kind.value, "data": data}


def _person(person: Person) -> Json:
    shown: Json = {"id": person.id, "name": person.name, "real_name": person.real_name}
    shown |= {"tz": person.tz, "title": person.title, "is_admin": person.is_admin}
    return shown | {"is_bot": person.is_bot, "playable": person.playable}


def _channels(slack: PracticeState, user: str) -> list[Json]:
    app = slack.workspace.app.bot_user_id
    return [_channel(c, user, app) for c in _sorted(slack.workspace.channels_of(user))]


def _sorted(channels: Iterable[Channel]) -> list[Channel]:
    return sorted(channels, key=lambda c: (c.kind is ChannelKind.DIRECT, c.id))


def _channel(channel: Channel, user: str, app: str) -> Json:
    shown: Json = {"id": channel.id, "name": channel.name, "kind": channel.kind.value}
    shown |= {"topic": channel.topic, "archived": channel.archived}
    shown["has_app"] = app in channel.members
    if channel.kind is ChannelKind.DIRECT:
        shown["with"] = next(iter(channel.members - {user}), user)
    return shown


def _message(message: Message) -> Json:
    shown: Json = {"ts": message.ts, "channel": message.channel, "user": message.user}
    shown |= {"text": message.text, "blocks": message.blocks, "by_app": message.by_app}
    shown |= {"thread_ts": message.thread_ts, "broadcast": message.broadcast}
    return shown | {
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited_ts is not None and not message.by_app,
    }


def _modal(slack: PracticeState, user: str) -> Json | None:
    shown = _view(slack.modal(user))
    return None if shown is None else shown | {"depth": slack.views.depth(user)}


def _view(view: View | None) -> Json | None:
    """Return what a person sees of a view: neither private_metadata nor the app's own ids."""
    if view is None:
        return None
    parts = {key: view.body.get(key) for key in ("type", "title", "submit", "close")}
    return {"id": view.id, "hash": view.hash, **parts, "blocks": view.blocks}
