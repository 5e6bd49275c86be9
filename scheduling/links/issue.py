"""One-time links: issue, copy again, regenerate, delete."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.orm import Session

from scheduling.calendars.find import find_calendar
from scheduling.contacts import Contact
from scheduling.database.models import Calendar, OneTimeLink, SlackDelivery
from scheduling.errors import CalendarInactive, LinkNotActive, NotAllowed, UnknownLink
from scheduling.events import journal as ledger
from scheduling.events import queue as outbox
from scheduling.events.deliveries import Kind
from scheduling.events.journal import Deed
from scheduling.links.details import LinkDetails, details_of, find_link, link_by_id, status_of
from scheduling.links.status import LinkStatus
from scheduling.secrets.keyring import SecretRecord, public_id

PUBLIC_ID_TRIES = 20


@dataclass(frozen=True, slots=True)
class Actor:
    """Who presses or types: a Slack user, and whether they administer the workspace."""

    user_id: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class Regenerated:
    """A link and its replacement.

    Attributes:
        link: the newest of the chain, active unless it has changed since.
        replaced: the link that lost its place to it.
        fresh: False if it had been regenerated before and `link` is what came of that.
    """

    link: LinkDetails
    replaced: LinkDetails
    fresh: bool


def still_active(now: datetime) -> ColumnElement[bool]:
    """Say in SQL what `link_status` says: ACTIVE. It stands in every UPDATE that ends a link."""
    return (
        OneTimeLink.used_at.is_(None)
        & OneTimeLink.deleted_at.is_(None)
        & or_(OneTimeLink.expires_at.is_(None), OneTimeLink.expires_at > now)
    )


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
    key = _users_key(issued_by, request_key)
    made = _made_by_request(session, workspace_id, key)
    if made is not None:
        return link_by_id(session, link_id=made, now=now)
    found = find_calendar(session, workspace_id=workspace_id, words=calendar)
    _require_active(session, found.id)
    link_id = _insert(
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
    _remember(session, workspace_id, key, link_id, now)
    ledger.enter(
        session,
        workspace_id=workspace_id,
        link_id=link_id,
        deed=Deed.ISSUED,
        actor=issued_by,
        at=now,
    )
    return link_by_id(session, link_id=link_id, now=now)


def copy_link(
    session: Session, *, workspace_id: int, public_id: str, actor: Actor, now: datetime
) -> LinkDetails:
    """Return a link to its issuer, who sees the URL again.

    Raises:
        UnknownLink: no link has this public id.
        NotAllowed: somebody else issued it; admins do not see URLs of others either.
        LinkNotActive: its URL opens nothing any more.
    """
    row = find_link(session, workspace_id=workspace_id, public_id=public_id)
    if actor.user_id != row.issued_by:
        raise NotAllowed(public_id, row.issued_by, None)
    link = link_by_id(session, link_id=row.id, now=now)
    if link.status is not LinkStatus.ACTIVE:
        raise not_active(row, now=now)
    return link


def regenerate_link(
    session: Session,
    *,
    workspace_id: int,
    public_id: str,
    actor: Actor,
    request_key: str,
    secret: SecretRecord,
    now: datetime,
) -> Regenerated:
    """Delete a link and issue another in its place, for the same contact and as long a time.

    A used, deleted or expired link can be regenerated too; the booking of a used one stays. Pressed
    again on a link that was regenerated already, it answers with the newest of the chain while that
    is active.

    Raises:
        UnknownLink, NotAllowed: see `copy_link`; the calendar's owner and admins may regenerate.
        CalendarInactive: it takes no bookings.
    """
    named = find_link(session, workspace_id=workspace_id, public_id=public_id)
    _require_allowed(session, named, actor)
    newest = _newest_of_chain(session, named)
    # After the chain: whoever sees the new link there must also see the request that made it.
    key = _users_key(actor.user_id, request_key)
    made = _made_by_request(session, workspace_id, key)
    if made is not None:
        return _regenerated(session, made, fresh=True, now=now)
    if newest.id != named.id and status_of(newest, now=now) is LinkStatus.ACTIVE:
        return _regenerated(session, newest.id, fresh=False, now=now)
    _require_active(session, newest.calendar_id)
    _end(session, newest.id, by=actor.user_id, now=now)
    link_id = _replace(session, newest, secret=secret, now=now)
    _remember(session, workspace_id, key, link_id, now)
    for id_, deed in ((newest.id, Deed.REPLACED), (link_id, Deed.ISSUED)):
        ledger.enter(
            session,
            workspace_id=workspace_id,
            link_id=id_,
            deed=deed,
            actor=actor.user_id,
            at=now,
        )
    if actor.user_id != newest.issued_by:
        outbox.enqueue(
            session,
            workspace_id=workspace_id,
            kind=Kind.LINK_REGENERATED,
            subject_id=link_id,
            nonce=secret.nonce,
            now=now,
        )
    return _regenerated(session, link_id, fresh=True, now=now)


def delete_link(
    session: Session, *, workspace_id: int, public_id: str, actor: Actor, now: datetime
) -> LinkDetails:
    """Take a link's access away, for good. Deleting a deleted one answers the same.

    Raises:
        UnknownLink, NotAllowed: see `copy_link`; the calendar's owner and admins may delete.
        LinkNotActive: it is used or expired.
    """
    row = find_link(session, workspace_id=workspace_id, public_id=public_id)
    _require_allowed(session, row, actor)
    if _end(session, row.id, by=actor.user_id, now=now):
        ledger.enter(
            session,
            workspace_id=workspace_id,
            link_id=row.id,
            deed=Deed.DELETED,
            actor=actor.user_id,
            at=now,
        )
    session.refresh(row)
    if status_of(row, now=now) is not LinkStatus.DELETED:
        raise not_active(row, now=now)
    return details_of(session, [row], now=now)[0]


def not_active(row: OneTimeLink, *, now: datetime) -> LinkNotActive:
    """Make the refusal for a link that is not active any more."""
    since = row.used_at or row.deleted_at or row.expires_at
    assert since is not None
    return LinkNotActive(row.public_id, status_of(row, now=now), since)


def _require_allowed(session: Session, row: OneTimeLink, actor: Actor) -> None:
    owner = session.scalar(select(Calendar.owner).where(Calendar.id == row.calendar_id))
    if not actor.is_admin and actor.user_id not in {row.issued_by, owner}:
        raise NotAllowed(row.public_id, row.issued_by, owner)


def _require_active(session: Session, calendar_id: int) -> None:
    calendar = session.scalars(
        select(Calendar)
        .where(Calendar.id == calendar_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()
    if calendar.deactivated_at is not None:
        raise CalendarInactive(calendar.slug, calendar.name)


def _end(session: Session, link_id: int, *, by: str, now: datetime) -> bool:
    """Delete the link if it is still active; the database decides between this and a booking."""
    ended = session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, still_active(now))
        .values(deleted_at=now, deleted_by=by)
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None


def _newest_of_chain(session: Session, row: OneTimeLink) -> OneTimeLink:
    newest = row
    while successor := session.scalar(
        select(OneTimeLink).where(OneTimeLink.replaces_id == newest.id)
    ):
        newest = successor
    return newest


def _replace(session: Session, old: OneTimeLink, *, secret: SecretRecord, now: datetime) -> int:
    return _insert(
        session,
        workspace_id=old.workspace_id,
        calendar_id=old.calendar_id,
        contact=Contact(old.contact_name, old.contact_email),
        issued_by=old.issued_by,
        channel_id=old.channel_id,
        deadline=None if old.expires_at is None else old.expires_at - old.issued_at,
        secret=secret,
        replaces_id=old.id,
        now=now,
    )


def _regenerated(session: Session, link_id: int, *, fresh: bool, now: datetime) -> Regenerated:
    link = link_by_id(session, link_id=link_id, now=now)
    row = session.get_one(OneTimeLink, link_id)
    assert row.replaces_id is not None
    old = session.get_one(OneTimeLink, row.replaces_id, populate_existing=True)
    return Regenerated(link, details_of(session, [old], now=now)[0], fresh)


def _insert(
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
) -> int:
    return session.execute(
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
        .returning(OneTimeLink.id)
    ).scalar_one()


def _unused_public_id(session: Session, workspace_id: int, nonce: bytes) -> str:
    for attempt in range(PUBLIC_ID_TRIES):
        candidate = public_id(nonce, attempt)
        try:
            find_link(session, workspace_id=workspace_id, public_id=candidate)
        except UnknownLink:
            return candidate
    raise AssertionError("no public id is left")


def _made_by_request(session: Session, workspace_id: int, key: str) -> int | None:
    return session.scalar(
        select(SlackDelivery.link_id).where(
            SlackDelivery.workspace_id == workspace_id, SlackDelivery.key == key
        )
    )


def _remember(session: Session, workspace_id: int, key: str, link_id: int, now: datetime) -> None:
    session.execute(
        insert(SlackDelivery).values(workspace_id=workspace_id, key=key, link_id=link_id, at=now)
    )


def _users_key(user_id: str, request_key: str) -> str:
    """Return the key as it is stored: nobody is answered with what another user's request made."""
    return f"{user_id}:{request_key}"
