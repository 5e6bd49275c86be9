"""The keyword arguments of verbs, for tests that hand them to `database.write` themselves."""

from datetime import datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from scheduling.contacts import Contact
from scheduling.links.permissions import Actor
from scheduling.secrets.keyring import Purpose
from tests.given import KEYRING, MONDAY_NINE, NOW, SALES, SAM, GivenLink, a_booker

SAM_HIMSELF = Actor(SAM, is_admin=False)
STARTS_A_DAY = 16


def free_starts(number: int) -> list[datetime]:
    """Return starts of the default calendar, none of which takes the time of another."""
    return [
        MONDAY_NINE + timedelta(days=day, minutes=30 * place)
        for day, place in (divmod(index, STARTS_A_DAY) for index in range(number))
    ]


def issuing(
    *,
    calendar: str = "onboarding-call",
    contact: Contact | None = None,
    issued_by: str = SAM,
    deadline: timedelta | None = None,
    request_key: str | None = None,
    now: datetime = NOW,
) -> dict[str, Any]:
    return {
        "workspace_id": 1,
        "calendar": calendar,
        "contact": contact,
        "issued_by": issued_by,
        "channel_id": SALES,
        "deadline": deadline,
        "request_key": request_key or token_hex(8),
        "secret": KEYRING.new_secret(Purpose.LINK, token_bytes(16)),
        "now": now,
    }


def booking(
    link: GivenLink, *, start: datetime = MONDAY_NINE, now: datetime = NOW
) -> dict[str, Any]:
    return {
        "lookups": link.lookups,
        "submission_id": token_hex(16),
        "start": start,
        "booker": a_booker(),
        "secret": KEYRING.new_secret(Purpose.BOOKING, token_bytes(16)),
        "now": now,
    }


def deleting(public_id: str, *, actor: Actor = SAM_HIMSELF, now: datetime = NOW) -> dict[str, Any]:
    return {"workspace_id": 1, "public_id": public_id, "actor": actor, "now": now}


def copying(public_id: str, *, actor: Actor = SAM_HIMSELF, now: datetime = NOW) -> dict[str, Any]:
    return {"workspace_id": 1, "public_id": public_id, "actor": actor, "now": now}


def regenerating(
    public_id: str,
    *,
    actor: Actor = SAM_HIMSELF,
    request_key: str | None = None,
    now: datetime = NOW,
) -> dict[str, Any]:
    return {
        "workspace_id": 1,
        "public_id": public_id,
        "actor": actor,
        "request_key": request_key or token_hex(8),
        "secret": KEYRING.new_secret(Purpose.LINK, token_bytes(16)),
        "now": now,
    }
