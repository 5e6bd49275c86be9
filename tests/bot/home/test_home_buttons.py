"""Buttons of the App Home: they answer in a modal, turn its pages, and the home follows."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import link_card
from bot.messages.home import TURN_ACTIVE, TURN_USED, HomePage
from bot.messages.link_used import SHOW_STATUS
from bot.messages.notes import OPEN_ISSUE_FORM
from bot.messages.status_report import SHOW_ALL
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from tests.bot.conftest import URL, Office, all_links
from tests.bot.home.homes import modal_of, opened, pressed, said
from tests.given import NOW, SAM, given_calendar, given_link, when_booked


async def test_its_buttons_answer_in_a_modal_and_the_home_follows(office: Office) -> None:
    await given_calendar(office.database)
    await given_link(office.database, contact=Contact("Jane"))
    await opened(office)

    await pressed(office, link_card.REGENERATE)
    await office.slack.until(lambda: URL.search(str(office.slack.modal(SAM) and modal_of(office))))
    fresh = URL.findall(modal_of(office))
    await office.slack.until(lambda: URL.findall(said(office)) == fresh[:1])
    await pressed(office, link_card.DELETE)

    await office.slack.until(lambda: "Deleted by" in modal_of(office))
    await office.slack.until(lambda: "My links: 2 deleted" in said(office))


async def test_a_press_on_a_home_that_is_stale_says_what_happened(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)
    await opened(office)
    home = office.slack.home(SAM)
    assert home is not None
    kept = list(home.blocks)
    await when_booked(office.database, link)
    await office.slack.until(lambda: "Booked by" in said(office))
    home.body["blocks"] = kept

    await pressed(office, link_card.DELETE)

    await office.slack.until(lambda: "Meanwhile it was used" in modal_of(office))
    assert (await all_links(office)).counts == {LinkStatus.USED: 1}


async def test_a_new_link_from_the_home_is_told_of_in_a_direct_message(office: Office) -> None:
    await given_calendar(office.database)
    await opened(office)
    await pressed(office, OPEN_ISSUE_FORM)
    form = office.slack.modal(SAM)
    assert form is not None

    sent = await office.slack.submit(form, {"choose_calendar": "onboarding-call"})

    (link,) = (await all_links(office)).links
    assert sent.ok
    assert link.channel_id == SAM
    assert "I can't post" not in modal_of(office)
    await office.slack.until(lambda: URL.search(said(office)))


async def test_reports_opened_from_the_home_turn_their_pages_in_the_modal(
    office: Office,
) -> None:
    await given_calendar(office.database)
    for _ in range(12):
        await given_link(office.database)
    await opened(office)
    await pressed(office, SHOW_ALL)
    await office.slack.until(lambda: "1 to 10 of 12" in modal_of(office))

    modal = office.slack.modal(SAM)
    assert modal is not None
    await office.slack.press_in_view(modal, "report_older")

    await office.slack.until(lambda: "11 to 12 of 12" in modal_of(office))


async def test_many_links_are_shown_page_by_page(office: Office) -> None:
    await given_calendar(office.database, duration=timedelta(minutes=5))
    for n in range(12):
        await given_link(office.database, contact=Contact(f"Open {n:02}"))
        used = await given_link(office.database, contact=Contact(f"Used {n:02}"))
        start = NOW.replace(day=7, hour=9) + timedelta(minutes=5 * n)
        await when_booked(office.database, used, start=start)
    await opened(office)
    assert "Open 00" not in said(office)

    await pressed(office, TURN_ACTIVE[1])
    await office.slack.until(lambda: "Open 00" in said(office))
    assert "Used 11" in said(office)
    await pressed(office, TURN_USED[1])
    await office.slack.until(lambda: "Used 00" in said(office))
    assert "Open 00" in said(office)
    await given_link(office.database, contact=Contact("Newest"))
    await office.slack.until(lambda: "13 active" in said(office))

    assert "Open 00" in said(office)
    await pressed(office, TURN_ACTIVE[0])
    await office.slack.until(lambda: "Newest" in said(office))


async def test_the_status_of_a_used_link_is_a_press_away(office: Office) -> None:
    await given_calendar(office.database)
    used = await given_link(office.database)
    await when_booked(office.database, used)
    await opened(office)

    await pressed(office, SHOW_STATUS)

    await office.slack.until(lambda: f"{used.details.public_id}`: Used" in modal_of(office))


async def test_an_answer_that_slack_does_not_show_is_told_of_without_the_address(
    office: Office,
) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    await opened(office)
    office.slack.fault("views.open", "expired_trigger_id")

    await pressed(office, link_card.REGENERATE)

    (message,) = await office.slack.until(lambda: office.slack.messages(SAM))
    assert message.text.startswith("I answered you, but Slack did not show it in time.")
    assert URL.search(message.text) is None


@given(st.text(max_size=40))
def test_a_page_of_any_kind_is_read(value: str) -> None:
    page = HomePage.of_value(value)

    assert page.active >= 0
    assert HomePage.of_value(page.as_value()) == page
