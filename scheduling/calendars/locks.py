"""The one order of locks: calendars by id, resources by id, then the link.

Whoever takes them in another order deadlocks with a booking on PostgreSQL.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import Calendar, Resource


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


def lock_resources(session: Session, ids: Collection[int]) -> None:
    """Let nobody else take their time meanwhile."""
    session.execute(
        select(Resource.id).where(Resource.id.in_(ids)).order_by(Resource.id).with_for_update()
    )
