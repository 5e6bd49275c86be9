"""The model: its state, a plain dict, the operations on it, and what can be seen of it."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from tests.given import ANA, KIM, SAM

State = dict[str, Any]
Answer = tuple[Any, ...]

MINUTE: Final = timedelta(minutes=1)
FAIRNESS: Final = timedelta(days=15)
WINDOW: Final = timedelta(days=60)
HOURS: Final = {
    "all day": (time(9), time(17)),
    "mornings": (time(9), time(12)),
    "never": None,
}
FRESH, KNOWN = "fresh", "made before"
ALONE, ROUND, CLASS = "alone", "round", "class"
OWNER: Final = SAM
ADMINS: Final = (KIM, "U0ADMIN1", "U0ADMIN2", "U0ADMIN3")
ACTORS: Final = (SAM, ANA, *ADMINS)
"""One each for operations at once, so that each answer is somebody's own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the model knows of a calendar; hosts in the order of their ids."""

    hosts: tuple[str, ...]
    duration: timedelta
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)
    seats: int = 1


CALENDARS: Final = {
    ALONE: Kind((SAM,), 30 * MINUTE, before=10 * MINUTE, after=5 * MINUTE),
    ROUND: Kind((SAM, ANA), 30 * MINUTE),
    CLASS: Kind((ANA,), 60 * MINUTE, seats=2),
}


@dataclass(frozen=True, slots=True)
class Issue:
    calendar: str
    deadline: timedelta | None
    by: str
    key: str


@dataclass(frozen=True, slots=True)
class Copy:
    link: str
    by: str


@dataclass(frozen=True, slots=True)
class Open:
    link: str


@dataclass(frozen=True, slots=True)
class Book:
    """One sending of a form; `submission` is the form's own id."""

    link: str
    submission: str
    start: datetime


@dataclass(frozen=True, slots=True)
class Delete:
    link: str
    by: str


@dataclass(frozen=True, slots=True)
class Regenerate:
    link: str
    by: str
    key: str


@dataclass(frozen=True, slots=True)
class SetHours:
    calendar: str
    hours: str


@dataclass(frozen=True, slots=True)
class Switch:
    calendar: str
    on: bool


Operation = Issue | Copy | Open | Book | Delete | Regenerate | SetHours | Switch


class Mismatch(AssertionError):
    """No right program answers this way here."""


@dataclass(frozen=True, slots=True)
class View:
    """All that must be equal between the model and the database, at one instant."""

    statuses: dict[str, str]
    counts: dict[str, int]
    chain: dict[str, str | None]
    bookings: frozenset[tuple[str, str, datetime]] = field(default_factory=frozenset)
    occupied: frozenset[tuple[str, datetime, datetime]] = field(default_factory=frozenset)
    deliveries: tuple[tuple[str, str, str], ...] = ()


def nothing_yet() -> State:
    return {
        "links": {},
        "bookings": {},
        "occupied": frozenset(),
        "calendars": {slug: {"on": True, "hours": "all day"} for slug in CALENDARS},
        "keys": {},
        "deliveries": (),
    }


def view(state: State, now: datetime) -> View:
    """Say how the database must look."""
    statuses = {link: status(facts, now) for link, facts in state["links"].items()}
    counts: dict[str, int] = {}
    for word in statuses.values():
        counts[word] = counts.get(word, 0) + 1
    return View(
        statuses,
        counts,
        {link: facts["replaces"] for link, facts in state["links"].items()},
        frozenset(
            (submission, booking["link"], booking["start"])
            for submission, booking in state["bookings"].items()
        ),
        state["occupied"],
        tuple(sorted(state["deliveries"])),
    )


def status(facts: dict[str, Any], now: datetime) -> str:
    if facts["used"]:
        return "used"
    if facts["deleted"]:
        return "deleted"
    if facts["expires"] is not None and facts["expires"] <= now:
        return "expired"
    return "active"


def changes_for_the_worse(calendar: str) -> list[Operation]:
    hours = [SetHours(calendar, words) for words in ("mornings", "never")]
    return [Switch(calendar, on=False), *hours]
