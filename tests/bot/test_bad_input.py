"""Whatever is typed or filled in is answered privately and helpfully, and changes nothing."""

import itertools
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.commands.registry import parse_command, verbs
from bot.modals.opened import form_for_line
from bot.replies import words_for
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_harmless, assert_slack_takes_it, assert_slack_takes_view, texts
from tests.bot.conftest import Office, all_links
from tests.given import ANA, SALES, SAM, given_calendar, given_link

HOSTILE = {
    "missing": "",
    "unknown": "nonsense that nobody calls anything",
    "ambiguous": "tax",
    "channel": "<!channel>",
    "link": "<https://evil.example|x>",
    "broken-sign": "<@U0SAM|<!here>> <!date^1^{time}|x>",
    "ten-thousand": "x" * 10_000,
    "two-thousand": "& " * 990,
    "bidi": "\u202e\u2066onboarding\u2069",
    "nul": "on\u0000boarding\u0007",
    "emoji": "👩‍👩‍👧‍👦" * 40,
    "right-to-left": "שלום עולם مرحبا",
    "mrkdwn": "*bold* _it_ ~no~ `code` ```pre```",
    "quotes": "\"'“\u2018«",
    "sql": "'; DROP TABLE one_time_link; --",
    "braces": '{"payload": {}} %s {0} ${x}',
    "surrogate": "\ud83d",
    "keywords": "for expires for expires",
}
VERBS = [*verbs(), "stauts", "<!channel>"]


@pytest.mark.parametrize("kind", HOSTILE)
async def test_every_verb_answers_bad_input_privately_and_changes_nothing(
    office: Office, kind: str
) -> None:
    await given_calendar(office.database, slug="tax-advice")
    await given_calendar(office.database, slug="tax-return")
    link = await given_link(office.database, calendar="tax-return", issued_by=ANA)
    before = await all_links(office)
    office.slack.courier.seconds = 30.0  # what is tested is what is said, not when

    for verb in VERBS:
        line = f"/otl {verb} {HOSTILE[kind]}".encode("utf-8", "replace").decode()
        answer = await office.slack.command(SAM, SALES, line)
        assert answer.ok, line
    await office.bot.close()

    said = office.slack.ephemerals(SAM)
    forms = office.slack.calls_to("views.open")
    assert len(said) + len(forms) == len(VERBS)
    for message in said:
        for text in [message.text, *texts(message.blocks)]:
            assert_harmless(text)
            assert "If it stays so, tell whoever runs OTL" not in text
            assert re.search(r"\w{3}", text)
    assert office.slack.messages(SALES) == ()
    assert link.token not in str([message.blocks for message in said])
    assert (await all_links(office)).counts == before.counts == {LinkStatus.ACTIVE: 1}


@pytest.mark.parametrize("verb", ["regenerate", "delete", "copy"])
async def test_only_who_may_is_served_and_the_others_learn_whom_to_ask(
    office: Office, verb: str
) -> None:
    await given_calendar(office.database, owner=SAM)
    link = await given_link(office.database, issued_by=SAM)

    said = await office.types(ANA, f"/otl {verb} {link.details.public_id}")

    words = "\n".join(texts(said.blocks))
    assert f"<@{SAM}>" in words
    assert "Ask" in words
    assert link.token not in said.text + str(said.blocks)
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


lines = st.builds(
    " ".join,
    st.lists(
        st.sampled_from([*verbs(), "for", "expires", "7d", "L-7K2QXA", '"', "tax", "a@example.com"])
        | st.sampled_from(list(HOSTILE.values()))
        | st.text(max_size=80),
        max_size=8,
    ),
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines)
@example("E <https://evil.example|x>")  # near to "me"; no address stands in a button
def test_any_line_is_a_command_or_a_form_or_a_refusal_that_slack_takes(line: str) -> None:
    form = form_for_line(line, SALES)
    if form is not None:
        assert_slack_takes_view(form)
    try:
        parse_command(line)
    except Exception as error:  # noqa: BLE001  # whatever it is, it must be one with words
        message = words_for(error, text=line)
        assert_slack_takes_it(message)
        assert "If it stays so, tell whoever runs OTL" not in message.text


@pytest.mark.parametrize(
    ("part", "value"),
    list(
        itertools.product(
            ["calendar", "contact", "deadline"],
            ["<!channel>", "\u202e\u0000", "x" * 3000, "&" * 75],
        )
    ),
)
async def test_a_form_with_bad_input_stays_open_and_changes_nothing(
    office: Office, part: str, value: str
) -> None:
    await given_calendar(office.database)
    await office.slack.command(SAM, SALES, "/otl issue")
    form: Any = await office.slack.until(lambda: office.slack.modal(SAM))
    await office.slack.submit(form, {"choose_calendar": "nonsense"})
    sent = office.slack.courier.sent[-1]
    filled = {"calendar": "onboarding-call", "contact": "", "deadline": "nonsense"} | {part: value}
    sent.payload["view"]["state"]["values"] = {
        "calendar": {"choose_calendar": {"selected_option": {"value": filled["calendar"]}}},
        "contact": {"contact": {"value": filled["contact"]}},
        "deadline": {"deadline": {"value": filled["deadline"]}},
    }

    answer = await office.slack.repeat(sent)

    assert answer.ok
    if answer.body["response_action"] == "errors":
        assert set(answer.body["errors"]) <= {"calendar", "contact", "deadline"}
        assert all("<" not in said or value in said for said in answer.body["errors"].values())
        assert (await all_links(office)).counts == {}
    else:
        assert (part, value) == ("deadline", "\u202e\u0000")  # nothing visible: no deadline
