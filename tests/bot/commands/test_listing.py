"""Calendars and the status of links, as a rep reads them."""

from typing import Any

from scheduling.contacts import Contact
from tests.bot.conftest import Office, in_words
from tests.given import (
    ANA,
    KIM,
    MONDAY_NINE,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)


async def test_calendars_are_listed_with_what_a_rep_wants_to_know(office: Office) -> None:
    await given_calendar(office.database, group="Dev + QA")
    await given_calendar(office.database, slug="tax-advice", active=False)

    answer = await office.types(SAM, "/otl calendars")

    updated = "updated <!date^1796112000^{date_short_pretty}|Tue 1 Dec 2026, 08:00 UTC>"
    assert [in_words_of(block) for block in answer.blocks] == [
        "*2 calendars*",
        f"*Onboarding Call*  `onboarding-call`\nDev + QA · 30 min · Event · Active · {updated}",
        f"*Tax Advice*  `tax-advice`\n30 min · Event · Deactivated · {updated}",
    ]
    assert [block.get("accessory", {}).get("value") for block in answer.blocks] == [
        None,
        "onboarding-call",
        None,
    ]


def in_words_of(block: Any) -> str:
    return str(block["text"]["text"])


async def test_words_search_the_calendars(office: Office) -> None:
    await given_calendar(office.database)
    await given_calendar(office.database, slug="tax-advice")

    found = await office.types(SAM, "/otl calendars tax")
    nothing = await office.types(SAM, "/otl calendars yoga")

    assert "*1 calendar for “tax”*" in in_words(found)
    assert "Onboarding" not in in_words(found)
    assert in_words(nothing).startswith("No calendar has “yoga” in its name or group.")


async def test_more_calendars_than_fit_are_counted(office: Office) -> None:
    for number in range(23):
        await given_calendar(office.database, slug=f"calendar-{number}")

    answer = await office.types(SAM, "/otl calendars")

    assert "*23 calendars*" in in_words(answer)
    assert "and 3 more." in in_words(answer)


async def test_status_counts_first_then_shows_the_newest(office: Office) -> None:
    await given_calendar(office.database)
    used = await given_link(office.database, contact=Contact("Joe (Acme)"))
    await when_booked(office.database, used)
    for number in range(11):
        await given_link(office.database, contact=Contact(f"Contact {number}"), issued_by=ANA)

    report = await office.types(SAM, "/otl status onboarding")
    only_used = await office.types(SAM, "/otl status onboarding used")
    nobody_s = await office.types(SAM, "/otl status @kim")

    assert report.text.startswith("Links for Onboarding Call: 11 active, 1 used\n")
    assert "Contact 10 · <@U0ANA>, today" in in_words(report)
    assert "Contact 0 " not in in_words(report)
    assert "1 to 10 of 12, the newest first" in in_words(report)
    booked = f"booked <!date^{int(MONDAY_NINE.timestamp())}^{{date_short_pretty}} {{time}}|"
    assert f"Joe (Acme) · <@{SAM}>, {booked}" in in_words(only_used)
    assert "Contact" not in in_words(only_used)
    assert in_words(nobody_s) == (
        f"*Links issued by <@{KIM}>: none yet*\n`/otl issue CALENDAR for Jane` makes one."
    )


async def test_one_link_s_status_tells_what_happened_to_it(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane", "jane@example.com"))
    await when_booked(office.database, link)

    answer = await office.types(ANA, f"/otl status {link.details.public_id}")

    assert f"*`{link.details.public_id}` for Jane: Used*" in in_words(answer)
    assert f"Issued by <@{SAM}>, <!date^1796112000^" in in_words(answer)
    assert "Booked by Jane Doe for <!date^" in in_words(answer)
    assert "jane@example.com" not in answer.text + str(answer.blocks)
    assert link.token not in answer.text + str(answer.blocks)
