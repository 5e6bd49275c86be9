"""Put a fresh link in the place of another."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.contacts import Contact
from scheduling.database.models import OneTimeLink
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.links.delete import end_link, require_may_change
from scheduling.links.details import LinkDetails, details_of, find_link
from scheduling.links.issue import insert_link, require_bookable
from scheduling.links.permissions import Actor
from scheduling.links.requests import made_by_request, remember_request
from scheduling.links.status import LinkStatus, status_of
from scheduling.secrets.keyring import SecretRecord


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
    require_may_change(session, named, actor)
    newest = _newest_of_chain(session, named)
    # After the chain: whoever sees the new link there must also see the request that made it.
    made = made_by_request(
        session, workspace_id=workspace_id, user_id=actor.user_id, request_key=request_key
    )
    if made is not None:
        return _regenerated(session, session.get_one(OneTimeLink, made), fresh=True, now=now)
    if newest.id != named.id and status_of(newest, now=now) is LinkStatus.ACTIVE:
        return _regenerated(session, newest, fresh=False, now=now)
    require_bookable(session, newest.calendar_id)
    end_link(session, newest.id, by=actor.user_id, now=now)
    link = _replace(session, newest, secret=secret, now=now)
    remember_request(
        session,
        workspace_id=workspace_id,
        user_id=actor.user_id,
        request_key=request_key,
        link_id=link.id,
        now=now,
    )
    record(
        session,
        Event(
            workspace_id,
            EventKind.LINK_REGENERATED,
            link.id,
            at=now,
            nonce=secret.nonce,
            actor=actor.user_id,
            details={"replaces": newest.id},
        ),
    )
    return _regenerated(session, link, fresh=True, now=now)


def _newest_of_chain(session: Session, row: OneTimeLink) -> OneTimeLink:
    newest = row
    while successor := session.scalar(
        select(OneTimeLink).where(OneTimeLink.replaces_id == newest.id)
    ):
        newest = successor
    return newest


def _replace(
    session: Session, old: OneTimeLink, *, secret: SecretRecord, now: datetime
) -> OneTimeLink:
    return insert_link(
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


def _regenerated(session: Session, row: OneTimeLink, *, fresh: bool, now: datetime) -> Regenerated:
    assert row.replaces_id is not None
    old = session.get_one(OneTimeLink, row.replaces_id, populate_existing=True)
    link, replaced = details_of(session, [row, old], now=now)
    return Regenerated(link, replaced, fresh)
