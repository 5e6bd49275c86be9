"""Who did what to a link, when. Written in the transaction of the deed; nothing decides by it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduling.models import LedgerEntry


class Deed(StrEnum):
    """What can happen to a link."""

    ISSUED = "issued"
    DELETED = "deleted"
    REPLACED = "replaced"
    USED = "used"
    NOTIFIED = "notified"
    REROUTED = "rerouted"


def enter(
    session: Session,
    *,
    workspace_id: int,
    link_id: int,
    deed: Deed,
    at: datetime,
    actor: str | None = None,
    detail: str | None = None,
) -> None:
    """Append an entry.

    Args:
        actor: Slack user id; None for the contact or OTL itself.
        detail: ids and codes only, never what a contact typed.
    """
    session.execute(
        insert(LedgerEntry).values(
            workspace_id=workspace_id,
            link_id=link_id,
            deed=deed.value,
            at=at,
            actor=actor,
            detail=detail,
        )
    )
