"""A rep issues a link: what they see, what is stored, and where it will be told of."""

from datetime import timedelta

import pytest

from otl.practice.faults import Fault
from scheduling.calendars.change import deactivate_calendar
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from scheduling.secrets.keyring import Purpose
from tests.bot.conftest import PAIR, SECRETS, URL, Office, all_links, in_words
from tests.given import (
    ANA,
    KEYRING,
    NOW,
    SALES,
    SAM,
    given_calendar,
)


async def test_a_rep_issues_a_link_and_is_the_only_one_to_see_it(office: Office) -> None:
    await given_calendar(office.database)

    card = await office.types(SAM, "/otl issue onboarding for Jane Doe jane@example.com expires 7d")

    (link,) = (await all_links(office)).links
    found = URL.search(in_words(card))
    assert found is not None
    assert found[1] == KEYRING.token(Purpose.LINK, link.secret)
    assert card.text.startswith("One-time link for Jane Doe\nOnboarding Call · 30 min · with <@")
    assert f"`{link.public_id}` · Active · works for one booking until <!date^" in in_words(card)
    assert (link.contact, link.issued_by) == (Contact("Jane Doe", "jane@example.com"), SAM)
    assert (link.channel_id, link.expires_at) == (SALES, NOW + timedelta(days=7))
    assert office.slack.messages(SALES) == ()
    assert office.slack.ephemerals(ANA) == []


async def test_the_secret_is_in_no_button(office: Office) -> None:
    await given_calendar(office.database)

    card = await office.types(SAM, "/otl issue onboarding")

    values = [element["value"] for element in card.blocks[-1]["elements"]]
    (link,) = (await all_links(office)).links
    assert values == [f"{link.public_id} active", link.public_id]


async def test_a_command_that_slack_hands_over_twice_issues_one_link(office: Office) -> None:
    await given_calendar(office.database)
    first = await office.types(SAM, "/otl issue onboarding for Jane")

    await office.slack.repeat(office.slack.courier.sent[-1])

    _, second = await office.slack.until(
        lambda: len(office.slack.ephemerals(SAM)) == 2 and office.slack.ephemerals(SAM)
    )
    assert URL.findall(first.text) == URL.findall(second.text)
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_an_unknown_calendar_is_answered_with_the_near_match(office: Office) -> None:
    await given_calendar(office.database)

    answer = await office.types(SAM, "/otl issue onbording-cal for R&D <3 expires 7d")

    assert in_words(answer) == (
        "I don't know a calendar “onbording-cal”. Did you mean *Onboarding Call* "
        "(`onboarding-call`)? `/otl calendars` shows them all.\n"
        "You typed `/otl issue onbording-cal for R&amp;D &lt;3 expires 7d`\n"
        "Onboarding Call\n"
        "Fill in a form"
    )
    assert (await all_links(office)).counts == {}


async def test_a_word_that_fits_several_calendars_is_answered_with_their_names(
    office: Office,
) -> None:
    await given_calendar(office.database, slug="tax-advice")
    await given_calendar(office.database, slug="tax-return")

    answer = await office.types(SAM, "/otl issue tax")

    assert "*Tax Advice* (`tax-advice`) and *Tax Return* (`tax-return`)" in in_words(answer)


async def test_a_group_is_answered_with_its_calendars(office: Office) -> None:
    await given_calendar(office.database, group="Dev + QA")

    answer = await office.types(SAM, "/otl issue Dev + QA")

    assert "is a group" in in_words(answer)
    assert "`onboarding-call`" in in_words(answer)


async def test_a_deactivated_calendar_issues_nothing(office: Office) -> None:
    await given_calendar(office.database)
    await office.database.write(
        deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW
    )

    answer = await office.types(SAM, "/otl issue onboarding")

    assert "is deactivated" in in_words(answer)
    assert (await all_links(office)).counts == {}


@pytest.mark.parametrize(
    ("channel", "member", "warning"),
    [
        pytest.param(SALES, SAM, None, id="a-channel-with-the-bot"),
        pytest.param(
            "C0ELSEWHERE",
            SAM,
            "I can't post here yet. Type `/invite @OTL`, or “Link used” comes to you as a direct "
            "message.",
            id="a-public-channel-without-it",
        ),
        pytest.param(
            SECRETS,
            SAM,
            "I can't post here yet. Type `/invite @OTL`, or “Link used” comes to you as a direct "
            "message.",
            id="a-private-channel-without-it",
        ),
        pytest.param(
            PAIR,
            SAM,
            "This is a direct message, so “Link used” comes to you alone.",
            id="two-people",
        ),
        pytest.param("own", SAM, None, id="the-bot-s-own-direct-message"),
    ],
)
async def test_issue_says_where_link_used_cannot_be_told(
    office: Office, channel: str, member: str, warning: str | None
) -> None:
    await given_calendar(office.database)
    if channel == "own":
        channel = office.slack.direct(SAM).id

    card = await office.types(member, "/otl issue onboarding", channel=channel)

    assert URL.search(card.text)
    assert ("I can't post" in card.text or "direct message" in card.text) is (warning is not None)
    assert warning is None or warning in in_words(card)


async def test_issue_looks_at_the_channel_that_the_calendar_names(office: Office) -> None:
    await given_calendar(office.database, notification_channel="C0OLD")

    card = await office.types(SAM, "/otl issue onboarding")

    assert "<#C0OLD> is archived, so “Link used” comes to you as a direct message." in in_words(
        card
    )


async def test_issue_does_not_wait_for_a_slack_that_does_not_answer(office: Office) -> None:
    await given_calendar(office.database)
    office.slack.fault("conversations.info", Fault.TIMEOUT, seconds=30)

    card = await office.types(SAM, "/otl issue onboarding")

    assert URL.search(card.text)
