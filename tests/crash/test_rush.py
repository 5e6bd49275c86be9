"""A thousand contacts with one link at once: one of them books, on each database, over HTTP."""

from pathlib import Path

from tests.crash.rush import rush
from tests.crash.starter import Starter

CONTACTS = 1000


async def test_of_a_thousand_contacts_at_once_one_books_and_the_others_read_why_not(
    starter: Starter, database_url: str, tmp_path: Path
) -> None:
    done = await rush(starter, database_url, tmp_path, contacts=CONTACTS)

    assert done.statuses == {303: 1, 410: CONTACTS - 1}
    assert done.verdict.violations() == {}
    assert done.verdict.bookings == 1
