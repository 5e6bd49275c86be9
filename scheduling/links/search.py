"""Links that a person may choose from, found by words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from scheduling.database.models import Calendar, OneTimeLink
from scheduling.links.contact_words import links_with_word
from scheduling.links.details import LinkDetails, details_of
from scheduling.links.permissions import Actor, changeable_by
from scheduling.links.status import is_active
from scheduling.plain_text import clean, fold

MOST_CHARACTERS: Final = 200


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

    Words are looked for in the public id and in the calendar's name and slug, and at the start of
    any word of the contact's and the booker's name, whatever their case and marks.
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
    calendars = _calendars(session, workspace_id)
    for word in clean(words, limit=MOST_CHARACTERS).split():
        query = query.where(_holds(word, workspace_id, calendars))
    newer = aliased(OneTimeLink)
    query = query.where(~select(newer.id).where(newer.replaces_id == OneTimeLink.id).exists())
    rows = session.scalars(
        query.order_by(OneTimeLink.issued_at.desc(), OneTimeLink.id.desc()).limit(limit)
    ).all()
    return details_of(session, rows, now=now)


def _holds(word: str, workspace_id: int, calendars: Mapping[int, str]) -> ColumnElement[bool]:
    found = [OneTimeLink.public_id.contains(word.upper(), autoescape=True)]
    if parts := fold(word):
        whole = " ".join(parts)
        named = [id_ for id_, names in calendars.items() if whole in names]
        found += [
            OneTimeLink.calendar_id.in_(named),
            and_(*(OneTimeLink.id.in_(links_with_word(workspace_id, part)) for part in parts)),
        ]
    return or_(*found)


def _calendars(session: Session, workspace_id: int) -> dict[int, str]:
    """Return the folded name and slug of each calendar, of which there are few."""
    found = session.execute(
        select(Calendar.id, Calendar.name, Calendar.slug).where(
            Calendar.workspace_id == workspace_id
        )
    )
    return {id_: " ".join(fold(f"{name} {slug}")) for id_, name, slug in found}
