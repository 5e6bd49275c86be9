"""What one person works with: the calendars they used last, and when their links changed last."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduling.calendars.find import CalendarDetails, calendars_by_id
from scheduling.database.models import Booking, Calendar, OneTimeLink
from scheduling.links.status import LinkStatus, status_at


@dataclass(frozen=True, slots=True)
class LinksState:
    """What tells whether a person's links are as they were.

    Attributes:
        fingerprint: differs from an earlier one if a link was issued, opened, used, deleted or has
            expired, a booking was cancelled, a contact erased, or a calendar of theirs edited.
        next_deadline: when the next link expires; None: none will.
    """

    fingerprint: tuple[object, ...]
    next_deadline: datetime | None


def calendars_used_last(
    session: Session, *, workspace_id: int, user_id: str, limit: int
) -> tuple[CalendarDetails, ...]:
    """Return the active calendars that the person issued links for, the latest first."""
    latest = func.max(OneTimeLink.issued_at)
    ids = session.scalars(
        select(OneTimeLink.calendar_id)
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(
            OneTimeLink.workspace_id == workspace_id,
            OneTimeLink.issued_by == user_id,
            Calendar.deactivated_at.is_(None),
        )
        .group_by(OneTimeLink.calendar_id)
        .order_by(latest.desc(), OneTimeLink.calendar_id)
        .limit(limit)
    ).all()
    found = calendars_by_id(session, ids)
    return tuple(found[id_] for id_ in ids)


def links_states(
    session: Session, *, workspace_id: int, user_ids: Collection[str], now: datetime
) -> Mapping[str, LinksState]:
    """Return for each person whether their links are as they were; who has none is missing."""
    status = status_at(now)
    rows = session.execute(
        select(
            OneTimeLink.issued_by,
            func.min(OneTimeLink.expires_at).filter(status == LinkStatus.ACTIVE.value),
            func.max(Calendar.updated_at),
            func.count(OneTimeLink.id),
            func.count(OneTimeLink.used_at),
            func.count(OneTimeLink.deleted_at),
            func.count(OneTimeLink.id).filter(status == LinkStatus.EXPIRED.value),
            func.count(Booking.cancelled_at),
            func.count(OneTimeLink.seen_at),
            func.count(OneTimeLink.contact_name),
            func.count(OneTimeLink.contact_email),
            func.count(func.nullif(Booking.contact_email, "")),
        )
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .outerjoin(Booking, Booking.link_id == OneTimeLink.id)
        .where(OneTimeLink.workspace_id == workspace_id, OneTimeLink.issued_by.in_(user_ids))
        .group_by(OneTimeLink.issued_by)
    )
    return {
        user_id: LinksState(tuple(facts), next_deadline) for user_id, next_deadline, *facts in rows
    }
