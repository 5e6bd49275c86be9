"""Help, bad input, guests and trouble: everybody is answered, privately and with a next step."""

import re

import pytest

from otl.practice.faults import Fault
from tests.bot.conftest import EVE, GUS, URL, Office, all_links, in_words
from tests.given import (
    SALES,
    SAM,
    given_calendar,
    given_link,
)


async def test_help_lines_work_as_they_stand(office: Office) -> None:
    await given_calendar(office.database, slug="tax-advice")
    link = await given_link(office.database, calendar="tax-advice")

    answer = await office.types(SAM, "/otl help")

    lines = re.findall(r"`(/otl [^`]+)`", in_words(answer))
    assert "/otl issue tax-advice for Jane expires 7d" in lines
    assert "/otl me" in lines
    for one in lines:
        if one == "/otl me":  # it opens a form: `tests/bot/modals/test_own_form.py`
            continue
        said = await office.types(SAM, one)
        assert "You typed" not in in_words(said)
    assert link.details.public_id in " ".join(lines)


async def test_an_unknown_verb_gets_the_near_one(office: Office) -> None:
    answer = await office.types(SAM, "/otl stauts <b>")

    assert in_words(answer) == (
        "I don't know “stauts”. Did you mean `/otl status`? `/otl help` shows what I do.\n"
        "You typed `/otl stauts &lt;b&gt;`\n"
        "/otl status"
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/otl issue <!channel> for <https://evil.example|x>", id="signs"),
        pytest.param("/otl issue " + "x" * 10_000, id="ten-thousand-characters"),
        pytest.param("/otl issue \u202eonboarding\u0000 \ud83d", id="bidi-nul-and-half-an-emoji"),
        pytest.param("/otl delete '; DROP TABLE one_time_link", id="sql"),
        pytest.param("/otl status &lt;&amp;", id="entities"),
    ],
)
async def test_bad_input_is_answered_privately_and_changes_nothing(
    office: Office, line: str
) -> None:
    answer = await office.types(SAM, line.encode("utf-8", "replace").decode())

    assert "You typed" in in_words(answer)
    assert "reference" not in in_words(answer)
    assert "<!channel>" not in answer.text + in_words(answer)
    assert office.slack.messages(SALES) == ()
    assert (await all_links(office)).counts == {}


async def test_a_guest_is_refused_politely(office: Office) -> None:
    await given_calendar(office.database)

    answer = await office.types(GUS, "/otl issue onboarding")

    assert in_words(answer).startswith("Guests can't use OTL in this workspace")
    assert (await all_links(office)).counts == {}


async def test_somebody_of_another_workspace_is_refused_politely(office: Office) -> None:
    await given_calendar(office.database)

    answer = await office.types(EVE, "/otl calendars")

    assert in_words(answer).startswith("OTL is for the members of its own workspace")


async def test_a_command_of_another_team_is_refused_without_asking_slack(office: Office) -> None:
    await office.types(SAM, "/otl help")
    sent = office.slack.courier.sent[-1]
    sent.payload["team_id"] = "T0ELSEWHERE"
    office.slack.calls.clear()

    await office.slack.repeat(sent)

    answer = await office.slack.until(
        lambda: len(office.slack.ephemerals(SAM)) == 2 and office.slack.ephemerals(SAM)[-1]
    )
    assert in_words(answer).startswith("OTL is for the members of its own workspace")
    assert office.slack.calls_to("users.info") == []


async def test_members_are_served_while_slack_does_not_say_who_they_are(office: Office) -> None:
    await given_calendar(office.database)
    office.slack.fault("users.info", Fault.HTTP_503, times=None)

    card = await office.types(SAM, "/otl issue onboarding")

    assert URL.search(card.text)


async def test_slack_is_asked_once_who_somebody_is(office: Office) -> None:
    for _ in range(3):
        await office.types(SAM, "/otl help")

    assert len(office.slack.calls_to("users.info")) == 1


async def test_a_database_that_is_gone_is_told_in_words(office: Office) -> None:
    await office.types(SAM, "/otl help")
    await office.database.close()

    answer = await office.types(SAM, "/otl calendars")
    still_helpful = await office.types(SAM, "/otl help")

    assert in_words(answer).startswith("OTL's database does not answer")
    assert "/otl issue onboarding-call for Jane" in in_words(still_helpful)
