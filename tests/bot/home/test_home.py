"""What the App Home shows: a person's links with their addresses, or a first step."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages.home import as_home, my_home
from bot.messages.next_steps import arrival, first_steps
from bot.messages.notes import OPEN_ISSUE_FORM
from scheduling.bookings.meetings import Meetings
from scheduling.contacts import Contact
from scheduling.links.details import LinkDetails
from scheduling.links.report import StatusReport
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_slack_takes_it, assert_slack_takes_view
from tests.bot.conftest import EVE, GUS, URL, Office, unreadable_calendars
from tests.bot.home.homes import opened
from tests.bot.values import URL as AN_ADDRESS
from tests.bot.values import links, meetings
from tests.given import ANA, SAM, given_calendar, given_link, when_booked


async def test_a_home_that_fails_unexpectedly_says_so(
    office: Office, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    with unreadable_calendars(sqlite_url):
        text = await opened(office)

    assert "Something went wrong on my side" in text
    assert "unexpected error, reference" in caplog.text


async def test_a_newcomer_s_home_teaches_the_first_step(office: Office) -> None:
    await given_calendar(office.database)

    await opened(office)

    home = office.slack.home(SAM)
    assert home is not None
    _headline, empty, _divider, words, actions = home.blocks
    assert "As soon as somebody books your time" in empty["elements"][0]["text"]
    assert len(words["text"]["text"].splitlines()) == 3
    assert [one["action_id"] for one in actions["elements"]] == [OPEN_ISSUE_FORM]


async def test_it_shows_active_links_with_addresses_and_used_ones_with_their_booking(
    office: Office,
) -> None:
    await given_calendar(office.database)
    active = await given_link(office.database, contact=Contact("Jane"))
    used = await given_link(office.database, contact=Contact("Joe"))
    hers = await given_link(office.database, contact=Contact("Zoe"), issued_by=ANA)
    await when_booked(office.database, used)

    words = await opened(office)

    assert URL.findall(words) == [active.token]
    assert "My links: 1 active, 1 used" in words
    assert "Booked by Jane Doe: <!date^" in words
    assert used.token not in words
    assert hers.token not in words
    assert "Zoe" not in words


@pytest.mark.parametrize("user", [GUS, EVE])
async def test_guests_and_strangers_find_a_polite_refusal(office: Office, user: str) -> None:
    await given_calendar(office.database)

    words = await opened(office, user)

    assert "so I can't do that for you" in words


def a_report(shown: list[LinkDetails], only: LinkStatus, skipped: int, more: int) -> StatusReport:
    return StatusReport(SAM, {only: len(shown) + skipped + more}, tuple(shown), more, only, skipped)


counts = st.integers(0, 10**6)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    active=st.lists(links, max_size=10),
    used=st.lists(links, max_size=10),
    skipped=counts,
    more=counts,
    lost=st.booleans(),
    hosted=meetings,
    zone=st.sampled_from([None, ZoneInfo("Asia/Kathmandu")]),
)
def test_slack_takes_every_home(
    hosted: Meetings,
    zone: ZoneInfo | None,
    active: list[LinkDetails],
    used: list[LinkDetails],
    skipped: int,
    more: int,
    *,
    lost: bool,
) -> None:
    urls = {link.public_id: None if lost else AN_ADDRESS for link in active}

    view = my_home(
        hosted,
        a_report(active, LinkStatus.ACTIVE, skipped, more),
        a_report(used, LinkStatus.USED, skipped, more),
        urls=urls,
        zone=zone,
    )

    assert_slack_takes_view(view)


def test_slack_takes_the_first_words() -> None:
    assert_slack_takes_view(as_home(first_steps()))
    assert_slack_takes_it(arrival())
