"""Who books: a contact, as the rep named them or as they named themselves. Pure."""

import re
from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email

from scheduling.times.words import CLOCK_24, ENGLISH, Clock

NAME_LENGTH = 200
EMAIL_LENGTH = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
NOTES_LENGTH = 2000
PHONE_LENGTH = 40

MOST_GUESTS = 5

ERASED_NAME = "a contact"
"""Stands where the name of whoever booked was erased."""


_IN_BRACKETS = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a link is for. Texts are clean (`plain_text.clean`); one of them may be None."""

    name: str | None
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books: clean texts, a valid address; notes and phone are "" if nothing was written."""

    name: str
    email: str = field(repr=False)
    notes: str = field(repr=False)
    zone: str  # IANA name, the zone the times were shown in
    phone: str = field(default="", repr=False)
    language: str = ENGLISH  # BCP 47 tag, in which what is sent later is written
    clock: Clock = CLOCK_24  # how its times are written
    guests: tuple[str, ...] = field(default=(), repr=False)  # addresses, see `read_guests`


def read_email(text: str) -> str | None:
    """Return the address in its normal form, or None if it is none. Nothing is looked up in DNS."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def read_guests(text: str, *, booker: str) -> tuple[str, ...] | None:
    """Return the addresses of guests, in small letters, each once and not the booker's own.

    Args:
        text: addresses with anything between that people put there, "Joe <joe@acme.com>" too.
        booker: address of whoever brings them along.

    Returns:
        None: something in it is no address.
    """
    parts = (part for part in re.split(r"[,;\n]", text) if part.strip())
    words = [word for part in parts for word in (_IN_BRACKETS.findall(part) or part.split())]
    read = [read_email(word) for word in words]
    guests = dict.fromkeys((address or "").lower() for address in read)
    if None in read or any(len(one) > EMAIL_LENGTH for one in guests):
        return None
    return tuple(one for one in guests if one.casefold() != booker.casefold())


def ascii_email(text: str) -> str | None:
    """Return the address as every mail server takes it, its domain in IDNA's letters.

    None: it is no address, or what stands before the @ has letters that only SMTPUTF8 carries
    (RFC 6531).
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).ascii_email
    except EmailNotValidError:
        return None


def is_forwarded(link_contact: Contact | None, booker: Booker) -> bool:
    """Tell whether somebody booked by another address than their link was issued for.

    Where it was issued without one, nothing is known: another name is no proof.
    """
    if link_contact is None or not link_contact.email or not booker.email:
        return False
    return _mailbox(link_contact.email) != _mailbox(booker.email)


def _mailbox(email: str) -> str:
    """Return an address as mailboxes tell each other apart: jane+otl@acme.com is jane@acme.com.

    RFC 5321 §2.4 lets capitals of the part before the @ count; no provider does.
    """
    local, _, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
