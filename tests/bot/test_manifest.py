"""Manifest, listeners, grammar and README speak of the same commands."""

import re
from pathlib import Path

import pytest
import yaml

from bot.commands.help import help_lines
from bot.commands.registry import verbs
from bot.doors.http import PATH
from bot.listeners.commands import COMMAND
from bot.listeners.events import EVENTS
from bot.manifest import BOT_SCOPES, OPTIONAL_SCOPES, manifest
from otl.practice.tokens import SCOPES

ROOT = Path(__file__).parents[2]
VERBS = {name for name in verbs() if name}
URL = "https://book.example.com"


def test_the_file_in_the_repository_is_the_form_for_socket_mode() -> None:
    written = (ROOT / "manifest.yml").read_text()

    assert written == manifest()
    assert "https://book" not in re.sub(r"#.*", "", written)
    assert yaml.safe_load(written)["settings"]["socket_mode_enabled"] is True


def test_the_form_for_http_differs_by_its_address_only() -> None:
    over_http = yaml.safe_load(manifest(f"{URL}/"))
    over_socket = yaml.safe_load(manifest())

    request_url = f"{URL}{PATH}"
    assert over_http["features"]["slash_commands"][0].pop("url") == request_url
    assert over_http["settings"]["event_subscriptions"].pop("request_url") == request_url
    assert over_http["settings"]["interactivity"].pop("request_url") == request_url
    assert over_http["settings"].pop("socket_mode_enabled") is False
    assert over_socket["settings"].pop("socket_mode_enabled") is True
    assert over_http == over_socket


def test_slack_is_given_no_address_without_tls() -> None:
    with pytest.raises(ValueError, match="https"):
        manifest("http://book.example.com")


def test_the_manifest_keeps_to_slack_s_limits() -> None:
    content = yaml.safe_load(manifest())

    (command,) = content["features"]["slash_commands"]
    assert content["_metadata"] == {"major_version": 2}
    assert command["should_escape"] is True
    assert len(command["usage_hint"]) <= 1000
    assert len(content["display_information"]["description"]) <= 140
    assert len(content["display_information"]["name"]) <= 35


def test_the_manifest_asks_for_what_the_code_listens_to_and_no_more() -> None:
    content = yaml.safe_load(manifest())

    scopes = content["oauth_config"]["scopes"]
    assert [one["command"] for one in content["features"]["slash_commands"]] == [COMMAND]
    assert content["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert set(scopes["bot"]) == {*BOT_SCOPES, *OPTIONAL_SCOPES}
    assert scopes["bot_optional"] == list(OPTIONAL_SCOPES)
    assert set(scopes["bot"]) <= SCOPES  # the stand-in checks each call against its scopes


def test_the_usage_hint_and_the_help_name_every_verb() -> None:
    (command,) = yaml.safe_load(manifest())["features"]["slash_commands"]
    lines = " ".join(line for line, _ in help_lines(calendar="demo", link="L-7K2QXA"))

    assert {name for name in VERBS if name in command["usage_hint"].split()} == VERBS
    assert {name for name in VERBS if f"/otl {name}" in lines} == VERBS - {"help"}


def test_readme_s_table_has_every_verb_and_no_other() -> None:
    rows = re.findall(r"^\|\s*`/otl ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE)

    assert set(rows) == VERBS
