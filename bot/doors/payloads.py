"""What Slack hands over, through either door: its shape, and its request key. Pure."""

from typing import Any

Payload = dict[str, Any]


class Malformed(Exception):
    """This is nothing that Slack sends. The message names the field, never its content."""


def request_key(payload: Payload) -> str:
    """Check that all is there that the listeners read, and return the request key.

    Slack hands a request over again with the same key when our answer was late. It is "" for what
    changes nothing (`url_verification`, `ssl_check`, menus that ask for their options).

    Raises:
        Malformed: a field is missing or of another type.
    """
    if "command" in payload:
        return _of_command(payload)
    match payload.get("type"):
        case "event_callback":
            return _of_event(payload)
        case "url_verification":
            _text(payload, "challenge")
            return ""
        case str():
            return _of_interaction(payload)
        case _ if "ssl_check" in payload:
            return ""
        case _:
            raise Malformed("type")


def _of_command(payload: Payload) -> str:
    for name in ("command", "user_id", "team_id", "channel_id", "response_url"):
        _text(payload, name)
    if not isinstance(payload.get("text", ""), str):
        raise Malformed("text")
    return _text(payload, "trigger_id")


def _of_event(payload: Payload) -> str:
    event = _part(payload, "event")
    _text(event, "type")
    if event["type"] in ("app_home_opened", "member_joined_channel"):
        _text(event, "user")
    if event["type"] == "user_change":
        _text(_part(event, "user"), "id")
    if event["type"] == "member_joined_channel":
        _text(event, "channel")
    execution = event.get("function_execution_id")
    return execution if isinstance(execution, str) and execution else _text(payload, "event_id")


def _of_interaction(payload: Payload) -> str:
    _text(_part(payload, "user"), "id")
    for name in ("team", "container", "channel", "view"):
        if not isinstance(payload.get(name) or {}, dict):
            raise Malformed(name)
    if payload["type"] == "block_actions":
        actions = payload.get("actions")
        if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
            raise Malformed("actions")
        _text(actions[0], "action_id")
        return _text(payload, "trigger_id")
    if payload["type"] == "view_submission":
        view = _part(payload, "view")
        _text(view, "callback_id")
        _part(_part(view, "state"), "values")
        return f"view:{_text(view, 'id')}"  # once, however often it is submitted
    if payload["type"] == "block_suggestion":
        _text(payload, "action_id")
        if not isinstance(payload.get("value"), str):
            raise Malformed("value")
    key = payload.get("trigger_id") or ""
    return key if isinstance(key, str) else ""


def _part(payload: Payload, name: str) -> Payload:
    part = payload.get(name)
    if not isinstance(part, dict):
        raise Malformed(name)
    return part


def _text(payload: Payload, name: str) -> str:
    text = payload.get(name)
    if not isinstance(text, str) or not text:
        raise Malformed(name)
    return text
