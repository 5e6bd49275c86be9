"""Typed text as words: quotes keep words together, Slack's signs are read. Pure."""

import re
from dataclasses import dataclass
from typing import Final, Self

from scheduling.plain_text import clean

TEXT_LIMIT: Final = 2000
"""A longer text is refused and never cut: its end may be a deadline."""

_STRAIGHT_QUOTES: Final = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"')
)
# A quoted word begins and ends where a word does; a quote inside a word (5") is part of it.
_WORD: Final = re.compile(
    r"""
    "(?P<quoted>[^"]*)"[,;.]?(?=\s|$)
    | \u2018(?P<single>[^\u2018\u2019]*)\u2019[,;.]?(?=\s|$)
    | (?P<bare>(?:<[^<>]*>|\S)+)
    """,
    re.VERBOSE,
)
# Slack escapes what people type, so every "<" that is left is its own sign.
# https://docs.slack.dev/messaging/formatting-message-text#advanced
_SIGN: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_PERSON: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or several in quotes; person is the Slack user id of one that is a mention.

    Attributes:
        raw: as it was typed, with its quotes and as Slack escaped it; read again, it is this word.
    """

    text: str
    is_quoted: bool = False
    person: str | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Some words in their order."""

    words: tuple[Word, ...]

    def first_word(self) -> tuple[str, Self]:
        """Return the first word ("" if there is none) and the rest."""
        first = self.words[0].text if self.words else ""
        return first, type(self)(self.words[1:])

    def last_word(self) -> tuple[Self, str]:
        """Return all before the last word, and that; "" if there is none or it is quoted."""
        if not self.words or self.words[-1].is_quoted:
            return self, ""
        return type(self)(self.words[:-1]), self.words[-1].text

    def split_at_first(self, keyword: str) -> tuple[Self, Self | None]:
        """Return what stands before and after the first unquoted keyword; None if there is none."""
        places = self._places(keyword)
        return self._split(places[0]) if places else (self, None)

    def split_at_last(self, keyword: str) -> tuple[Self, Self | None]:
        """Return what stands before and after the last unquoted keyword; None if there is none."""
        places = self._places(keyword)
        return self._split(places[-1]) if places else (self, None)

    def text(self) -> str:
        """Return the words with a space between them, without their quotes."""
        return " ".join(word.text for word in self.words if word.text)

    def raw(self) -> str:
        """Return the words as they were typed, so that reading them gives the same words."""
        return " ".join(word.raw for word in self.words)

    @property
    def person(self) -> str | None:
        """The Slack user id, if one mention is all there is."""
        return self.words[0].person if len(self.words) == 1 else None

    @property
    def is_quoted(self) -> bool:
        """Whether any of it stands in quotes."""
        return any(word.is_quoted for word in self.words)

    def _places(self, keyword: str) -> list[int]:
        return [
            place
            for place, word in enumerate(self.words)
            if not word.is_quoted and word.text.lower() == keyword
        ]

    def _split(self, place: int) -> tuple[Self, Self]:
        return type(self)(self.words[:place]), type(self)(self.words[place + 1 :])


def read_typed(text: str) -> Typed:
    """Take a slash command's text apart; Slack has escaped it (`should_escape`)."""
    tidy = clean(text.translate(_STRAIGHT_QUOTES), limit=TEXT_LIMIT)
    return Typed(tuple(_read_word(found) for found in _WORD.finditer(tidy)))


def as_typed(text: str) -> str:
    """Return the text as it stood in the composer, before Slack escaped it."""
    return clean(_without_signs(text), limit=TEXT_LIMIT)


def _read_word(found: re.Match[str]) -> Word:
    quoted = found["quoted"] if found["quoted"] is not None else found["single"]
    if quoted is not None:
        return Word(_without_signs(quoted).strip(), is_quoted=True, raw=found[0])
    bare = found["bare"]
    person = _PERSON.fullmatch(bare)
    return Word(_without_signs(bare), person=person[1] if person else None, raw=bare)


def _without_signs(text: str) -> str:
    shown = _SIGN.sub(_shown, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(sign: re.Match[str]) -> str:
    """Return what people see: <@U1|jane> is @jane, <mailto:a@b.c|x> the address."""
    target, label = sign[1], sign[2]
    if target.startswith("mailto:"):
        return target.removeprefix("mailto:")
    if target[:1] in ("@", "#", "!"):
        mark = "#" if target.startswith("#") else "@"
        return mark + (label or target[1:]).lstrip("@#")
    return label or target
