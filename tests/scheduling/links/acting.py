"""Who acts on a link and when, how links end, and what is recorded of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.database.models import EventRow
from scheduling.events.kinds import EventKind
from scheduling.links.delete import delete_link
from scheduling.links.details import LinkDetails
from scheduling.links.permissions import Actor
from scheduling.secrets.keyring import Purpose
from tests.arguments import deleting
from tests.given import (
    ANA,
    KEYRING,
    KIM,
    NOW,
    GivenLink,
    when_booked,
)

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
LATER = NOW + HOUR
ANA_THE_ISSUER = Actor(ANA, is_admin=False)
KIM_THE_ADMIN = Actor(KIM, is_admin=True)
A_STRANGER = Actor("U0STRANGER", is_admin=False)


async def end(database: Database, link: LinkDetails, death: str) -> None:
    """Have a link used, or deleted; one that expires does so by itself."""
    if death == "deleted":
        await database.write(delete_link, **deleting(link.public_id, now=LATER))
    if death == "used":
        token = KEYRING.token(Purpose.LINK, link.secret)
        lookups = KEYRING.lookups(Purpose.LINK, token)
        await when_booked(database, GivenLink(link, token, lookups), now=LATER)


async def events_of(
    database: Database, link: LinkDetails
) -> list[tuple[EventKind, str | None, dict[str, Any] | None]]:
    """Return what happened to a link, by whom and with which details, oldest first."""
    return await database.read(_events_of, link.id)


def _events_of(
    session: Session, link_id: int
) -> list[tuple[EventKind, str | None, dict[str, Any] | None]]:
    found = session.scalars(
        select(EventRow)
        .where(EventRow.kind.startswith("link."), EventRow.subject_id == link_id)
        .order_by(EventRow.id)
    )
    return [(event.kind, event.actor, event.details) for event in found]
