"""What Slack sends to an app, shaped as Slack's documents shape it. Pure.

Commands: docs.slack.dev/interactivity/implementing-slash-commands; the rest:
docs.slack.dev/reference/interaction-payloads and docs.slack.dev/apis/events-api.
"""

import secrets
import time
from dataclasses import dataclass

from otl.practice.messages import Message, as_slack
from otl.practice.people import App, Channel, ChannelKind, Person, Team
from otl.practice.views import View, view_as_slack
from otl.practice.wire import Json

VERIFICATION_TOKEN = "practice"  # noqa: S105  # deprecated by Slack, still sent, opens nothing


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends: the same lines in every payload."""

    team: Team
    app: App

    def of_interaction(self, kind: str, person: Person, trigger_id: str | None) -> Json:
        """Return the lines that all interactions have."""
        user = {"id": person.id, "username": person.name, "name": person.name}
        payload: Json = {"type": kind, "user": {**user, "team_id": self.team.id}}
        payload["team"] = {"id": self.team.id, "domain": self.team.domain}
        payload |= {"api_app_id": self.app.id, "token": VERIFICATION_TOKEN}
        payload |= {"enterprise": None, "is_enterprise_install": False}
        if trigger_id is not None:
            payload["trigger_id"] = trigger_id
        return payload

    def of_event(self, event: Json) -> Json:
        """Wrap an event as the Events API does."""
        bot = {"user_id": self.app.bot_user_id, "is_bot": True, "is_enterprise_install": False}
        authorization = {"enterprise_id": None, "team_id": self.team.id, **bot}
        payload: Json = {"token": VERIFICATION_TOKEN, "team_id": self.team.id}
        payload |= {"api_app_id": self.app.id, "event": event, "type": "event_callback"}
        payload |= {"event_id": "Ev" + secrets.token_hex(5).upper(), "event_time": int(time.time())}
        return payload | {"authorizations": [authorization], "is_ext_shared_channel": False}


def command_payload(
    envelope: Envelope,
    person: Person,
    channel: Channel,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Return the fields of a slash command; all are strings, as they travel in a form."""
    payload: Json = {"token": VERIFICATION_TOKEN, "team_id": envelope.team.id}
    payload |= {"team_domain": envelope.team.domain, "channel_id": channel.id}
    payload |= {"channel_name": channel_name(channel), "user_id": person.id}
    payload |= {"user_name": person.name, "command": command, "text": text}
    payload |= {"api_app_id": envelope.app.id, "is_enterprise_install": "false"}
    return payload | {"response_url": response_url, "trigger_id": trigger_id}


def channel_name(channel: Channel) -> str:
    """Return the name that payloads give: private channels do not tell theirs."""
    return {"group": "privategroup", "im": "directmessage"}.get(channel.kind, channel.name)


def action_on_message(
    envelope: Envelope,
    person: Person,
    *,
    channel: Channel,
    message: Message,
    action: Json,
    trigger_id: str,
    response_url: str,
    values: Json,
) -> Json:
    """Return block_actions from a message; Slack does not send an ephemeral one along."""
    payload = envelope.of_interaction("block_actions", person, trigger_id)
    ephemeral = message.ephemeral_for is not None
    payload["container"] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    payload["channel"] = {"id": channel.id, "name": channel_name(channel)}
    if not ephemeral:
        payload["message"] = as_slack(message, team=envelope.team, app=envelope.app)
    payload |= {"state": {"values": values}, "response_url": response_url}
    return payload | {"actions": [action]}


def action_in_view(
    envelope: Envelope,
    person: Person,
    *,
    view: View,
    action: Json,
    trigger_id: str,
    values: Json,
) -> Json:
    """Return block_actions from a modal or the App Home."""
    payload = envelope.of_interaction("block_actions", person, trigger_id)
    payload["container"] = {"type": "view", "view_id": view.id}
    payload["view"] = view_as_slack(view, team=envelope.team, app=envelope.app, values=values)
    return payload | {"actions": [action]}


def view_submission(
    envelope: Envelope, person: Person, *, view: View, values: Json, trigger_id: str
) -> Json:
    """Return what a pressed submit button sends."""
    payload = envelope.of_interaction("view_submission", person, trigger_id)
    payload["view"] = view_as_slack(view, team=envelope.team, app=envelope.app, values=values)
    return payload | {"response_urls": []}


def view_closed(envelope: Envelope, person: Person, *, view: View, is_cleared: bool) -> Json:
    """Return what is sent where the app asked to be told (notify_on_close)."""
    payload = envelope.of_interaction("view_closed", person, None)
    payload["view"] = view_as_slack(view, team=envelope.team, app=envelope.app)
    return payload | {"is_cleared": is_cleared}


def block_suggestion(
    envelope: Envelope,
    person: Person,
    *,
    action_id: str,
    block_id: str,
    query: str,
    view: View | None = None,
    message: Message | None = None,
) -> Json:
    """Return the question for an external menu's options, from a view or from a message."""
    payload = envelope.of_interaction("block_suggestion", person, None)
    payload |= {"action_id": action_id, "block_id": block_id, "value": query}
    if view is not None:
        payload["container"] = {"type": "view", "view_id": view.id}
        payload["view"] = view_as_slack(view, team=envelope.team, app=envelope.app)
    if message is not None:
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        payload["container"] = {**container, "is_ephemeral": message.ephemeral_for is not None}
    return payload


def home_opened(
    envelope: Envelope, person: Person, *, channel: Channel, tab: str, home: View | None, ts: str
) -> Json:
    """Return app_home_opened; the view is there once the app has published one.

    Args:
        tab: "home" or "messages"; both send this event.
    """
    event: Json = {"type": "app_home_opened", "user": person.id, "channel": channel.id}
    event |= {"tab": tab, "event_ts": ts}
    if home is not None:
        event["view"] = view_as_slack(home, team=envelope.team, app=envelope.app)
    return envelope.of_event(event)


def member_joined(
    envelope: Envelope, *, user: str, channel: Channel, inviter: str, ts: str
) -> Json:
    """Return member_joined_channel; apps hear it of themselves too."""
    kind = "C" if channel.kind is ChannelKind.PUBLIC else "G"
    event: Json = {"type": "member_joined_channel", "user": user, "channel": channel.id}
    event |= {"channel_type": kind, "team": envelope.team.id, "inviter": inviter}
    return envelope.of_event(event | {"event_ts": ts})
