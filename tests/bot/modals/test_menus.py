"""Menus of calendars and links: searched while somebody types, and honest where they fail."""

import pytest

from bot.modals import issue_form
from bot.text import forms as words
from tests.bot.conftest import EVE, GUS, Office, unreadable_calendars
from tests.bot.modals.forms import MENU, opens
from tests.given import SAM, given_calendar


async def test_calendars_are_searched_by_words_and_grouped(office: Office) -> None:
    await given_calendar(office.database, slug="tax-advice", group="Finance")
    await given_calendar(office.database, slug="tax-return", group="Finance", active=False)
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")

    everything = await office.slack.suggest(SAM, MENU, "", view=form)
    found = await office.slack.suggest(SAM, MENU, "onb", view=form)
    nothing = await office.slack.suggest(SAM, MENU, "<!channel>\u202e", view=form)

    assert [(group["label"]["text"], len(group["options"])) for group in everything] == [
        ("Finance", 1),
        (words.NO_GROUP, 1),
    ]
    assert [one["value"] for one in found] == ["onboarding-call"]
    assert nothing == []


async def test_of_more_calendars_than_a_menu_holds_the_search_finds_each(office: Office) -> None:
    for number in range(103):
        await given_calendar(office.database, slug=f"calendar-{number:03}")
    form = await opens(office, "/otl issue")

    first = await office.slack.suggest(SAM, MENU, "", view=form)
    last = await office.slack.suggest(SAM, MENU, "102", view=form)

    assert len(first) == 100
    assert [one["value"] for one in last] == ["calendar-102"]


async def test_guests_and_strangers_are_suggested_nothing_and_told_why(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")

    for user in (GUS, EVE):
        (told,) = await office.slack.suggest(user, MENU, "", view=form)
        assert told["text"]["text"] == words.MENU_IS_FOR_MEMBERS


async def test_a_menu_whose_search_fails_says_so_and_that_is_no_choice(
    office: Office, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")
    with unreadable_calendars(sqlite_url):
        (told,) = await office.slack.suggest(SAM, MENU, "onb", view=form)

    chosen = await office.slack.submit(form, {MENU: told["value"]})

    reference = told["text"]["text"].rpartition(" ")[2]
    assert told["text"]["text"].startswith("Something went wrong on my side.")
    assert f"unexpected error, reference {reference}" in caplog.text
    assert chosen.errors == {issue_form.CALENDAR: words.CHOOSE_ONE}


async def test_a_menu_without_a_database_says_so(office: Office) -> None:
    form = await opens(office, "/otl copy")
    await office.database.close()

    (told,) = await office.slack.suggest(SAM, "choose_link_to_copy", "", view=form)

    assert told["text"]["text"] == words.MENU_HAS_NO_DATABASE
