"""Issue a link."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduling.calendars.find import find_calendar
from scheduling.calendars.locks import lock_for_use
from scheduling.contacts import Contact
from scheduling.database.models import OneTimeLink
from scheduling.errors import CalendarInactive
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.links.contact_words import remember_words
from scheduling.links.details import LinkDetails, details_of, link_by_id
from scheduling.links.requests import made_by_request, remember_request
from scheduling.secrets.keyring import SecretRecord
from scheduling.secrets.public_ids import public_id

PUBLIC_ID_TRIES = 20


def issue_link(
    session: Session,
    *,
    workspace_id: int,
    calendar: str,
    contact: Contact | None,
    issued_by: str,
    channel_id: str,
    deadline: timedelta | None,
    request_key: str,
    secret: SecretRecord,
    now: datetime,
) -> LinkDetails:
    """Make a link for one contact.

    Args:
        calendar: slug, name or a unique beginning.
        deadline: how long it can be used; None: until it is.
        request_key: names what the issuer asked for; repeated by them, the same link comes back.

    Raises:
        UnknownCalendar, AmbiguousCalendar, CalendarGroupNamed: see `find_calendar`.
        CalendarInactive: it takes no bookings.
    """
    made = made_by_request(
        session, workspace_id=workspace_id, user_id=issued_by, request_key=request_key
    )
    if made is not None:
        return link_by_id(session, link_id=made, now=now)
    found = find_calendar(session, workspace_id=workspace_id, words=calendar)
    require_bookable(session, found.id)
    link = insert_link(
        session,
        workspace_id=workspace_id,
        calendar_id=found.id,
        contact=contact,
        issued_by=issued_by,
        channel_id=channel_id,
        deadline=deadline,
        secret=secret,
        replaces_id=None,
        now=now,
    )
    remember_request(
        session,
        workspace_id=workspace_id,
        user_id=issued_by,
        request_key=request_key,
        link_id=link.id,
        now=now,
    )
    record(session, Event(workspace_id, EventKind.LINK_ISSUED, link.id, at=now, actor=issued_by))
    return details_of(session, [link], now=now)[0]


def require_bookable(session: Session, calendar_id: int) -> None:
    """Lock the calendar against changes, and refuse if it is deactivated.

    Raises:
        CalendarInactive: it takes no bookings.
    """
    calendar = lock_for_use(session, calendar_id)
    if calendar.deactivated_at is not None:
        raise CalendarInactive(calendar.slug, calendar.name)


def insert_link(
    session: Session,
    *,
    workspace_id: int,
    calendar_id: int,
    contact: Contact | None,
    issued_by: str,
    channel_id: str,
    deadline: timedelta | None,
    secret: SecretRecord,
    replaces_id: int | None,
    now: datetime,
) -> OneTimeLink:
    """Store a link."""
    link = session.scalars(
        insert(OneTimeLink)
        .values(
            workspace_id=workspace_id,
            public_id=_unused_public_id(session, workspace_id, secret.nonce),
            nonce=secret.nonce,
            key_id=secret.key_id,
            lookup=secret.lookup,
            calendar_id=calendar_id,
            contact_name=contact.name if contact else None,
            contact_email=contact.email if contact else None,
            issued_by=issued_by,
            channel_id=channel_id,
            issued_at=now,
            expires_at=None if deadline is None else now + deadline,
            replaces_id=replaces_id,
        )
        .returning(OneTimeLink)
    ).one()
    remember_words(
        session,
        workspace_id=workspace_id,
        link_id=link.id,
        name=contact.name if contact else None,
        of_booker=False,
    )
    return link


def _unused_public_id(session: Session, workspace_id: int, nonce: bytes) -> str:
    for attempt in range(PUBLIC_ID_TRIES):
        candidate = public_id(nonce, attempt)
        taken = select(OneTimeLink.id).where(
            OneTimeLink.workspace_id == workspace_id, OneTimeLink.public_id == candidate
        )
        if session.scalar(taken) is None:
            return candidate
    raise AssertionError("no public id is left")
