"""Text from outside stays text: pages are parsed again by an independent, strict parser."""

from datetime import timedelta

import pytest

from scheduling.calendars.change import load_calendars
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from scheduling.plain_text import clean
from scheduling.secrets.keyring import Purpose
from tests.booking_web.reading import parse, posted_fields, text_of
from tests.booking_web.site import Site
from tests.given import EVERY_DAY, KEYRING, NOW, SAM, given_link, given_workspace, when_booked

HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param('"><img src=x onerror=alert(1)>', id="out of an attribute"),
    pytest.param("' autofocus onfocus='alert(1)", id="single quotes"),
    pytest.param("</textarea></title><script>", id="out of raw text"),
    pytest.param("{{ 7 * 7 }}{% raw %}{# x #}", id="template"),
    pytest.param("&lt;b&gt; &amp; &#60;", id="entities"),
    pytest.param("a\x00b\x0bc\x1fd", id="control characters"),
    pytest.param("\u202egnp.exe\u2066x", id="bidi"),
    pytest.param("\r\n\r\n<b>lines", id="line breaks"),
    pytest.param("%s %(x)s {0} $x", id="format"),
]


def elements(page: str) -> list[str]:
    return [element.tag for element in parse(page).iter()]


async def given_calendar_of(database: Database, *, name: str, host: str) -> None:
    workspace = await given_workspace(database)
    settings = CalendarSettings(
        slug="call",
        name=name,
        type=CalendarType.EVENT,
        duration=timedelta(minutes=30),
        zone="UTC",
        hosts=(SAM,),
        owner=SAM,
        weekly=EVERY_DAY,
    )
    await database.write(
        load_calendars,
        workspace_id=workspace.id,
        calendars=[settings],
        people={SAM: Person(SAM, host, None, None)},
        now=NOW,
    )


@pytest.mark.parametrize("text", HOSTILE)
async def test_names_of_calendar_host_and_contact_stay_text_on_the_page_of_a_link(
    sqlite_site: Site, sqlite_database: Database, text: str
) -> None:
    await given_calendar_of(sqlite_database, name="Call", host="Sam")
    plain = await given_link(sqlite_database, calendar="call", contact=Contact("Jane"))
    expected = elements(await (await sqlite_site.get(f"/otl/{plain.token}")).text())
    text = clean(text, limit=200)
    await given_calendar_of(sqlite_database, name=text, host=text)
    link = await given_link(sqlite_database, calendar="call", contact=Contact(text))

    page = await (await sqlite_site.get(f"/otl/{link.token}")).text()

    assert elements(page) == expected
    root = parse(page)
    assert text_of(next(root.iter("h1"))) == " ".join(text.split())
    assert f"For {' '.join(text.split())}" in text_of(root)


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_is_typed_comes_back_as_text(
    sqlite_site: Site, sqlite_database: Database, text: str
) -> None:
    await given_calendar_of(sqlite_database, name="Call", host="Sam")
    link = await given_link(sqlite_database, calendar="call")
    page = await (await sqlite_site.get(f"/otl/{link.token}")).text()
    names = ("name", "email", "notes", "zone", "from", "start", "submission_id", "ticket")

    answer = await sqlite_site.post(f"/otl/{link.token}", data=dict.fromkeys(names, text))

    kept = posted_fields(await answer.text())
    assert answer.status == 422
    assert kept["name"] == kept["email"] == clean(text, limit=1000)
    assert kept["notes"] == clean(text, limit=1000, lines=True)
    assert kept["submission_id"] != text
    assert elements(await answer.text()).count("script") == elements(page).count("script")


@pytest.mark.parametrize("text", HOSTILE)
async def test_the_confirmation_keeps_text_as_text(
    sqlite_site: Site, sqlite_database: Database, text: str
) -> None:
    text = clean(text, limit=200)
    await given_calendar_of(sqlite_database, name=text, host=text)
    link = await given_link(sqlite_database, calendar="call")
    booker = Booker(text, "jane@example.com", text, "UTC")
    booked = await when_booked(sqlite_database, link, booker=booker)
    secret = KEYRING.token(Purpose.BOOKING, booked.secret)

    page = await (await sqlite_site.get(f"/booking/{secret}")).text()

    assert elements(page).count("script") == 1
    assert " ".join(text.split()) in text_of(parse(page))
