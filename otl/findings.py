"""What `otl doctor` finds, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What a finding asks for."""

    FINE = "ok  "
    MEND = "MEND"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and what to do."""

    mark: Mark
    words: str


def fine(words: str) -> Finding:
    """Nothing to do."""
    return Finding(Mark.FINE, words)


def mend(words: str) -> Finding:
    """OTL does not work, or not safely, until this is done."""
    return Finding(Mark.MEND, words)


def note(words: str) -> Finding:
    """Good to know."""
    return Finding(Mark.NOTE, words)
