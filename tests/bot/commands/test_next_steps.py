"""/otl alone: what this person most likely wants next."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import calendar_list, link_card
from bot.messages.next_steps import first_steps, next_steps
from bot.messages.notes import OPEN_ISSUE_FORM
from scheduling.calendars.find import CalendarDetails
from scheduling.contacts import Contact
from scheduling.links.details import LinkDetails
from tests.bot.checker import assert_slack_takes_it
from tests.bot.conftest import URL, Office, in_words
from tests.bot.values import calendars, links
from tests.given import ANA, NOW, SAM, given_calendar, given_link, when_booked


async def test_a_newcomer_reads_three_lines_and_one_button(office: Office) -> None:
    await given_calendar(office.database)

    said = await office.types(SAM, "/otl")

    words, actions = said.blocks
    assert len(words["text"]["text"].splitlines()) == 3
    assert [one["action_id"] for one in actions["elements"]] == [OPEN_ISSUE_FORM]


async def test_somebody_with_links_sees_their_own_and_the_calendars_they_used_last(
    office: Office,
) -> None:
    for slug in ("onboarding-call", "tax-advice", "demo"):
        await given_calendar(office.database, slug=slug)
    await given_link(office.database, contact=Contact("Jane"), now=NOW - timedelta(days=2))
    used = await given_link(office.database, calendar="tax-advice", contact=Contact("Joe"))
    await when_booked(office.database, used)
    await given_link(office.database, calendar="demo", contact=Contact("Zoe"), issued_by=ANA)

    said = await office.types(SAM, "/otl")

    words = in_words(said)
    assert words.startswith("*You have 1 active link*")
    assert "*Jane* · Onboarding Call" in words
    assert "Joe" not in words
    assert "Zoe" not in words
    assert words.index("*Tax Advice* · 30 min") < words.index("*Onboarding Call* · 30 min")
    assert "Demo" not in words
    assert URL.search(said.text + words) is None


async def test_its_buttons_copy_and_issue(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    said = await office.types(SAM, "/otl")

    copied = await office.presses(SAM, said, link_card.COPY)
    issued = await office.presses(SAM, said, calendar_list.ISSUE)

    assert URL.findall(copied.text) == [link.token]
    assert URL.findall(issued.text) not in ([], [link.token])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(links, max_size=5), st.lists(calendars, max_size=5), st.integers(0, 10**6))
def test_slack_takes_it_whatever_the_names(
    own: list[LinkDetails], used: list[CalendarDetails], active: int
) -> None:
    assert_slack_takes_it(next_steps(own, active=active, calendars=used))
    assert_slack_takes_it(first_steps())
