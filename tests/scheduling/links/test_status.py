"""What state a link is in."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.links.status import LinkStatus, link_status

NOW = datetime(2026, 12, 3, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=1)
SOON = NOW + timedelta(microseconds=1)


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
    found = link_status(used_at=used_at, deleted_at=deleted_at, expires_at=expires_at, now=NOW)

    assert found is status
