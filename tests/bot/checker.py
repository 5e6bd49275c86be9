"""What holds of every message and view that the bot shows: Slack takes it, it harms nobody."""

import json
import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.views import View

from bot.grammar.meetings import ShowMeetings
from bot.grammar.report_query import read_query
from bot.listeners.actions import PRESSES, SHOWN_IN_MODALS
from bot.listeners.menus import MENU_OF
from bot.messages.home import TURN_ACTIVE, TURN_USED, HomePage
from bot.messages.message import Message
from bot.messages.notes import OPEN_ISSUE_FORM, RUN_LINES
from bot.messages.own_settings import CHANGE_ME
from bot.modals.submissions import FORMS
from otl.practice.limits import check_blocks, check_view

# What Slack gives a meaning: our own mentions, times and links, and nothing else.
OUR_SIGNS = re.compile(
    r"<@[UW][A-Z0-9]+>|<#[CGD][A-Z0-9]+>|<https://book\.example\.com/otl/[a-z2-9]{32}>"
    r"|<https://meet\.example/[^|<>]*(\|Online meeting)?>|<!date\^-?\d+\^[^|<>]*\|[^|<>]*>"
)
SECRET = re.compile(r"/otl/|\b[a-km-np-z2-9]{32}\b|xox[a-z]-|xapp-|https?://")
HEARD = {*PRESSES, *SHOWN_IN_MODALS, *TURN_ACTIVE, *TURN_USED, CHANGE_ME}
IDS = re.compile(r"L-[2-9A-Z]{6}( active| used| deleted| expired)?|[a-z0-9-]{1,64}|\d+ \d+")
QUERY = re.compile(r"all|((calendar|user|only|skip|seen)=\S+ ?)+")


def assert_slack_takes_it(message: Message) -> None:
    """Check a message: its text, its blocks, what its buttons carry, that each is heard."""
    blocks = message.block_json()
    assert check_blocks(blocks, "message") == []
    assert 0 < len(message.text) <= 4000
    for said in [message.text, *texts(blocks)]:
        assert_harmless(said)
    for element in elements(blocks):
        assert element["action_id"] in HEARD
        assert_says_no_secret(element)


def assert_slack_takes_view(view: View) -> None:
    """Check a modal or the App Home, as `assert_slack_takes_it` checks a message."""
    shown = view.to_dict()
    assert check_view(shown) == []
    for said in texts(shown["blocks"]):
        assert_harmless(said)
    for element in elements(shown["blocks"]):
        assert element["action_id"] in HEARD
        assert_says_no_secret(element)
    for block in shown["blocks"]:
        if block["type"] == "input" and block["element"]["type"] == "external_select":
            assert block["element"]["action_id"] in MENU_OF
    if "submit" in shown:
        assert shown["callback_id"] in FORMS
    assert re.fullmatch(r"([A-Z][A-Z0-9]+)?", shown.get("private_metadata", ""))


def assert_harmless(said: str) -> None:
    left = OUR_SIGNS.sub("", said)
    assert "<" not in left
    assert ">" not in left
    assert re.sub(r"&(amp|lt|gt);", "", left).count("&") == 0


def assert_says_no_secret(element: dict[str, Any]) -> None:
    for one in element.get("options", [element]):  # of a menu each has a value
        assert_is_no_secret(element["action_id"], one["value"])


def assert_is_no_secret(action_id: str, value: str) -> None:
    assert not SECRET.search(value)
    if action_id in {*RUN_LINES, OPEN_ISSUE_FORM}:
        assert value.split(maxsplit=1)[0].isalpha()  # a verb, then what was typed
    elif action_id in {*TURN_ACTIVE, *TURN_USED}:
        assert HomePage.of_value(value).as_value() == value
    elif action_id.startswith(("report_", "open_status")):
        assert QUERY.fullmatch(value)
        assert read_query(value).as_value() == value
    elif action_id.startswith("meetings_"):
        assert ShowMeetings.of_value(value).as_value() == value
    else:
        assert IDS.fullmatch(value)


def texts(part: Any) -> Iterator[str]:
    """Yield every mrkdwn text."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            assert part["verbatim"] is True
            yield part["text"]
        for inner in part.values():
            yield from texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from texts(inner)


def elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every button and menu."""
    for block in blocks:
        if "accessory" in block:
            yield block["accessory"]
        if block["type"] == "actions":
            yield from block["elements"]


def everything_of(message: Message) -> str:
    return message.text + json.dumps(message.block_json())
