"""Who did what to a link, when. Written in the transaction of the deed; nothing decides by it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from scheduling.database.models import LedgerEntry


class Deed(StrEnum):
    """What can happen to a link."""

    ISSUED = "issued"
    SEEN = "seen"  # by a person; a link has one such entry at the most
    DELETED = "deleted"
    REPLACED = "replaced"
    USED = "used"
    NOTIFIED = "notified"
    REROUTED = "rerouted"  # detail: Slack's error code, and the conversation that refused


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place refused a notification: which (a Slack id, None if unknown), by which code."""

    reason: str
    conversation: str | None
    at: datetime


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


def first_seen(session: Session, link_ids: Iterable[int]) -> Mapping[int, datetime]:
    """Return when a person first saw the pages of these links; one that nobody saw is left out."""
    seen = session.execute(
        select(LedgerEntry.link_id, func.min(LedgerEntry.at))
        .where(LedgerEntry.link_id.in_(list(link_ids)), LedgerEntry.deed == Deed.SEEN.value)
        .group_by(LedgerEntry.link_id)
    )
    return {link_id: at for link_id, at in seen}  # noqa: C416  # a Row is no tuple to mypy


def refusals(session: Session, link_ids: Collection[int]) -> Mapping[int, Sequence[Refusal]]:
    """Return which places refused what was told of these links, oldest first."""
    found: dict[int, list[Refusal]] = {}
    for link_id, at, detail in session.execute(
        select(LedgerEntry.link_id, LedgerEntry.at, LedgerEntry.detail)
        .where(LedgerEntry.link_id.in_(link_ids), LedgerEntry.deed == Deed.REROUTED.value)
        .order_by(LedgerEntry.id)
    ):
        reason, _, conversation = (detail or "").partition(" ")
        found.setdefault(link_id, []).append(Refusal(reason, conversation or None, at))
    return found
