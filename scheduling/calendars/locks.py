"""The one order of locks: calendars by id, resources by id, then the link.

Whoever takes them in another order deadlocks with a booking on PostgreSQL.
"""

from collections.abc import Collection

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from scheduling.database.models import Calendar, CalendarHost, Occupation, Resource


def lock_for_use(session: Session, calendar_id: int) -> Calendar:
    """Return a calendar that nobody changes until the end of the transaction."""
    return session.scalars(
        select(Calendar)
        .where(Calendar.id == calendar_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()


def lock_for_change(
    session: Session, workspace_id: int, slugs: Collection[str]
) -> dict[str, Calendar]:
    """Return those calendars that there are, by slug; nobody uses or changes them meanwhile."""
    rows = session.scalars(
        select(Calendar)
        .where(Calendar.workspace_id == workspace_id, Calendar.slug.in_(slugs))
        .order_by(Calendar.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.slug: row for row in rows}


def lock_hosts(session: Session, calendar_id: int, *, and_of: int | None = None) -> dict[int, bool]:
    """Return the hosts of a locked calendar, ascending by id, and whether each is still in Slack.

    Nobody else takes their time meanwhile.

    Args:
        and_of: id of an appointment, whose hosts are locked too; they may be others by now.
    """
    of_calendar = select(CalendarHost.resource_id).where(CalendarHost.calendar_id == calendar_id)
    of_meeting = select(Occupation.resource_id).where(Occupation.appointment_id == and_of)
    wanted = of_calendar if and_of is None else union(of_calendar, of_meeting)
    rows = session.scalars(
        select(Resource)
        .where(Resource.id.in_(wanted))
        .order_by(Resource.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    hosts = set(session.scalars(of_calendar))
    return {row.id: row.left_at is None for row in rows if row.id in hosts}
