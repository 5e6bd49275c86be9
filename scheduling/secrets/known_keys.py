"""The keys that a database was used with. Links are not issued, nor opened, with wrong ones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from scheduling.database.models import Appointment, Booking, KnownKey, OneTimeLink
from scheduling.links.status import is_active
from scheduling.restoring import delete_active_links
from scheduling.secrets.keyring import Keyring, Purpose, SecretRecord

FORGOTTEN = "OTL keys forget"
"""Stands where a link says who deleted it; no Slack user has such an id."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What opens with a key alone: links that are active, meetings that have not ended."""

    links: int
    meetings: int


class WrongKey(Exception):
    """A key has the id of one that this database knows, and is another."""

    def __init__(self, key_id: str, closed: Closed) -> None:
        super().__init__(f"key {key_id} is not the one that is known")
        self.key_id = key_id
        self.closed = closed


class MissingKeys(Exception):
    """Keys that something opens with are not in the ring."""

    def __init__(self, key_ids: Iterable[str], closed: Closed) -> None:
        self.key_ids = tuple(sorted(key_ids))
        super().__init__(f"keys {', '.join(self.key_ids)} are missing")
        self.closed = closed


def check_keys(session: Session, *, keyring: Keyring | None, now: datetime) -> bool:
    """Compare the ring with the keys that are known; return True if one is new.

    A key that left the ring is missed only while something that is open needs it.

    Args:
        keyring: None where there is none yet: then all that are known are missed.

    Raises:
        WrongKey, MissingKeys: see there.
    """
    known = {row.key_id: row for row in session.scalars(select(KnownKey))}
    present = {} if keyring is None else keyring.fingerprints()
    for key_id, fingerprint in present.items():
        row = known.get(key_id)
        if row.fingerprint != fingerprint if row else not _fits(session, keyring, key_id):
            raise WrongKey(key_id, closed_without(session, [key_id], now=now))
    gone = {key_id for key_id, row in known.items() if row.forgotten_at is not None}
    missing = _needed(session, [*present, *gone], now)
    if keyring is None:
        missing |= known.keys() - gone
    if missing:
        raise MissingKeys(missing, closed_without(session, missing, now=now))
    return any(key_id not in known or key_id in gone for key_id in present)


def learn_keys(session: Session, *, keyring: Keyring, now: datetime) -> None:
    """Remember the keys of the ring. One that was forgotten, and is found again, is known again.

    Raises:
        WrongKey, MissingKeys: nothing is learnt.
    """
    check_keys(session, keyring=keyring, now=now)
    known = {row.key_id: row for row in session.scalars(select(KnownKey))}
    for key_id, fingerprint in keyring.fingerprints().items():
        row = known.get(key_id)
        if row is None:
            session.add(KnownKey(key_id=key_id, fingerprint=fingerprint, known_since=now))
        else:
            row.forgotten_at = None


def forget_key(session: Session, *, key_id: str, now: datetime) -> int:
    """Give a key up: delete its active links, and never miss it again; return how many they were.

    Raises:
        LookupError: nothing was ever made with such a key.
    """
    row = session.get(KnownKey, key_id)
    used = session.scalar(select(OneTimeLink.id).where(OneTimeLink.key_id == key_id).limit(1))
    if row is None and used is None:
        raise LookupError(key_id)
    if row is None:
        # Nobody knows what it looked like, so that no other key may ever have its id.
        row = KnownKey(key_id=key_id, fingerprint=b"", known_since=now)
        session.add(row)
    row.forgotten_at = now
    return delete_active_links(session, OneTimeLink.key_id == key_id, by=FORGOTTEN, now=now)


def unused_key_id(session: Session) -> str:
    """Return the lowest number that no key of this database ever had."""
    taken = set(session.scalars(select(KnownKey.key_id)))
    taken |= set(session.scalars(select(OneTimeLink.key_id).distinct()))
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)


def closed_without(session: Session, key_ids: Collection[str], *, now: datetime) -> Closed:
    """Count what nobody can open without these keys."""
    links = session.scalar(
        select(func.count())
        .select_from(OneTimeLink)
        .where(is_active(now), OneTimeLink.key_id.in_(key_ids))
    )
    meetings = session.scalar(
        _meetings(now).where(Booking.key_id.in_(key_ids)).with_only_columns(func.count())
    )
    return Closed(links or 0, meetings or 0)


def _needed(session: Session, but: Collection[str], now: datetime) -> set[str]:
    """Return the other keys with which something opens that is open."""
    links = select(OneTimeLink.key_id).where(is_active(now), OneTimeLink.key_id.not_in(but))
    meetings = _meetings(now).where(Booking.key_id.not_in(but))
    return {*session.scalars(links.distinct()), *session.scalars(meetings.distinct())}


def _meetings(now: datetime) -> Select[str]:
    return (
        select(Booking.key_id)
        .join(Appointment, Appointment.id == Booking.appointment_id)
        .where(Booking.cancelled_at.is_(None), Appointment.ends_at > now)
    )


def _fits(session: Session, keyring: Keyring | None, key_id: str) -> bool:
    """Tell whether a key that is not known yet made the links that name it, if there are any."""
    link = session.execute(
        select(OneTimeLink.key_id, OneTimeLink.nonce, OneTimeLink.lookup)
        .where(OneTimeLink.key_id == key_id)
        .limit(1)
    ).first()
    return link is None or (
        keyring is not None and keyring.has_made(Purpose.LINK, SecretRecord(*link))
    )
