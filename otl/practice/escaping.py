"""How Slack rewrites what a person typed before an app sees it. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from otl.practice.people import Channel, ChannelKind, Person

_ADDRESS: Final = re.compile(
    r"(?<![\w.+|:-])([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,})(?![\w|>])"
)
_URL: Final = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+[^\s<>|.,;:!?)'\"])")


def escape_entities(text: str) -> str:
    """Write the three characters that Slack keeps for itself."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_typed(text: str, people: Iterable[Person], channels: Iterable[Channel]) -> str:
    """Turn @name, #channel, addresses and links into Slack's marks, after escaping the rest.

    This is what `should_escape: true` gives a slash command, and what a message's text holds.
    """
    written = _URL.sub(r"<\1>", escape_entities(text))
    written = _ADDRESS.sub(r"<mailto:\1|\1>", written)
    written = _mention_people(written, people)
    return _mention_channels(written, channels)


def _mention_people(text: str, people: Iterable[Person]) -> str:
    ids = {}
    for person in people:
        ids[person.name.lower()] = person
        ids[person.real_name.lower()] = person
    return _replace_names(text, "@", {word: f"<@{p.id}|{p.name}>" for word, p in ids.items()})


def _mention_channels(text: str, channels: Iterable[Channel]) -> str:
    named = [channel for channel in channels if channel.kind is not ChannelKind.DIRECT]
    return _replace_names(text, "#", {c.name.lower(): f"<#{c.id}|{c.name}>" for c in named})


def _replace_names(text: str, sign: str, marks: dict[str, str]) -> str:
    if not marks:
        return text
    longest_first = sorted(marks, key=len, reverse=True)
    names = "|".join(re.escape(name) for name in longest_first)
    pattern = re.compile(rf"(?<![\w{sign}<|.]){sign}({names})(?![\w-])", re.IGNORECASE)
    return pattern.sub(lambda found: marks[found[1].lower()], text)
