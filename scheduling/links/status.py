"""What state a link is in: computed from facts with a time, never stored. Pure."""

from datetime import datetime
from enum import StrEnum


class LinkStatus(StrEnum):
    """The four states; Expired exists only for links that were given a deadline."""

    ACTIVE = "active"
    USED = "used"
    DELETED = "deleted"
    EXPIRED = "expired"


def link_status(
    *,
    used_at: datetime | None,
    deleted_at: datetime | None,
    expires_at: datetime | None,
    now: datetime,
) -> LinkStatus:
    """Tell the state at `now`; a deadline has passed at its very instant."""
    if used_at is not None:
        return LinkStatus.USED
    if deleted_at is not None:
        return LinkStatus.DELETED
    if expires_at is not None and expires_at <= now:
        return LinkStatus.EXPIRED
    return LinkStatus.ACTIVE
