"""Status that scales: counts first, pages, filters, and what changed since a card was shown."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.report_query import ReportQuery, read_query
from bot.grammar.status import ShowStatus
from bot.messages import status_report as report_card
from otl.practice.messages import Message
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from tests.bot.conftest import Office, in_words
from tests.bot.values import slack_ids, slugs
from tests.given import ANA, NOW, SAM, given_calendar, given_link, when_booked


def buttons(message: Message) -> list[str]:
    elements = [one for block in message.blocks for one in block.get("elements", ())]
    return [one["text"]["text"] for one in elements if one["type"] == "button"]


async def given_links(office: Office, number: int) -> None:
    for n in range(number):
        await given_link(
            office.database, contact=Contact(f"Contact {n:02}"), now=NOW - timedelta(hours=50 - n)
        )


async def test_older_and_newer_turn_the_pages_in_place(office: Office) -> None:
    await given_calendar(office.database)
    await given_links(office, 25)
    card = await office.types(SAM, "/otl status")
    assert "1 to 10 of 25, the newest first" in in_words(card)
    assert buttons(card) == ["Older", "Filter"]

    await office.changes(SAM, card, report_card.OLDER)
    assert "Contact 14" in in_words(card)
    assert "Contact 15" not in in_words(card)
    assert buttons(card) == ["Newer", "Older", "Filter"]
    await office.changes(SAM, card, report_card.OLDER)

    assert "21 to 25 of 25" in in_words(card)
    assert buttons(card) == ["Newer", "Filter"]
    await office.changes(SAM, card, report_card.NEWER)
    assert "11 to 20 of 25" in in_words(card)


async def test_filters_are_buttons_and_lead_back(office: Office) -> None:
    await given_calendar(office.database)
    used = await given_link(office.database, contact=Contact("Joe"))
    await when_booked(office.database, used)
    await given_link(office.database, contact=Contact("Jane"))
    card = await office.types(SAM, "/otl status onboarding")
    assert buttons(card) == ["Active", "Used", "Filter"]

    await office.changes(SAM, card, report_card.SHOW_ONLY[LinkStatus.USED])
    assert "Joe" in in_words(card)
    assert "Jane" not in in_words(card)
    assert "Used ones only" in in_words(card)
    assert buttons(card) == ["All", "Active", "Filter"]
    await office.changes(SAM, card, report_card.SHOW_ALL)

    assert "Jane" in in_words(card)
    assert card.text.startswith("Links for Onboarding Call: 1 active, 1 used")


async def test_a_press_on_an_old_report_says_what_changed_meanwhile(office: Office) -> None:
    await given_calendar(office.database)
    await given_links(office, 11)
    card = await office.types(SAM, "/otl status @sam")
    used = await given_link(office.database)
    await when_booked(office.database, used)

    await office.changes(SAM, card, report_card.OLDER)

    assert "Meanwhile: 1 issued, 1 used" in in_words(card)
    assert card.text.startswith(f"Links issued by <@{SAM}>: 11 active, 1 used")


async def test_a_page_that_is_gone_shows_the_last_one(office: Office) -> None:
    await given_calendar(office.database)
    await given_links(office, 11)
    card = await office.types(SAM, "/otl status active")
    link = await given_link(office.database, issued_by=ANA)
    await office.types(ANA, f"/otl delete {link.details.public_id}")
    await office.types(SAM, f"/otl delete {in_words(card).split('`')[1]}")

    await office.changes(SAM, card, report_card.OLDER)

    assert "Contact 09" in in_words(card)
    assert "Meanwhile: 1 issued, 2 deleted" in in_words(card)


async def test_a_report_of_one_page_has_no_buttons(office: Office) -> None:
    await given_calendar(office.database)
    await given_links(office, 3)

    card = await office.types(SAM, "/otl status")

    assert buttons(card) == []


@given(
    st.none() | slugs,
    st.none() | slack_ids,
    st.none() | st.sampled_from(LinkStatus),
    st.integers(0, 10**8),
    st.none() | st.fixed_dictionaries({status: st.integers(0, 10**8) for status in LinkStatus}),
)
def test_a_report_s_button_says_exactly_what_it_shows(
    calendar: str | None,
    user: str | None,
    only: LinkStatus | None,
    skip: int,
    seen: dict[LinkStatus, int] | None,
) -> None:
    query = ReportQuery(ShowStatus(calendar=calendar, user=user, only=only), skip, seen)

    assert read_query(query.as_value()) == query


@given(st.text(max_size=300))
def test_a_button_s_value_of_any_kind_is_read(value: str) -> None:
    query = read_query(value)

    assert 0 <= query.skip < 10**9


def test_the_hostile_parts_of_a_value_are_left_out() -> None:
    query = read_query("calendar=<!channel> user=' only=everything skip=-1 seen=x9a2")

    assert query == ReportQuery(ShowStatus(), 0, {LinkStatus.ACTIVE: 2})
