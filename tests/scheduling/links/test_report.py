"""What became of links: counts, the newest, one status, one subject."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduling.calendars.find import CalendarDetails
from scheduling.database import Database
from scheduling.errors import (
    AmbiguousCalendar,
    CalendarGroupNamed,
    UnknownCalendar,
    UnknownLink,
)
from scheduling.links.delete import delete_link
from scheduling.links.details import LinkDetails
from scheduling.links.regenerate import regenerate_link
from scheduling.links.report import StatusReport, link_report
from scheduling.links.status import LinkStatus
from tests.arguments import deleting, free_starts, regenerating
from tests.given import (
    ANA,
    KIM,
    MONDAY_NINE,
    NOW,
    SAM,
    GivenLink,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)

HOUR = timedelta(hours=1)
ACTIVE, USED, DELETED, EXPIRED = LinkStatus


async def test_links_are_counted_by_what_their_facts_say_now(database: Database) -> None:
    await given_links_of_all_kinds(database)

    at_first = await report(database, now=NOW)
    later = await report(database, now=NOW + HOUR)

    assert at_first.counts == {ACTIVE: 5, USED: 2, DELETED: 1}
    assert later.counts == {ACTIVE: 3, USED: 2, DELETED: 1, EXPIRED: 2}
    assert (later.subject, later.only, later.more) == (None, None, 0)
    assert len(later.links) == 8


@pytest.mark.parametrize(("only", "number"), [(ACTIVE, 3), (USED, 2), (DELETED, 1), (EXPIRED, 2)])
async def test_a_report_of_one_status_lists_these_and_counts_all(
    database: Database, only: LinkStatus, number: int
) -> None:
    await given_links_of_all_kinds(database)

    found = await report(database, only=only, now=NOW + HOUR)

    assert {link.status for link in found.links} == {only}
    assert (len(found.links), found.more, found.only) == (number, 0, only)
    assert found.counts == {ACTIVE: 3, USED: 2, DELETED: 1, EXPIRED: 2}


async def test_a_status_that_no_link_has_is_an_empty_list(database: Database) -> None:
    await given_calendar(database)
    await given_link(database)

    found = await report(database, only=EXPIRED)

    assert (found.links, found.more, found.counts) == ((), 0, {ACTIVE: 1})


async def test_the_newest_links_come_first_and_the_rest_is_a_number(database: Database) -> None:
    await given_calendar(database)
    links = [await given_link(database, now=NOW + number * HOUR) for number in (3, 1, 2, 2)]
    newest, oldest, earlier, later = [link.details.public_id for link in links]

    found = await report(database, limit=3, now=NOW + 4 * HOUR)
    all_of_them = await report(database, now=NOW + 4 * HOUR)

    assert [link.public_id for link in found.links] == [newest, later, earlier]
    assert found.more == 1
    assert [link.public_id for link in all_of_them.links][-1] == oldest
    assert all_of_them.more == 0


async def test_the_rest_of_one_status_counts_that_status_only(database: Database) -> None:
    await given_links_of_all_kinds(database)

    found = await report(database, only=ACTIVE, limit=2)

    assert (len(found.links), found.more) == (2, 3)


async def test_a_report_of_a_calendar_holds_its_links_only(database: Database) -> None:
    await given_links_of_all_kinds(database)

    found = await report(database, calendar="anas")

    assert isinstance(found.subject, CalendarDetails)
    assert found.subject.slug == "anas-own"
    assert found.counts == {ACTIVE: 1, USED: 1}
    assert {link.calendar for link in found.links} == {found.subject}


async def test_a_report_of_a_person_holds_the_links_they_issued(database: Database) -> None:
    await given_links_of_all_kinds(database)

    found = await report(database, user_id=ANA)
    nobodys = await report(database, user_id=KIM)

    assert found.subject == ANA
    assert {link.issued_by for link in found.links} == {ANA}
    assert found.counts == {ACTIVE: 1, USED: 1}
    assert (nobodys.subject, nobodys.counts, nobodys.links) == (KIM, {}, ())


async def test_a_report_of_one_link_tells_all_of_it(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await when_booked(database, link)

    found = await report(database, public_id=link.details.public_id)

    assert isinstance(found.subject, LinkDetails)
    assert found.links == (found.subject,)
    assert (found.counts, found.more) == ({USED: 1}, 0)
    booking = found.subject.booking
    assert booking is not None
    assert (booking.starts_at, booking.ends_at) == (MONDAY_NINE, MONDAY_NINE + HOUR / 2)
    assert (booking.contact_name, booking.cancelled) == ("Jane Doe", False)
    assert [host.slack_user_id for host in booking.hosts] == [SAM]


async def test_links_of_a_chain_name_their_neighbours(database: Database) -> None:
    await given_calendar(database)
    first = (await given_link(database)).details.public_id
    second = await regenerated(database, first)
    third = await regenerated(database, second)

    found = await report(database)

    neighbours = {link.public_id: (link.replaces, link.replaced_by) for link in found.links}
    assert neighbours == {first: (None, second), second: (first, third), third: (second, None)}


async def test_before_the_first_link_a_report_is_empty(database: Database) -> None:
    await given_workspace(database)

    found = await report(database)

    assert (found.counts, found.links, found.more) == ({}, (), 0)


@pytest.mark.parametrize(
    ("subject", "refusal"),
    [
        pytest.param({"calendar": "nonsense"}, UnknownCalendar, id="an unknown calendar"),
        pytest.param({"calendar": "a"}, AmbiguousCalendar, id="several calendars"),
        pytest.param({"calendar": "Sales"}, CalendarGroupNamed, id="a group"),
        pytest.param({"public_id": "L-222222"}, UnknownLink, id="an unknown link"),
    ],
)
async def test_a_subject_that_is_not_there_is_refused(
    sqlite_database: Database, subject: dict[str, Any], refusal: type[Exception]
) -> None:
    await given_calendar(sqlite_database, slug="alpha", group="Sales")
    await given_calendar(sqlite_database, slug="alef", group="Sales")

    with pytest.raises(refusal):
        await report(sqlite_database, **subject)


async def given_links_of_all_kinds(database: Database) -> None:
    """Eight links: five active, of which two have an hour left, two used, one deleted."""
    await given_calendar(database)
    await given_calendar(database, slug="anas-own", hosts=(ANA,))
    for deadline in (None, 2 * HOUR, HOUR, HOUR):
        await given_link(database, deadline=deadline)
    await given_link(database, calendar="anas-own", issued_by=ANA)
    used = [
        await given_link(database, deadline=HOUR),
        await given_link(database, calendar="anas-own", issued_by=ANA),
    ]
    for link, start in zip(used, free_starts(2), strict=True):
        await when_booked(database, link, start=start)
    gone: GivenLink = await given_link(database, deadline=HOUR)
    await database.write(delete_link, **deleting(gone.details.public_id))


async def report(database: Database, *, now: datetime = NOW, **named: Any) -> StatusReport:
    nothing: dict[str, Any] = dict.fromkeys(("calendar", "public_id", "user_id", "only"))
    return await database.read(link_report, workspace_id=1, now=now, **(nothing | named))


async def regenerated(database: Database, public_id: str) -> str:
    done = await database.write(regenerate_link, **regenerating(public_id))
    return done.link.public_id
