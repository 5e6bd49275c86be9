"""What people filled in or chose, in the shape of `view.state.values` and of an action. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from otl.practice.blocks import elements_of, options_of
from otl.practice.wire import Json

# What a person gave: typed text, an option or its value, several of them, or nothing.
Given = str | Json | list[Any] | None
# By (block_id, action_id), or by action_id alone where that is enough.
Filled = Mapping[Any, Given]

_TYPED: Final = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_KEYS: Final = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_SEVERAL: Final = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_INITIAL: Final = {
    "multi_users_select": "initial_users",
    "multi_conversations_select": "initial_conversations",
    "multi_channels_select": "initial_channels",
    "users_select": "initial_user",
    "conversations_select": "initial_conversation",
    "channels_select": "initial_channel",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
}
MISSING: Final = "Please complete this required field."


def state_of(blocks: list[Json], filled: Filled) -> Json:
    """Return state.values: for each block and element what was given, else its initial value."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in {"button", "overflow", "image"}:
                continue
            given = _given(block, element, filled)
            values.setdefault(block["block_id"], {})[element["action_id"]] = value_of(
                element, given
            )
    return values


def missing_of(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what Slack's own client refuses before anything is sent: block_id to a sentence."""
    problems = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        problem = _problem(block, values[block["block_id"]][block["element"]["action_id"]])
        if problem is not None:
            problems[block["block_id"]] = problem
    return problems


def _problem(block: Json, value: Json) -> str | None:
    element = block["element"]
    given = next((v for key, v in value.items() if key != "type"), None)
    if not given:
        return None if block.get("optional") else MISSING
    if element["type"] in _TYPED:
        if len(given) < (element.get("min_length") or 0):
            return f"Must be at least {element['min_length']} characters."
        if len(given) > (element.get("max_length") or 3000):
            return f"Must be at most {element.get('max_length') or 3000} characters."
    return None


def value_of(element: Json, given: Given) -> Json:
    """Return one element's entry: its type and what was chosen or typed."""
    kind = str(element["type"])
    if kind in _TYPED:
        return {"type": kind, "value": given or None}
    if kind in _KEYS:
        return {"type": kind, _KEYS[kind]: given or None}
    if kind in _SEVERAL:
        return {"type": kind, _SEVERAL[kind]: given if isinstance(given, list) else []}
    if kind.startswith("multi_") or kind == "checkboxes":
        chosen = given if isinstance(given, list) else []
        return {"type": kind, "selected_options": [_option(element, one) for one in chosen]}
    return {"type": kind, "selected_option": _option(element, given) if given else None}


def action_of(block: Json, element: Json, given: Given, *, ts: str) -> Json:
    """Return the entry in `actions` for a press or a choice."""
    action: Json = {"action_id": element["action_id"], "block_id": block["block_id"]}
    action["action_ts"] = ts
    if element["type"] != "button":
        return action | value_of(element, given)
    action |= {"type": "button", "text": element["text"]}
    for key in ("value", "style", "confirm", "url"):
        if key in element:
            action[key] = element[key]
    return action


def _given(block: Json, element: Json, filled: Filled) -> Given:
    pair = (block["block_id"], element["action_id"])
    for key in (pair, element["action_id"]):
        if key in filled:
            return filled[key]
    kind = str(element["type"])
    if kind in _TYPED:
        return element.get("initial_value")
    if kind in _INITIAL:
        return element.get(_INITIAL[kind])
    if kind.startswith("multi_") or kind == "checkboxes":
        return element.get("initial_options")
    return element.get("initial_option")


def _option(element: Json, given: Any) -> Json:
    """Return the option meant; its value stands in for words that nobody knows."""
    if isinstance(given, dict):
        return given
    for option in options_of(element):
        if option["value"] == given:
            return {"text": option["text"], "value": option["value"]}
    return {"text": {"type": "plain_text", "text": str(given), "emoji": True}, "value": str(given)}
