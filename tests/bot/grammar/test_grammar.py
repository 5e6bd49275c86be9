"""What people type is understood as they meant it, or told why not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands.registry import parse_command
from bot.errors import (
    CalendarMissing,
    ContactMissing,
    DeadlineOutOfBounds,
    DeadlineUnreadable,
    LinkMissing,
    LinkUnreadable,
    Misunderstanding,
    SeveralAddresses,
    TooLong,
    UnknownVerb,
)
from bot.grammar.issue import IssueLink
from bot.grammar.link_ids import public_id
from bot.grammar.status import ShowStatus
from bot.grammar.typed_text import as_typed
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from scheduling.plain_text import clean
from scheduling.secrets.public_ids import PUBLIC_ID_ALPHABET

JANE = Contact("Jane")
WEEK = timedelta(days=7)
MAIL = "<mailto:jane@example.com|jane@example.com>"


def issuing(*parts: Any) -> tuple[str, IssueLink]:
    return "issue", IssueLink(*parts)


def showing(**parts: Any) -> tuple[str, ShowStatus]:
    return "status", ShowStatus(**parts)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("", ("", None), id="nothing"),
        pytest.param("  \n ", ("", None), id="only-space"),
        pytest.param("help", ("help", None), id="help"),
        pytest.param("HELP me please", ("help", None), id="help-in-capitals-with-more"),
        pytest.param("health", ("health", None), id="health"),
        pytest.param("calendars", ("calendars", ""), id="all-calendars"),
        pytest.param("calendars dev  qa", ("calendars", "dev qa"), id="search"),
        pytest.param("issue demo", issuing("demo"), id="calendar-alone"),
        pytest.param("issue demo for Jane", issuing("demo", JANE), id="contact"),
        pytest.param("issue demo FOR Jane", issuing("demo", JANE), id="keyword-in-capitals"),
        pytest.param("issue demo for Jane expires 7d", issuing("demo", JANE, WEEK), id="deadline"),
        pytest.param("issue demo expires 1w", issuing("demo", None, WEEK), id="no-contact"),
        pytest.param(
            "issue demo expires 7d for Jane", issuing("demo", JANE, WEEK), id="deadline-first"
        ),
        pytest.param(
            "issue Onboarding Call for Mr. Forbes",
            issuing("Onboarding Call", Contact("Mr. Forbes")),
            id="for-inside-a-word-is-no-keyword",
        ),
        pytest.param(
            "issue demo for Joe for real",
            issuing("demo", Contact("Joe for real")),
            id="only-the-first-for-counts",
        ),
        pytest.param(
            "issue demo for Jane who expires expires 7d",
            issuing("demo", Contact("Jane who expires"), WEEK),
            id="only-the-last-expires-counts",
        ),
        pytest.param('issue "Lunch for two" for Jane', issuing("Lunch for two", JANE), id="quotes"),
        pytest.param(
            "issue “Lunch for two” for Jane", issuing("Lunch for two", JANE), id="smart-quotes"
        ),
        pytest.param(
            "issue \u2018Lunch for two\u2019 for Jane",
            issuing("Lunch for two", JANE),
            id="single-smart-quotes",
        ),
        pytest.param(
            'issue demo for "Offer expires soon"',
            issuing("demo", Contact("Offer expires soon")),
            id="quoted-expires-is-no-keyword",
        ),
        pytest.param(
            "issue demo for Tim O\u2019Brien",
            issuing("demo", Contact("Tim O\u2019Brien")),
            id="an-apostrophe-is-no-quote",
        ),
        pytest.param(
            'issue demo for 5" screens',
            issuing("demo", Contact('5" screens')),
            id="a-quote-inside-a-word-stays",
        ),
        pytest.param(
            f"issue demo for Jane Doe {MAIL}",
            issuing("demo", Contact("Jane Doe", "jane@example.com")),
            id="address-as-slack-marks-it",
        ),
        pytest.param(
            f"issue demo for Jane Doe &lt;{MAIL}&gt;",
            issuing("demo", Contact("Jane Doe", "jane@example.com")),
            id="address-in-brackets",
        ),
        pytest.param(
            "issue demo for jane@example.com",
            issuing("demo", Contact(None, "jane@example.com")),
            id="address-alone",
        ),
        pytest.param(
            f"issue demo for {MAIL} jane@example.com",
            issuing("demo", Contact(None, "jane@example.com")),
            id="the-same-address-twice",
        ),
        pytest.param(
            "issue demo for Sam@Acme",
            issuing("demo", Contact("Sam@Acme")),
            id="an-at-sign-makes-no-address",
        ),
        pytest.param(
            "issue demo for <@U123|jane>", issuing("demo", Contact("@jane")), id="a-person"
        ),
        pytest.param(
            "issue demo for R&amp;D &lt;3", issuing("demo", Contact("R&D <3")), id="entities"
        ),
        pytest.param(
            "issue demo for <https://acme.example|acme.example>",
            issuing("demo", Contact("acme.example")),
            id="a-link-is-its-label",
        ),
        pytest.param(
            "issue demo for J\u202ean\x00e\u200b",
            issuing("demo", JANE),
            id="invisible-characters",
        ),
        pytest.param("copy L-7K2QXA", ("copy", "L-7K2QXA"), id="copy"),
        pytest.param("copy l-7k2qxa", ("copy", "L-7K2QXA"), id="small-letters"),
        pytest.param("copy 7k2qxa", ("copy", "L-7K2QXA"), id="without-the-l"),
        pytest.param("regenerate L\u20137K2QXA", ("regenerate", "L-7K2QXA"), id="a-phones-dash"),
        pytest.param("delete L7K2QXA", ("delete", "L-7K2QXA"), id="without-the-dash"),
        pytest.param("status", showing(), id="all-links"),
        pytest.param("status used", showing(only=LinkStatus.USED), id="by-status"),
        pytest.param("status L-7K2QXA", showing(link="L-7K2QXA"), id="one-link"),
        pytest.param("status 7k2qxa", showing(link="L-7K2QXA"), id="one-link-without-the-l"),
        pytest.param("status review", showing(calendar="review"), id="six-letters-are-words"),
        pytest.param('status "demo22"', showing(calendar="demo22"), id="quotes-mean-a-calendar"),
        pytest.param("status <@U123|sam>", showing(user="U123"), id="a-person-s-links"),
        pytest.param(
            "status <@U123> Deleted",
            showing(user="U123", only=LinkStatus.DELETED),
            id="a-person-s-links-by-status",
        ),
        pytest.param(
            "status onboarding call expired",
            showing(calendar="onboarding call", only=LinkStatus.EXPIRED),
            id="a-calendar-by-status",
        ),
        pytest.param('status "used"', showing(calendar="used"), id="a-quoted-status-is-a-calendar"),
    ],
)
def test_what_is_typed_is_understood(typed: str, meant: tuple[str, Any]) -> None:
    command = parse_command(typed)

    assert (command.verb.name, command.value) == meant


@pytest.mark.parametrize(
    ("typed", "refusal", "facts"),
    [
        pytest.param("isue demo", UnknownVerb, {"word": "isue", "near": "issue"}, id="typo"),
        pytest.param("list", UnknownVerb, {"word": "list", "near": "calendars"}, id="synonym"),
        pytest.param("helth", UnknownVerb, {"word": "helth", "near": "health"}, id="no-help"),
        pytest.param("hlp", UnknownVerb, {"word": "hlp", "near": "help"}, id="no-health"),
        pytest.param("xyzzy", UnknownVerb, {"word": "xyzzy", "near": None}, id="nonsense"),
        pytest.param("issue", CalendarMissing, {}, id="no-calendar"),
        pytest.param("issue for Jane", CalendarMissing, {}, id="contact-but-no-calendar"),
        pytest.param("issue demo for", ContactMissing, {}, id="for-nobody"),
        pytest.param('issue demo for ""', ContactMissing, {}, id="for-empty-quotes"),
        pytest.param("issue demo for a@b.co c@d.co", SeveralAddresses, {}, id="two-addresses"),
        pytest.param(
            "issue demo expires", DeadlineUnreadable, {"words": ""}, id="expires-without-when"
        ),
        pytest.param(
            "issue demo for Jane expires tomorrow",
            DeadlineUnreadable,
            {"words": "tomorrow"},
            id="a-deadline-in-words",
        ),
        pytest.param(
            "issue demo expires 7 months",
            DeadlineUnreadable,
            {"words": "7 months"},
            id="months-are-not-known",
        ),
        pytest.param(
            "issue demo expires \u0667d",
            DeadlineUnreadable,
            {"words": "\u0667d"},
            id="other-digits",
        ),
        pytest.param("issue demo expires 0d", DeadlineOutOfBounds, {"words": "0d"}, id="at-once"),
        pytest.param(
            "issue demo expires 366d", DeadlineOutOfBounds, {"words": "366d"}, id="over-a-year"
        ),
        pytest.param(
            "issue demo expires 99999w", DeadlineOutOfBounds, {"words": "99999w"}, id="centuries"
        ),
        pytest.param("copy", LinkMissing, {"verb": "copy"}, id="no-link"),
        pytest.param(
            "delete L-O0I1AA",
            LinkUnreadable,
            {"verb": "delete", "words": "L-O0I1AA"},
            id="letters-that-no-id-has",
        ),
        pytest.param(
            "regenerate everything",
            LinkUnreadable,
            {"verb": "regenerate", "words": "everything"},
            id="words-for-an-id",
        ),
        pytest.param("issue demo for " + "x" * 2000, TooLong, {"limit": 2000}, id="too-long"),
    ],
)
def test_what_cannot_be_understood_is_told_apart(
    typed: str, refusal: type[Misunderstanding], facts: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        parse_command(typed)

    assert vars(refused.value) == facts


@pytest.mark.parametrize(
    ("words", "deadline"),
    [
        pytest.param("1h", timedelta(hours=1), id="shortest"),
        pytest.param("12 hours", timedelta(hours=12), id="hours"),
        pytest.param("in 3 Days", timedelta(days=3), id="in-days"),
        pytest.param("2W", timedelta(weeks=2), id="weeks"),
        pytest.param("1 week", timedelta(weeks=1), id="one-week"),
        pytest.param("365d", timedelta(days=365), id="longest"),
    ],
)
def test_a_deadline_is_hours_days_or_weeks(words: str, deadline: timedelta) -> None:
    command = parse_command(f"issue demo expires {words}")

    assert command.value == IssueLink("demo", None, deadline)


def test_what_is_given_back_is_what_stood_in_the_composer() -> None:
    escaped = f"issue demo for <@U1|jane> {MAIL} R&amp;D &lt;3"

    assert as_typed(escaped) == "issue demo for @jane jane@example.com R&D <3"


@given(st.text(max_size=300))
@example("issue \ud800 for x")
@example("issue <<@U1>> for <!channel>")
@example('issue "" for " expires 1d')
def test_whatever_is_typed_is_understood_or_refused(text: str) -> None:
    try:
        parse_command(text)
    except Misunderstanding:
        return


KEYWORDS = {"for", "expires"}
PLAIN_WORD = st.text(
    st.characters(categories=("Lu", "Ll", "Nd"), exclude_characters="ªº"), min_size=1, max_size=12
).filter(lambda word: word.lower() not in KEYWORDS)
NAMES = st.lists(PLAIN_WORD, min_size=1, max_size=4).map(" ".join)


@given(calendar=NAMES, name=NAMES, days=st.none() | st.integers(1, 365))
def test_an_issue_line_put_together_is_taken_apart_again(
    calendar: str, name: str, days: int | None
) -> None:
    deadline = None if days is None else timedelta(days=days)
    ending = "" if days is None else f" expires {days}d"

    command = parse_command(f"issue {calendar} for {name}{ending}").value

    assert isinstance(command, IssueLink)
    assert command.contact is not None
    assert (command.calendar, command.deadline) == (clean(calendar, limit=2000), deadline)
    assert command.contact.name == clean(name, limit=2000)


@given(
    letters=st.text(PUBLIC_ID_ALPHABET, min_size=6, max_size=6),
    form=st.sampled_from(["L-{}", "l-{}", "{}", "L{}", " L \u2013 {} "]),
)
def test_every_public_id_is_read_in_every_way_of_writing_it(letters: str, form: str) -> None:
    assert public_id(form.format(letters)) == f"L-{letters}"
    assert public_id(form.format(letters.lower())) == f"L-{letters}"
