"""A link as people see it, read from its facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.bookings.assigned import IS_ASSIGNED
from scheduling.calendars.find import CalendarDetails, Host, calendars_by_id, host_of
from scheduling.contacts import Contact
from scheduling.database.models import Appointment, Booking, Occupation, OneTimeLink, Resource
from scheduling.errors import LinkNotActive, UnknownLink
from scheduling.links.status import LinkStatus, status_of
from scheduling.secrets.keyring import SecretRecord


@dataclass(frozen=True, slots=True)
class BookingSummary:
    """What became of a used link."""

    starts_at: datetime
    ends_at: datetime
    contact_name: str
    hosts: tuple[Host, ...]
    cancelled: bool


@dataclass(frozen=True, slots=True)
class LinkDetails:
    """A one-time link and what happened to it.

    Attributes:
        public_id: what people say in Slack, "L-7K2QXA".
        contact: whom it was issued for; None if nobody was named.
        issued_by, deleted_by: Slack user ids.
        channel_id: where it was issued.
        replaces, replaced_by: public ids of its neighbours in a chain of regenerated links.
        booking: only of a used link.
        secret: gives the token again, with the key that is not in the database.
        seen_at: when a person first had its page before them, scanners and previews not counted.
    """

    id: int
    public_id: str
    status: LinkStatus
    calendar: CalendarDetails
    contact: Contact | None
    issued_by: str
    channel_id: str
    issued_at: datetime
    used_at: datetime | None
    deleted_at: datetime | None
    deleted_by: str | None
    expires_at: datetime | None
    replaces: str | None
    replaced_by: str | None
    booking: BookingSummary | None
    secret: SecretRecord = field(repr=False)
    seen_at: datetime | None = None


def find_link(session: Session, *, workspace_id: int, public_id: str) -> OneTimeLink:
    """Return the row of a public id.

    Raises:
        UnknownLink: there is none.
    """
    row = session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.workspace_id == workspace_id, OneTimeLink.public_id == public_id
        )
    )
    if row is None:
        raise UnknownLink(public_id)
    return row


def link_by_lookups(session: Session, lookups: tuple[bytes, ...]) -> OneTimeLink:
    """Return the row of a token.

    Raises:
        UnknownLink: no link has it.
    """
    link = session.scalar(select(OneTimeLink).where(OneTimeLink.lookup.in_(lookups)))
    if link is None:
        raise UnknownLink
    return link


def link_by_id(session: Session, *, link_id: int, now: datetime) -> LinkDetails:
    """Return the details of a link that exists."""
    return details_of(session, [session.get_one(OneTimeLink, link_id)], now=now)[0]


def details_of(
    session: Session, rows: Sequence[OneTimeLink], *, now: datetime
) -> tuple[LinkDetails, ...]:
    """Return the details of these rows, in their order."""
    calendars = calendars_by_id(session, (row.calendar_id for row in rows))
    bookings = _bookings(session, [row.id for row in rows if row.used_at is not None])
    replaced = _public_ids(session, [row.replaces_id for row in rows if row.replaces_id])
    replacing = _replacements(session, [row.id for row in rows])
    return tuple(
        LinkDetails(
            id=row.id,
            public_id=row.public_id,
            status=status_of(row, now=now),
            calendar=calendars[row.calendar_id],
            contact=contact_of(row),
            issued_by=row.issued_by,
            channel_id=row.channel_id,
            issued_at=row.issued_at,
            used_at=row.used_at,
            deleted_at=row.deleted_at,
            deleted_by=row.deleted_by,
            expires_at=row.expires_at,
            replaces=replaced.get(row.replaces_id or 0),
            replaced_by=replacing.get(row.id),
            booking=bookings.get(row.id),
            secret=SecretRecord(row.key_id, row.nonce, row.lookup),
            seen_at=row.seen_at,
        )
        for row in rows
    )


def not_active(row: OneTimeLink, *, now: datetime) -> LinkNotActive:
    """Make the refusal for a link that is not active any more."""
    since = row.used_at or row.deleted_at or row.expires_at
    assert since is not None
    return LinkNotActive(row.public_id, status_of(row, now=now), since)


def contact_of(row: OneTimeLink) -> Contact | None:
    """Return whom a row was issued for."""
    if row.contact_name is None and row.contact_email is None:
        return None
    return Contact(row.contact_name, row.contact_email)


def hosts_of_appointments(
    session: Session, appointment_ids: Iterable[int]
) -> Mapping[int, tuple[Host, ...]]:
    """Return whose time each appointment takes; of one that was cancelled, whose it took."""
    hosts: dict[int, list[Host]] = {}
    for appointment_id, resource in session.execute(
        select(Occupation.appointment_id, Resource)
        .join(Resource, Resource.id == Occupation.resource_id)
        .join(Appointment, Appointment.id == Occupation.appointment_id)
        .where(Occupation.appointment_id.in_(set(appointment_ids)), IS_ASSIGNED)
        .order_by(Resource.id)
    ):
        hosts.setdefault(appointment_id, []).append(host_of(resource))
    return {appointment_id: tuple(of_one) for appointment_id, of_one in hosts.items()}


def _bookings(session: Session, link_ids: Sequence[int]) -> dict[int, BookingSummary]:
    if not link_ids:
        return {}
    rows = session.execute(
        select(Booking, Appointment)
        .join(Appointment, Appointment.id == Booking.appointment_id)
        .where(Booking.link_id.in_(link_ids))
    ).all()
    hosts = hosts_of_appointments(session, (appointment.id for _, appointment in rows))
    return {
        booking.link_id: BookingSummary(
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            contact_name=booking.contact_name,
            hosts=hosts.get(appointment.id, ()),
            cancelled=booking.cancelled_at is not None,
        )
        for booking, appointment in rows
    }


def _public_ids(session: Session, link_ids: Sequence[int]) -> dict[int, str]:
    if not link_ids:
        return {}
    found = session.execute(
        select(OneTimeLink.id, OneTimeLink.public_id).where(OneTimeLink.id.in_(link_ids))
    )
    return {id_: public_id for id_, public_id in found}  # noqa: C416  # a Row is no tuple to mypy


def _replacements(session: Session, link_ids: Sequence[int]) -> dict[int, str]:
    found = session.execute(
        select(OneTimeLink.replaces_id, OneTimeLink.public_id).where(
            OneTimeLink.replaces_id.in_(link_ids)
        )
    )
    return {old: public_id for old, public_id in found if old is not None}
