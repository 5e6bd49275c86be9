"""What must be settled in a database that came back from a backup, before anybody works with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import Session

from scheduling.database.models import DeliveryRow, OneTimeLink
from scheduling.events.deliveries import State
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.links.status import is_active

RESTORE: Final = "OTL restore"
"""Stands where a link says who deleted it; no Slack user has such an id."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many links were deleted, and of how many notifications nobody knows."""

    deleted: int
    unsure: int


def settle_restored(session: Session, *, keep_active_links: bool, now: datetime) -> Settled:
    """Trust nothing that may have gone on after the backup was made.

    A link that was active then may be used since: it is deleted. A notification that waited then
    may be told since: it is looked up before it is sent.

    Args:
        keep_active_links: nothing went on since; whoever asks for it answers for it.
    """
    deleted = 0 if keep_active_links else delete_active_links(session, true(), by=RESTORE, now=now)
    unsure = session.scalars(
        update(DeliveryRow)
        .where(DeliveryRow.closed_at.is_(None))
        .values(
            state=State.UNSURE,
            window_since=func.coalesce(DeliveryRow.window_since, DeliveryRow.created_at),
            window_until=None,
            window_read_to=None,
            not_before=now,
        )
        .returning(DeliveryRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    return Settled(deleted, len(unsure))


def delete_active_links(
    session: Session, which: ColumnElement[bool], *, by: str, now: datetime
) -> int:
    """Delete those links that are active, in the operator's name; return how many they were."""
    links = [
        (id_, workspace_id)
        for id_, workspace_id in session.execute(
            select(OneTimeLink.id, OneTimeLink.workspace_id)
            .where(is_active(now), which)
            .order_by(OneTimeLink.id)
        )
    ]
    session.execute(
        update(OneTimeLink)
        .where(is_active(now), which)
        .values(deleted_at=now, deleted_by=by)
        .execution_options(synchronize_session=False)
    )
    for id_, workspace_id in links:
        record(session, Event(workspace_id, EventKind.LINK_DELETED, id_, at=now, actor=by))
    return len(links)
