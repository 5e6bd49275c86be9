"""What the contacts did and were told: every attempt begins with INVOKE and ends once."""

import json
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """The names are those of Jepsen's histories, but for UNKNOWN, which is their `info`."""

    INVOKE = "invoke"
    OK = "ok"  # confirmed: the contact sees a booking
    FAIL = "fail"  # refused: nothing was changed
    UNKNOWN = "unknown"  # no answer, or 503: it may have been stored


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history.

    Attributes:
        attempt: pairs an INVOKE with what it ended as.
        link: its public id.
        submission: the fetched form's; the same form sent again has the same.
        start: the time that was asked for, epoch seconds.
        told: OK: the booking's look-up value, hexadecimal; FAIL: the status; UNKNOWN: what it was.
    """

    kind: Kind
    attempt: int
    link: str
    submission: str
    start: int
    told: str = ""
    at: float = field(default_factory=time.monotonic)


class History:
    """Grows while the contacts book."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._attempts = 0

    def invoke(self, link: str, submission: str, start: int) -> Event:
        """Note that a form is being sent; give the event back to `ended`."""
        self._attempts += 1
        event = Event(Kind.INVOKE, self._attempts, link, submission, start)
        self.events.append(event)
        return event

    def never_sent(self, invoked: Event) -> None:
        """Take back an invocation that nobody can have heard: the connection was refused."""
        self.events.remove(invoked)

    def ended(self, invoked: Event, kind: Kind, told: str) -> None:
        """Note what came of it."""
        self.events.append(
            Event(kind, invoked.attempt, invoked.link, invoked.submission, invoked.start, told)
        )

    def write(self, path: Path) -> None:
        """Keep it, a line of JSON an event."""
        lines = (json.dumps(asdict(event)) for event in self.events)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
