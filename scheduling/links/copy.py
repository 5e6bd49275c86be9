"""Show a link to its issuer again."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduling.errors import NotAllowed
from scheduling.links.details import LinkDetails, details_of, find_link, not_active
from scheduling.links.permissions import Actor, may_copy
from scheduling.links.status import LinkStatus


def copy_link(
    session: Session, *, workspace_id: int, public_id: str, actor: Actor, now: datetime
) -> LinkDetails:
    """Return a link to its issuer, who sees the URL again.

    Raises:
        UnknownLink: no link has this public id.
        NotAllowed: somebody else issued it; admins do not see URLs of others either.
        LinkNotActive: its URL opens nothing any more.
    """
    row = find_link(session, workspace_id=workspace_id, public_id=public_id)
    if not may_copy(actor, issued_by=row.issued_by):
        raise NotAllowed(public_id, row.issued_by, None)
    link = details_of(session, [row], now=now)[0]
    if link.status is not LinkStatus.ACTIVE:
        raise not_active(row, now=now)
    return link
