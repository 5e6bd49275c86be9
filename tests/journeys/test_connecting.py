"""README's "Connect a real workspace", followed to the letter with a stand-in for Slack."""

import re
import shlex
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bot.manifest import manifest
from otl.practice import PracticeSlack, running_practice
from otl.practice.people import App, Channel, Person
from tests.journeys.contact import Contact
from tests.otl.processes import running, said_by

README: Final = Path(__file__).parents[2] / "README.md"
PERSON: Final = "U0123456789"  # as README's calendar names them
CHANNEL: Final = "C0123456789"
SIGNING_SECRET: Final = "the-signing-secret-of-a-new-operator"
STUCK_SECONDS: Final = 60.0
LINK: Final = re.compile(r"https://book\.example\.com(/otl/[a-z0-9]{32})")


def section() -> str:
    """Return what README says between the heading and the next one."""
    _, _, rest = README.read_text(encoding="utf-8").partition("\n## Connect a real workspace\n")
    return rest.partition("\n## ")[0]


def block(language: str) -> str:
    """Return the only block of that kind in the section, without its indentation."""
    (found,) = re.findall(rf"^ *```{language}\n(.*?)^ *```", section(), re.DOTALL | re.MULTILINE)
    return str(found)


@dataclass(slots=True)
class Terminal:
    """What the operator types goes in here, a line at a time.

    Attributes:
        given: what stands where README writes a token with an ellipsis.
        exported: by the lines typed so far.
    """

    folder: Path
    given: dict[str, str]
    exported: dict[str, str] = field(default_factory=dict)

    def export(self, assignments: list[str]) -> None:
        for name, _, value in (one.partition("=") for one in assignments):
            self.exported[name] = self.given[name] if value.endswith("…") else value

    def settings(self, **others: str) -> dict[str, str]:
        return self.exported | others


@pytest.fixture
async def slack() -> AsyncIterator[PracticeSlack]:
    """A workspace in which README's person and channel are, and the manifest's app."""
    settings = yaml.safe_load(manifest(None))["settings"]
    app = App(events=frozenset(settings["event_subscriptions"]["bot_events"]))
    slack = PracticeSlack(
        signing_secret=SIGNING_SECRET,
        app=app,
        people=[Person(PERSON, "sam", "Sam Rivera", "sam@example.com")],
        channels=[Channel(CHANNEL, "sales", members={PERSON})],
        history_lag=0.0,
    )
    async with running_practice(slack):
        yield slack


def commands() -> list[list[str]]:
    """Return the lines to type, taken apart as a shell does."""
    lines = [line.strip() for line in block("console").splitlines()]
    assert all(line.startswith("$ ") for line in lines), lines
    return [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]


@pytest.mark.parametrize("door", ["socket", "http"])
async def test_the_steps_lead_to_the_first_link_used(
    slack: PracticeSlack, tmp_path: Path, door: str
) -> None:
    (tmp_path / "calendars.toml").write_text(block("toml"), encoding="utf-8")
    tokens = {"SLACK_BOT_TOKEN": slack.tokens.bot, "SLACK_APP_TOKEN": slack.tokens.app}
    terminal = Terminal(tmp_path, tokens)
    served = False

    for program, *words in commands():
        match program:
            case "make":
                assert words == ["production"]  # this very test runs in what it makes
            case "export":
                terminal.export(words)
                if door == "http" and terminal.exported.pop("SLACK_APP_TOKEN", None):
                    terminal.exported["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
            case ".venv/bin/otl" if words == ["serve"]:
                await serves_until_a_link_is_used(slack, terminal, door)
                served = True
            case ".venv/bin/otl":
                await step(slack, terminal, words)
            case _:
                pytest.fail(f"README says to type {program}, and nobody has tried that")

    assert served


async def step(slack: PracticeSlack, terminal: Terminal, words: list[str]) -> None:
    """Type a command that ends, and see that README's promise of it holds."""
    if words == ["doctor"]:
        await slack.type(PERSON, CHANNEL, "/invite @OTL")  # step 4 says to
    code, said = await said_by(
        *words, folder=terminal.folder, **terminal.settings(SLACK_API_URL=slack.api_url)
    )
    assert code == 0, said
    assert "MEND" not in said
    if words[:2] == ["calendars", "load"]:
        made, no_room = said.splitlines()
        assert made == "made: onboarding-call"
        assert "type `/otl me` in Slack" in no_room


async def serves_until_a_link_is_used(slack: PracticeSlack, terminal: Terminal, door: str) -> None:
    """Start the server, type the commands of the last step in Slack, and book."""
    settings = terminal.settings(SLACK_API_URL=slack.api_url, OTL_PORT="0")
    async with running("serve", folder=terminal.folder, **settings) as server, Contact() as jane:
        base = await server.serves()
        if door == "http":
            slack.connect_http(f"{base}/slack/events")
        await answered(slack, "/otl calendars", "1 calendar")
        card = await answered(slack, "/otl issue onboarding-call for Jane", "One-time link")
        link = LINK.search(card)
        assert link is not None, card
        await jane.books(base + link[1], name="Jane Doe")
        told = await slack.until(
            lambda: [one for one in slack.messages(CHANNEL) if "Link used" in one.text],
            seconds=STUCK_SECONDS,
        )
        server.terminate()
        assert await server.ends() == 0

    assert [one.text for one in told if "Jane Doe booked Onboarding Call" in one.text]
    assert (terminal.folder / "var" / "otl.sqlite3").exists()
    assert (terminal.folder / "var" / "otl.key").exists()


async def answered(slack: PracticeSlack, line: str, words: str) -> str:
    """Type a command in the channel and return what comes back, in which these words are."""
    answer: Any = await slack.command(PERSON, CHANNEL, line)
    assert answer.ok, answer
    found = await slack.until(
        lambda: [one.text for one in slack.ephemerals(PERSON) if words in one.text],
        seconds=STUCK_SECONDS,
    )
    return str(found[-1])


def test_the_manifest_for_http_is_printed_by_the_line_that_readme_gives() -> None:
    (url,) = re.findall(r"`\.venv/bin/otl manifest --url (\S+)`", section())

    settings = yaml.safe_load(manifest(url))["settings"]

    assert settings["event_subscriptions"]["request_url"] == f"{url}/slack/events"
    assert not settings["socket_mode_enabled"]
