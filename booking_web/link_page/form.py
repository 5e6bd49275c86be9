"""The posted form → a booking that can be tried, or what is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl
from uuid import uuid4

from booking_web.link_page.query import DAYS_SHOWN, PageQuery, read_query
from scheduling.contacts import (
    EMAIL_LENGTH,
    MOST_GUESTS,
    NAME_LENGTH,
    NOTES_LENGTH,
    Booker,
    Contact,
    read_email,
    read_guests,
)
from scheduling.places import read_phone
from scheduling.plain_text import clean, fold
from scheduling.secrets.keyring import Keyring
from scheduling.times.time_zones import is_zone
from scheduling.times.time_zones import zone as zone_named

MOST_BYTES: Final = 256 * 1024  # of a whole form; the longest texts that we take need a tenth
MOST_FIELDS: Final = 50
ORDER: Final = ("start", "name", "email", "phone", "guests", "notes")
"""The fields as the page shows them."""

_SUBMISSION_SHAPE: Final = re.compile(r"[0-9a-f]{32}")
_YEARS: Final = range(2000, 3000)


class Problem(StrEnum):
    """What is wrong with a field; the words for it are in the template."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_OPEN = "not_open"  # only the start: it was free when the page was fetched


@dataclass(frozen=True, slots=True)
class Fields:
    """What was typed and what the page had hidden in its form; cleaned, but as long as it came."""

    start: str = ""
    name: str = ""
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    guests: str = field(default="", repr=False)
    notes: str = field(default="", repr=False)
    zone: str = ""
    first_day: str = ""
    submission_id: str = ""
    ticket: str = field(default="", repr=False)

    @property
    def query(self) -> PageQuery:
        """Return which zone and days to show again: those of the form, or where its start lies."""
        query = read_query({"zone": self.zone, "from": self.first_day})
        start = read_start(self.start)
        if start is None or query.zone is None:
            return query
        on = start.astimezone(zone_named(query.zone)).date()
        first = query.first_day
        if first is not None and 0 <= (on - first).days < DAYS_SHOWN:
            return query
        return replace(query, first_day=on)


@dataclass(frozen=True, slots=True)
class BookingForm:
    """A complete form."""

    start: datetime
    booker: Booker
    submission_id: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Problems by the name of the field, in the order of the page; `genuine` False: forged."""

    problems: Mapping[str, Problem]
    genuine: bool


def read_pairs(body: bytes) -> dict[str, str]:
    """Read `application/x-www-form-urlencoded`; of a field that comes twice the first counts.

    Whatever is no such form reads as one in which nothing was filled in.
    """
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        return {}
    posted: dict[str, str] = {}
    for name, value in pairs:
        posted.setdefault(name, value)
    return posted


def read_fields(body: bytes) -> Fields:
    """Read the booking form, see `read_pairs`."""
    read = read_posted(body)
    return Fields(
        start=read("start"),
        name=read("name"),
        email=read("email"),
        phone=read("phone"),
        guests=read("guests", lines=True),
        notes=read("notes", lines=True),
        zone=read("zone"),
        first_day=read("from"),
        submission_id=read("submission_id"),
        ticket=read("ticket"),
    )


def read_posted(body: bytes) -> Callable[..., str]:
    """Return what reads a field by its name, cleaned; `lines=True` keeps its lines."""
    posted = read_pairs(body)

    def read(name: str, *, lines: bool = False) -> str:
        text = posted.get(name, "")
        # Never cut here (composing can make a text longer): too long is the contact's to mend.
        return clean(text, limit=4 * len(text), lines=lines)

    return read


def filled_in(contact: Contact | None) -> Fields:
    """Return what the issuer knew of the contact, to be filled in; the contact may change it.

    A name without an address may be a company's, and so may one that its address has behind the @:
    it is no answer to "Your name".
    """
    if contact is None or not contact.email:
        return Fields()
    name = contact.name or ""
    company = contact.email.casefold().rpartition("@")[2].split(".")
    return Fields(name="" if set(fold(name)) & set(company) else name, email=contact.email)


def check(
    fields: Fields, *, keyring: Keyring, lookups: tuple[bytes, ...]
) -> BookingForm | Incomplete:
    """Make a booking of the fields, or tell what is wrong.

    Args:
        lookups: of the link that the form was posted to; its ticket must be for one of them.
            Whether it asks for a phone number, its calendar knows: see `with_phone`.
    """
    start = read_start(fields.start)
    email = read_email(fields.email)
    guests = read_guests(fields.guests, booker=email or "")
    problems = {
        "start": _problem_of(fields.start, None, readable=start is not None),
        "name": _problem_of(fields.name, NAME_LENGTH),
        "email": _problem_of(fields.email, EMAIL_LENGTH, readable=email is not None),
        "guests": _problem_of_guests(guests),
        "notes": Problem.TOO_LONG if len(fields.notes) > NOTES_LENGTH else None,
    }
    found = {name: problem for name, problem in problems.items() if problem}
    genuine = is_genuine(fields, keyring, lookups) and is_zone(fields.zone)
    if found or not genuine or start is None or email is None or guests is None:
        return Incomplete(found, genuine)
    booker = Booker(
        name=fields.name,
        email=email,
        notes=fields.notes,
        zone=fields.zone,
        phone=read_phone(fields.phone) or "",
        guests=guests,
    )
    return BookingForm(start, booker, fields.submission_id)


def with_phone(wrong: Incomplete, fields: Fields) -> Incomplete:
    """Return what is wrong with a form that asks for a number to call, in the order of the page."""
    problem = _problem_of(fields.phone, None, readable=read_phone(fields.phone) is not None)
    found = {**wrong.problems, **({"phone": problem} if problem else {})}
    return Incomplete({name: found[name] for name in ORDER if name in found}, wrong.genuine)


def read_start(text: str) -> datetime | None:
    """Read an instant such as 2026-12-07T09:00:00Z, or return None."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    if start.tzinfo is None or start.year not in _YEARS:
        return None
    return start.astimezone(UTC)


def write_start(start: datetime) -> str:
    """Write what `read_start` reads; start is in UTC."""
    return start.isoformat()[:19] + "Z"


def new_submission_id() -> str:
    """Return the name of one fetched form: all its submissions are one booking."""
    return uuid4().hex


def _problem_of_guests(guests: tuple[str, ...] | None) -> Problem | None:
    if guests is None:
        return Problem.UNREADABLE
    return Problem.TOO_MANY if len(guests) > MOST_GUESTS else None


def is_submission_id(text: str) -> bool:
    """Tell whether it has the shape of what `new_submission_id` returns."""
    return _SUBMISSION_SHAPE.fullmatch(text) is not None


def _problem_of(text: str, limit: int | None, *, readable: bool = True) -> Problem | None:
    if not text:
        return Problem.MISSING
    if limit is not None and len(text) > limit:
        return Problem.TOO_LONG
    return None if readable else Problem.UNREADABLE


def is_genuine(fields: Fields, keyring: Keyring, lookups: tuple[bytes, ...]) -> bool:
    """Tell whether the form was fetched from the page of this link."""
    if not is_submission_id(fields.submission_id):
        return False
    return any(
        keyring.is_form_ticket(fields.ticket, lookup, fields.submission_id) for lookup in lookups
    )
