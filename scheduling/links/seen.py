"""A person has a link's page before them: noted, so that it can be told; it decides nothing.

The page's own script says so after a first real touch, click or key. Scanners and previews run
scripts too, but do none of these.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import OneTimeLink
from scheduling.errors import UnknownLink
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.links.details import not_active
from scheduling.links.status import LinkStatus, status_of


def note_seen(session: Session, *, lookups: tuple[bytes, ...], now: datetime) -> None:
    """Note the first time; later ones change nothing.

    Args:
        lookups: of the token, one for each key.

    Raises:
        UnknownLink: no link has this token.
        LinkNotActive: it is used, deleted or expired.
    """
    # The row is locked, so that of two pages at once one finds what the other noted.
    link = session.scalar(
        select(OneTimeLink)
        .where(OneTimeLink.lookup.in_(lookups))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None:
        raise UnknownLink
    if status_of(link, now=now) is not LinkStatus.ACTIVE:
        raise not_active(link, now=now)
    if link.seen_at is None:
        link.seen_at = now
        record(session, Event(link.workspace_id, EventKind.LINK_SEEN, link.id, at=now))
