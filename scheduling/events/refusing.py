"""Destinations that refuse us as a whole: all that goes there waits, and nothing else does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduling.database.models import DestinationRefusalRow


@dataclass(frozen=True, slots=True)
class Refusing:
    """The destination's error code, and since when."""

    reason: str
    since: datetime


def refusing(session: Session) -> Mapping[str, Refusing]:
    """Return the destinations that refuse us, by name."""
    rows = session.scalars(select(DestinationRefusalRow))
    return {row.destination: Refusing(row.reason, row.since) for row in rows}


def note_refusal(
    session: Session, *, workspace_id: int, destination: str, reason: str, now: datetime
) -> None:
    """Have all that goes there wait; the first refusal's time and code stay."""
    key = {"workspace_id": workspace_id, "destination": destination}
    if session.get(DestinationRefusalRow, key) is None:
        session.add(DestinationRefusalRow(**key, reason=reason, since=now))


def clear_refusal(session: Session, *, workspace_id: int, destination: str) -> None:
    """It takes us again."""
    session.execute(
        delete(DestinationRefusalRow).where(
            DestinationRefusalRow.workspace_id == workspace_id,
            DestinationRefusalRow.destination == destination,
        )
    )
