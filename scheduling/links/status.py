"""What state a link is in: computed from facts with a time, never stored. In Python and in SQL.

The two stand side by side and a test holds them together: whoever adds a state adds it here.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, literal, or_

from scheduling.database.models import OneTimeLink


class LinkStatus(StrEnum):
    """The four states; Expired exists only for links that were given a deadline."""

    ACTIVE = "active"
    USED = "used"
    DELETED = "deleted"
    EXPIRED = "expired"


def status_of(row: OneTimeLink, *, now: datetime) -> LinkStatus:
    """Tell the state of a row at `now`; a deadline has passed at its very instant."""
    if row.used_at is not None:
        return LinkStatus.USED
    if row.deleted_at is not None:
        return LinkStatus.DELETED
    if row.expires_at is not None and row.expires_at <= now:
        return LinkStatus.EXPIRED
    return LinkStatus.ACTIVE


def status_at(now: datetime) -> ColumnElement[str]:
    """Say in SQL what `status_of` says, as the status's word."""
    return case(
        (OneTimeLink.used_at.is_not(None), literal(LinkStatus.USED.value)),
        (OneTimeLink.deleted_at.is_not(None), literal(LinkStatus.DELETED.value)),
        (OneTimeLink.expires_at <= now, literal(LinkStatus.EXPIRED.value)),
        else_=literal(LinkStatus.ACTIVE.value),
    )


def is_active(now: datetime) -> ColumnElement[bool]:
    """Say in SQL that the state is ACTIVE. It stands in every UPDATE that ends a link."""
    return (
        OneTimeLink.used_at.is_(None)
        & OneTimeLink.deleted_at.is_(None)
        & or_(OneTimeLink.expires_at.is_(None), OneTimeLink.expires_at > now)
    )
