"""Links that a person may choose from, found by words."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from scheduling.database.models import Calendar, OneTimeLink
from scheduling.links.details import LinkDetails, details_of
from scheduling.links.permissions import Actor, changeable_by
from scheduling.links.status import is_active


def search_links(
    session: Session,
    *,
    workspace_id: int,
    actor: Actor,
    words: str,
    only_own: bool,
    only_active: bool,
    now: datetime,
    limit: int,
) -> tuple[LinkDetails, ...]:
    """Return the links that the person may act on and that hold all the words, newest first.

    Words are looked for in the public id, the contact's name, and the calendar's name and slug.
    A link that was replaced is left out: the newest of its chain stands for it.

    Args:
        only_own: those they issued; else those of their calendars too, and all for an admin.
    """
    query = select(OneTimeLink).join(Calendar, Calendar.id == OneTimeLink.calendar_id)
    query = query.where(OneTimeLink.workspace_id == workspace_id)
    own = OneTimeLink.issued_by == actor.user_id
    query = query.where(own if only_own else changeable_by(actor))
    if only_active:
        query = query.where(is_active(now))
    for word in words.lower().split():
        places = (
            OneTimeLink.public_id,
            OneTimeLink.contact_name,
            Calendar.name,
            Calendar.slug,
        )
        query = query.where(
            or_(*(func.lower(place).contains(word, autoescape=True) for place in places))
        )
    newer = aliased(OneTimeLink)
    query = query.where(~select(newer.id).where(newer.replaces_id == OneTimeLink.id).exists())
    rows = session.scalars(
        query.order_by(OneTimeLink.issued_at.desc(), OneTimeLink.id.desc()).limit(limit)
    ).all()
    return details_of(session, rows, now=now)
