"""The one order of locks: calendars by id, resources by id, then the link.

Whoever takes them in another order deadlocks with a booking on PostgreSQL.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import Calendar, CalendarHost, Resource


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


def lock_hosts(session: Session, calendar_id: int) -> dict[int, bool]:
    """Return the hosts of a locked calendar, ascending by id, and whether each is still in Slack.

    Nobody else takes their time meanwhile.
    """
    found = session.scalars(
        select(Resource)
        .join(CalendarHost, CalendarHost.resource_id == Resource.id)
        .where(CalendarHost.calendar_id == calendar_id)
        .order_by(Resource.id)
        .with_for_update(of=Resource)
        .execution_options(populate_existing=True)
    )
    return {row.id: row.left_at is None for row in found}
