"""What the practice workspace says of the app is what the manifest says of it."""

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bot.commands.registry import parse_command
from otl.practice.demo_data import APP

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture
def manifest() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return read


def test_the_app_hears_the_events_that_its_manifest_asks_for(manifest: dict[str, Any]) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert set(subscribed) == APP.events


def test_the_app_is_installed_as_its_manifest_describes_it(manifest: dict[str, Any]) -> None:
    features = manifest["features"]

    assert [one["command"] for one in features["slash_commands"]] == list(APP.commands)
    assert features["bot_user"]["display_name"] == APP.name
    assert features["app_home"]["messages_tab_read_only_enabled"] is APP.talk_is_read_only


@pytest.mark.parametrize("line", sorted({*(line for line, _ in APP.hints), APP.guide[0].line}))
def test_every_line_that_is_offered_is_a_command_that_the_bot_understands(line: str) -> None:
    command, _, text = line.partition(" ")

    understood = parse_command(text)  # raises where it is not understood

    assert command in APP.commands
    assert understood.verb.name
