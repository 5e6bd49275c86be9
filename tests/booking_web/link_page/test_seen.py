"""A person who has the page before them is noted once; it decides nothing."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.database.models import EventRow
from scheduling.events.kinds import EventKind
from scheduling.links.delete import delete_link
from scheduling.links.details import link_by_id
from scheduling.links.permissions import Actor
from scheduling.links.seen import note_seen
from scheduling.links.status import LinkStatus
from tests.booking_web.site import JANE, Site, form_of, send, status_of
from tests.given import NOW, SAM, GivenLink, given_calendar, given_link


@pytest.fixture
async def link(database: Database) -> GivenLink:
    await given_calendar(database)
    return await given_link(database)


def sightings(session: Session) -> list[tuple[int, datetime, str | None, object]]:
    events = session.scalars(select(EventRow).where(EventRow.kind == EventKind.LINK_SEEN))
    return [(event.subject_id, event.at, event.actor, event.details) for event in events]


def seen_at(session: Session, link: GivenLink) -> datetime | None:
    return link_by_id(session, link_id=link.details.id, now=NOW).seen_at


async def tell(site: Site, link: GivenLink, fields: dict[str, str]) -> tuple[int, bytes]:
    answer = await site.post(f"/otl/{link.token}/seen", data=fields)
    return answer.status, await answer.read()


async def test_it_is_noted_once_however_often_the_page_says_so(
    site: Site, database: Database, link: GivenLink
) -> None:
    form, other = await form_of(site, link), await form_of(site, link)

    answers = await asyncio.gather(*(tell(site, link, form) for _ in range(8)))
    answers.append(await tell(site, link, other))

    assert set(answers) == {(204, b"")}
    assert await database.read(sightings) == [(link.details.id, NOW, None, None)]
    assert await database.read(seen_at, link=link) == NOW
    assert await database.read(status_of, link=link) is LinkStatus.ACTIVE


async def test_the_first_time_stays(database: Database, link: GivenLink) -> None:
    for minutes in (5, 9):
        later = NOW + timedelta(minutes=minutes)
        await database.write(note_seen, lookups=link.lookups, now=later)

    assert await database.read(seen_at, link=link) == NOW + timedelta(minutes=5)


async def test_a_link_that_was_only_fetched_was_not_seen(
    site: Site, database: Database, link: GivenLink
) -> None:
    await form_of(site, link)

    assert await database.read(seen_at, link=link) is None


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"ticket": "a" * 32}, id="a ticket that is none"),
        pytest.param({"submission_id": "0" * 32}, id="the ticket of another form"),
        pytest.param({"submission_id": "", "ticket": ""}, id="empty"),
    ],
)
async def test_without_the_ticket_of_the_page_nothing_is_noted(
    site: Site, database: Database, link: GivenLink, forged: dict[str, str]
) -> None:
    form = await form_of(site, link)

    status, _ = await tell(site, link, form | forged if forged else {})

    assert status == 422
    assert await database.read(sightings) == []


async def test_the_ticket_of_one_link_does_not_speak_for_another(
    site: Site, database: Database, link: GivenLink
) -> None:
    other = await given_link(database)

    status, _ = await tell(site, other, await form_of(site, link))

    assert status == 422
    assert await database.read(sightings) == []


async def test_a_link_that_is_dead_notes_nothing(
    site: Site, database: Database, link: GivenLink
) -> None:
    used = await given_link(database)
    forms = [await form_of(site, link), await form_of(site, used)]
    await send(site, used, forms[1] | JANE)
    await database.write(
        delete_link,
        workspace_id=1,
        public_id=link.details.public_id,
        actor=Actor(SAM, is_admin=False),
        now=NOW,
    )

    statuses = [
        (await tell(site, one, form))[0] for one, form in zip((link, used), forms, strict=True)
    ]

    assert statuses == [410, 410]
    assert await database.read(sightings) == []


async def test_an_unknown_link_is_not_found(site: Site) -> None:
    assert (await site.post(f"/otl/{'a' * 32}/seen")).status == 422
    assert (await site.post("/otl/short/seen")).status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
async def test_to_fetch_the_address_notes_nothing(
    site: Site, database: Database, link: GivenLink, method: str
) -> None:
    answer = await site.request(method, f"/otl/{link.token}/seen")

    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert await database.read(sightings) == []


async def test_more_than_a_form_is_not_read(site: Site, link: GivenLink) -> None:
    status, _ = await tell(site, link, {"ticket": "x" * 300_000})

    assert status == 413
