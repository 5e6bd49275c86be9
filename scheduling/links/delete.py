"""Take a link's access away."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduling.database.models import Calendar, OneTimeLink
from scheduling.errors import NotAllowed
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.links.details import LinkDetails, details_of, find_link, not_active
from scheduling.links.permissions import Actor, may_change
from scheduling.links.status import LinkStatus, is_active, status_of


def delete_link(
    session: Session, *, workspace_id: int, public_id: str, actor: Actor, now: datetime
) -> LinkDetails:
    """Take a link's access away, for good. Deleting a deleted one answers the same.

    Raises:
        UnknownLink, NotAllowed: see `copy_link`; the calendar's owner and admins may delete.
        LinkNotActive: it is used or expired.
    """
    row = find_link(session, workspace_id=workspace_id, public_id=public_id)
    require_may_change(session, row, actor)
    if end_link(session, row.id, by=actor.user_id, now=now):
        record(
            session,
            Event(workspace_id, EventKind.LINK_DELETED, row.id, at=now, actor=actor.user_id),
        )
    session.refresh(row)
    if status_of(row, now=now) is not LinkStatus.DELETED:
        raise not_active(row, now=now)
    return details_of(session, [row], now=now)[0]


def require_may_change(session: Session, row: OneTimeLink, actor: Actor) -> None:
    """Refuse whoever may not.

    Raises:
        NotAllowed: see `may_change`.
    """
    owner = session.scalars(select(Calendar.owner).where(Calendar.id == row.calendar_id)).one()
    if not may_change(actor, issued_by=row.issued_by, owner=owner):
        raise NotAllowed(row.public_id, row.issued_by, owner)


def end_link(session: Session, link_id: int, *, by: str, now: datetime) -> bool:
    """Delete the link if it is still active; the database decides between this and a booking."""
    ended = session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, is_active(now))
        .values(deleted_at=now, deleted_by=by)
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None
