"""What state a link is in, in Python and in SQL."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.database.models import OneTimeLink
from scheduling.links.status import LinkStatus, is_active, status_at, status_of
from tests.given import given_calendar

NOW = datetime(2026, 12, 3, 9, tzinfo=UTC)
ISSUED = NOW - timedelta(hours=2)
BEFORE = NOW - timedelta(hours=1)
USED = BEFORE - timedelta(minutes=1)
SOON = NOW + timedelta(microseconds=1)

STORABLE: Final[tuple[Mapping[str, Any], ...]] = tuple(
    {
        "used_at": used_at,
        "deleted_at": deleted_at,
        "deleted_by": None if deleted_at is None else "U0SAM",
        "expires_at": expires_at,
    }
    for used_at, deleted_at, expires_at in product(
        (None, USED), (None, BEFORE), (None, BEFORE, NOW, SOON)
    )
    if not (used_at and deleted_at)  # a constraint refuses it
)


@pytest.mark.parametrize(
    ("used_at", "deleted_at", "expires_at", "status"),
    [
        pytest.param(None, None, None, LinkStatus.ACTIVE, id="nothing has happened"),
        pytest.param(None, None, SOON, LinkStatus.ACTIVE, id="the deadline is still to come"),
        pytest.param(None, None, NOW, LinkStatus.EXPIRED, id="the deadline is now"),
        pytest.param(None, None, BEFORE, LinkStatus.EXPIRED, id="the deadline has passed"),
        pytest.param(BEFORE, None, None, LinkStatus.USED, id="somebody booked"),
        pytest.param(BEFORE, None, BEFORE, LinkStatus.USED, id="booked, then the deadline passed"),
        pytest.param(None, BEFORE, None, LinkStatus.DELETED, id="it was deleted"),
        pytest.param(None, BEFORE, BEFORE, LinkStatus.DELETED, id="deleted, then the deadline"),
    ],
)
def test_a_link_has_the_status_that_its_facts_give(
    used_at: datetime | None,
    deleted_at: datetime | None,
    expires_at: datetime | None,
    status: LinkStatus,
) -> None:
    row = OneTimeLink(used_at=used_at, deleted_at=deleted_at, expires_at=expires_at)

    assert status_of(row, now=NOW) is status


async def test_sql_says_of_every_combination_of_facts_what_python_says(database: Database) -> None:
    calendar = await given_calendar(database)
    await database.write(store, calendar.id)

    found = await database.read(both)

    assert len(found) == len(STORABLE)
    assert {python for python, _, _ in found} == set(LinkStatus)
    for python, sql, active in found:
        assert sql == python
        assert active is (python is LinkStatus.ACTIVE)


def store(session: Session, calendar_id: int) -> None:
    for number, facts in enumerate(STORABLE):
        row = {
            "workspace_id": 1,
            "public_id": f"L-{number:06}",
            "nonce": b"",
            "key_id": "1",
            "lookup": bytes([number]),
            "calendar_id": calendar_id,
            "issued_by": "U0SAM",
            "channel_id": "C0SALES",
            "issued_at": ISSUED,
        }
        session.execute(insert(OneTimeLink).values(row | dict(facts)))


def both(session: Session) -> list[tuple[LinkStatus, str, bool]]:
    """Return of each link what Python says, what SQL says, and whether SQL finds it active."""
    active = set(session.scalars(select(OneTimeLink.id).where(is_active(NOW))))
    return [
        (status_of(row, now=NOW), word, row.id in active)
        for row, word in session.execute(select(OneTimeLink, status_at(NOW)))
    ]
