"""Hosts whose account in Slack was deactivated, and who come back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduling.bookings.meetings import Meetings, meetings_of
from scheduling.calendars.find import CalendarDetails, calendars_by_id
from scheduling.database.models import EventRow, Resource
from scheduling.events.departures import calendars_with, who_acts_for
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.links.permissions import Actor


@dataclass(frozen=True, slots=True)
class Departure:
    """What it means to its reader that a host has left, or is back.

    Attributes:
        name: the host's.
        has_left: as it is now.
        calendars: those that the reader acts for; `offers_times` says what became of each.
        meetings: theirs to come, of these calendars, the next ones.
    """

    user_id: str
    name: str
    has_left: bool
    calendars: tuple[CalendarDetails, ...]
    meetings: Meetings


def note_presence(
    session: Session, *, workspace_id: int, user_id: str, has_left: bool, now: datetime
) -> bool:
    """Keep whether somebody's account is active; tell it where it has changed.

    Returns:
        Whether it has: False for who hosts nothing, and for what is known already.
    """
    if not differs(session, workspace_id=workspace_id, user_id=user_id, has_left=has_left):
        return False  # nobody waits for a lock: Slack tells every change of everybody's profile
    row = session.scalars(
        select(Resource)
        .where(Resource.workspace_id == workspace_id, Resource.slack_user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if (row.left_at is not None) == has_left:
        return False
    row.left_at = now if has_left else None
    session.flush()
    kind = EventKind.HOST_LEFT if has_left else EventKind.HOST_RETURNED
    before = session.scalar(
        select(func.max(EventRow.version)).where(
            EventRow.kind == kind, EventRow.subject_id == row.id
        )
    )
    nonce = f"host {row.id}".encode()
    record(session, Event(workspace_id, kind, row.id, now, nonce, version=(before or 0) + 1))
    return True


def differs(session: Session, *, workspace_id: int, user_id: str, has_left: bool) -> bool:
    """Tell whether somebody is a host, and of their leaving another thing is known."""
    found = session.execute(
        select(Resource.left_at).where(
            Resource.workspace_id == workspace_id, Resource.slack_user_id == user_id
        )
    ).one_or_none()
    return found is not None and (found.left_at is not None) != has_left


def departure(
    session: Session, *, resource_id: int, reader: str, now: datetime, limit: int
) -> Departure:
    """Return what somebody who acts for a host's calendars is told of them.

    Args:
        reader: Slack user id.
        limit: meetings at the most.
    """
    host = session.get_one(Resource, resource_id)
    ids = [
        row.id
        for row in calendars_with(session, host.id, now=now)
        if reader in who_acts_for(session, row, host=host, now=now)
    ]
    calendars = calendars_by_id(session, ids)
    meetings = meetings_of(
        session,
        workspace_id=host.workspace_id,
        user_id=host.slack_user_id,
        reader=Actor(reader, is_admin=False),
        until=None,
        now=now,
        limit=limit,
        calendar_ids=ids,
    )
    return Departure(
        user_id=host.slack_user_id,
        name=host.name,
        has_left=host.left_at is not None,
        calendars=tuple(calendars[id_] for id_ in ids),
        meetings=meetings,
    )
