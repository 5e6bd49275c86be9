"""What a person works with, page by page, on both databases."""

from datetime import timedelta

from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.events.deliveries import Done
from scheduling.events.destinations import SLACK
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from scheduling.links.delete import delete_link
from scheduling.links.own import calendars_used_last, links_states
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from scheduling.links.report import StatusReport, link_report
from scheduling.links.search import search_links
from scheduling.links.seen import note_seen
from scheduling.links.status import LinkStatus
from scheduling.secrets.keyring import Purpose
from tests.given import (
    ANA,
    KEYRING,
    KIM,
    NOW,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)


async def report(
    database: Database, *, skip: int, only: LinkStatus | None = None, limit: int = 3
) -> StatusReport:
    return await database.read(
        link_report,
        workspace_id=1,
        calendar=None,
        public_id=None,
        user_id=None,
        only=only,
        now=NOW,
        limit=limit,
        skip=skip,
    )


async def test_pages_hold_each_link_once_newest_first(database: Database) -> None:
    await given_calendar(database)
    made = [
        (await given_link(database, now=NOW - timedelta(hours=n))).details.public_id
        for n in range(7)
    ]

    pages = [await report(database, skip=skip) for skip in (0, 3, 6)]

    assert [link.public_id for page in pages for link in page.links] == made
    assert [(page.skipped, page.more) for page in pages] == [(0, 4), (3, 1), (6, 0)]


async def test_past_the_end_stands_the_last_page(database: Database) -> None:
    await given_calendar(database)
    for _ in range(6):
        await given_link(database)

    last = await report(database, skip=300)
    nothing = await report(database, skip=300, only=LinkStatus.USED)

    assert (last.skipped, len(last.links), last.more) == (3, 3, 0)
    assert (nothing.skipped, nothing.links, nothing.more) == (0, (), 0)


async def test_the_calendars_used_last_come_first_and_deactivated_ones_not(
    database: Database,
) -> None:
    for slug in ("first", "second", "third", "never"):
        await given_calendar(database, slug=slug)
    for hours, slug in ((3, "first"), (2, "second"), (1, "third"), (4, "third")):
        await given_link(database, calendar=slug, now=NOW - timedelta(hours=hours))
    await given_link(database, calendar="never", issued_by=ANA)
    await given_calendar(database, slug="second", active=False)

    found = await database.read(calendars_used_last, workspace_id=1, user_id=SAM, limit=5)
    one = await database.read(calendars_used_last, workspace_id=1, user_id=SAM, limit=1)

    assert [calendar.slug for calendar in found] == ["third", "first"]
    assert [calendar.slug for calendar in one] == ["third"]


async def test_a_fingerprint_changes_with_each_event_and_with_nothing_else(
    database: Database,
) -> None:
    await given_calendar(database)
    seen = []

    async def look(*, later: timedelta = timedelta(0)) -> None:
        found = await database.read(links_states, workspace_id=1, user_ids=[SAM], now=NOW + later)
        state = found.get(SAM)
        seen.append(state and state.fingerprint)

    await look()
    link = await given_link(database, deadline=timedelta(days=1))
    await look()
    await given_link(database, issued_by=ANA)
    await look()
    await database.write(note_seen, lookups=link.lookups, now=NOW)
    await look()
    other = await given_link(database)
    await look()
    await when_booked(database, other)
    await look()
    terms = Terms({SLACK: NOW}, busy_lanes=(), held=(), limit=1)
    (delivery,) = await database.write(claim, terms, now=NOW, lease=timedelta(minutes=1))
    await database.write(
        settle,
        delivery,
        Done("C0SALES", "1.1"),
        began_at=NOW,
        ended_at=NOW,
        now=NOW,
        quarantine=timedelta(minutes=1),
    )
    await look()
    await look(later=timedelta(days=1))
    await database.write(
        delete_link,
        workspace_id=1,
        public_id=link.details.public_id,
        actor=Actor(SAM, is_admin=False),
        now=NOW,
    )
    await look()

    await given_calendar(database, name="First Steps", now=NOW + timedelta(minutes=1))
    await look()

    assert seen[0] is None
    assert seen[1] == seen[2]  # somebody else's link
    assert seen[5] == seen[6]  # told to the channel
    assert len(set(seen)) == len(seen) - 2


async def test_links_are_found_by_words_by_those_who_may_act_on_them(database: Database) -> None:
    await given_calendar(database)
    await given_calendar(database, slug="100_percent", owner=ANA)
    jane = await given_link(database, contact=Contact("Jane Doe"), now=NOW - timedelta(hours=2))
    zoe = await given_link(database, contact=Contact("Zoe"), calendar="100_percent", issued_by=ANA)
    replaced = await database.write(
        regenerate_link,
        workspace_id=1,
        public_id=jane.details.public_id,
        actor=Actor(SAM, is_admin=False),
        request_key="1",
        secret=KEYRING.new_secret(Purpose.LINK, bytes(16)),
        now=NOW,
    )

    async def found(words: str, user: str, *, admin: bool = False, own: bool = False) -> set[str]:
        links = await database.read(
            search_links,
            workspace_id=1,
            actor=Actor(user, is_admin=admin),
            words=words,
            only_own=own,
            only_active=False,
            now=NOW,
            limit=100,
        )
        return {link.public_id for link in links}

    newest, hers = replaced.link.public_id, zoe.details.public_id
    assert await found("", SAM) == {newest}
    assert await found("jane ONBOARDING", SAM) == {newest}
    assert await found(newest.lower(), SAM) == {newest}
    assert await found("zoe", SAM) == set()
    assert await found("", KIM) == set()
    assert await found("", KIM, admin=True) == {newest, hers}
    assert await found("", KIM, admin=True, own=True) == set()
    assert await found("100_", ANA) == {hers}
    assert await found("%", KIM, admin=True) == set()
