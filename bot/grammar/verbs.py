"""The words that may follow /otl, and the near match of one that may not. Pure."""

from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz, process


class Verb(StrEnum):
    """The first word after /otl."""

    HELP = "help"
    CALENDARS = "calendars"
    ISSUE = "issue"
    COPY = "copy"
    REGENERATE = "regenerate"
    STATUS = "status"
    DELETE = "delete"
    HEALTH = "health"


NEAR_ENOUGH: Final = 60  # of 100; "isue" and "stauts" are, "onboarding" is not

# What people say elsewhere for the same; it is suggested, not run.
_OTHER_WORDS: Final = {
    "list": Verb.CALENDARS,
    "calendar": Verb.CALENDARS,
    "new": Verb.ISSUE,
    "create": Verb.ISSUE,
    "send": Verb.ISSUE,
    "link": Verb.ISSUE,
    "book": Verb.ISSUE,
    "share": Verb.COPY,
    "show": Verb.STATUS,
    "links": Verb.STATUS,
    "report": Verb.STATUS,
    "renew": Verb.REGENERATE,
    "replace": Verb.REGENERATE,
    "remove": Verb.DELETE,
    "revoke": Verb.DELETE,
    "cancel": Verb.DELETE,
    "doctor": Verb.HEALTH,
    "notifications": Verb.HEALTH,
}


def find_verb(word: str) -> Verb | None:
    """Return the verb that is spelled so, in any case."""
    lowered = word.lower()
    return Verb(lowered) if lowered in set(Verb) else None


def find_near_verb(word: str) -> Verb | None:
    """Return the verb that was probably meant."""
    lowered = word.lower()
    if lowered in _OTHER_WORDS:
        return _OTHER_WORDS[lowered]
    found = process.extractOne(lowered, list(Verb), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return None if found is None else Verb(found[0])
