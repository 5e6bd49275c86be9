"""Calendars found by what people type, and listed."""

from datetime import timedelta

import pytest

from scheduling.calendars.change import deactivate_calendar
from scheduling.calendars.find import calendars_by_id, find_calendar, list_calendars
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import AmbiguousCalendar, CalendarGroupNamed, UnknownCalendar
from tests.given import ANA, KIM, NOW, SAM, given_calendar, given_workspace

GROUP = "Dev + QA Group"


async def test_a_calendar_is_found_with_all_that_people_see_of_it(database: Database) -> None:
    await given_calendar(
        database,
        slug="demo",
        name="Product Demo",
        type=CalendarType.ROUND_ROBIN,
        duration=timedelta(minutes=45),
        group=GROUP,
        zone="Europe/Berlin",
        hosts=(KIM, SAM, ANA),
        owner=ANA,
        notification_channel="C0MANAGERS",
    )

    found = await database.read(find_calendar, workspace_id=1, words="demo")

    assert (found.slug, found.name, found.type) == (
        "demo",
        "Product Demo",
        CalendarType.ROUND_ROBIN,
    )
    assert (found.duration, found.group, found.zone) == (
        timedelta(minutes=45),
        GROUP,
        "Europe/Berlin",
    )
    assert (found.active, found.owner, found.notification_channel) == (True, ANA, "C0MANAGERS")
    assert {host.slack_user_id: host.name for host in found.hosts} == {
        SAM: "Sam Rivera",
        ANA: "Ana Lopes",
        KIM: "Kim Park",
    }
    assert [host.id for host in found.hosts] == sorted(host.id for host in found.hosts)
    assert found.updated_at == NOW
    assert await database.read(calendars_by_id, [found.id]) == {found.id: found}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        pytest.param("onboarding-call", "onboarding-call", id="its slug"),
        pytest.param("  Onboarding-CALL ", "onboarding-call", id="its slug, shouted"),
        pytest.param("Welcome to Acme", "onboarding-call", id="its name"),
        pytest.param("welcome   to_acme", "onboarding-call", id="its name, carelessly"),
        pytest.param("onboard", "onboarding-call", id="a beginning of its slug"),
        pytest.param("welc", "onboarding-call", id="a beginning of its name"),
        pytest.param("demo", "demo", id="its slug, with which others begin"),
        pytest.param("Demo for Two", "demo-for-two", id="its name, that begins as others do"),
        pytest.param("STRASSE", "strasse", id="its name in other letters"),
    ],
)
async def test_a_calendar_is_found_by_slug_name_or_a_beginning_that_only_it_has(
    database: Database, words: str, slug: str
) -> None:
    await given_calendar(database, slug="onboarding-call", name="Welcome to Acme")
    await given_calendar(database, slug="demo", name="Product Demo")
    await given_calendar(database, slug="demo-for-two")
    await given_calendar(database, slug="strasse", name="Straße")

    found = await database.read(find_calendar, workspace_id=1, words=words)

    assert found.slug == slug


async def test_a_beginning_that_several_have_is_refused_with_all_of_them(
    database: Database,
) -> None:
    await given_calendar(database, slug="demo-long", name="Long Demo")
    await given_calendar(database, slug="demo-short", name="Demo, Short")
    await given_calendar(database, slug="other")

    with pytest.raises(AmbiguousCalendar) as refusal:
        await database.read(find_calendar, workspace_id=1, words="demo")

    assert refusal.value.words == "demo"
    assert refusal.value.candidates == (("demo-short", "Demo, Short"), ("demo-long", "Long Demo"))


async def test_two_calendars_of_one_name_are_told_apart_by_slug_only(database: Database) -> None:
    await given_calendar(database, slug="demo-one", name="Demo")
    await given_calendar(database, slug="demo-two", name="Demo")

    with pytest.raises(AmbiguousCalendar):
        await database.read(find_calendar, workspace_id=1, words="Demo")

    assert (await database.read(find_calendar, workspace_id=1, words="demo-two")).slug == "demo-two"


async def test_a_group_is_refused_with_its_active_calendars(database: Database) -> None:
    for slug in ("pairing", "retro", "standup"):
        await given_calendar(database, slug=slug, group=GROUP)
    await given_calendar(database, slug="elsewhere", group="Sales")
    await database.write(deactivate_calendar, workspace_id=1, slug="retro", now=NOW)

    with pytest.raises(CalendarGroupNamed) as refusal:
        await database.read(find_calendar, workspace_id=1, words="dev + qa group")

    assert refusal.value.group == GROUP
    assert refusal.value.calendars == (("pairing", "Pairing"), ("standup", "Standup"))


async def test_a_calendar_named_like_its_group_is_the_calendar(database: Database) -> None:
    await given_calendar(database, slug="support", name="Support", group="Support")
    await given_calendar(database, slug="support-call", group="Support")

    found = await database.read(find_calendar, workspace_id=1, words="Support")

    assert found.slug == "support"


@pytest.mark.parametrize(
    ("words", "near"),
    [
        pytest.param("onbording call", ("onboarding-call", "Onboarding Call"), id="a letter less"),
        pytest.param("demoo", ("demo", "Product Demo"), id="a letter more"),
        pytest.param("product-dmeo", ("demo", "Product Demo"), id="two letters changed places"),
    ],
)
async def test_a_calendar_that_is_spelled_nearly_so_is_suggested(
    sqlite_database: Database, words: str, near: tuple[str, str]
) -> None:
    await given_calendar(sqlite_database)
    await given_calendar(sqlite_database, slug="demo", name="Product Demo")

    with pytest.raises(UnknownCalendar) as refusal:
        await sqlite_database.read(find_calendar, workspace_id=1, words=words)

    assert refusal.value.words == words
    assert refusal.value.near[0] == near


@pytest.mark.parametrize("words", ["", "   ", "xyzzy", "-", "%", "_"])
async def test_words_that_are_like_nothing_are_refused_without_suggestions(
    sqlite_database: Database, words: str
) -> None:
    await given_calendar(sqlite_database)

    with pytest.raises(UnknownCalendar) as refusal:
        await sqlite_database.read(find_calendar, workspace_id=1, words=words)

    assert refusal.value.near == ()


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        pytest.param("", ["alpha", "beta", "gamma"], id="nothing lists all, by name"),
        pytest.param("ALPHA", ["alpha"], id="a word of the name"),
        pytest.param("qa", ["alpha", "gamma"], id="a word of the group"),
        pytest.param("qa gam", ["gamma"], id="all words must be there"),
        pytest.param("nothing-like-it", [], id="none"),
    ],
)
async def test_calendars_are_listed_by_words_of_name_slug_and_group(
    database: Database, words: str, slugs: list[str]
) -> None:
    await given_calendar(database, slug="gamma", group=GROUP)
    await given_calendar(database, slug="alpha", group=GROUP)
    await given_calendar(database, slug="beta")

    found = await database.read(list_calendars, workspace_id=1, words=words)

    assert [calendar.slug for calendar in found] == slugs


async def test_an_inactive_calendar_is_still_found_and_listed_as_such(database: Database) -> None:
    await given_calendar(database)
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    found = await database.read(find_calendar, workspace_id=1, words="onboarding-call")

    assert not found.active
    assert await database.read(list_calendars, workspace_id=1) == (found,)


async def test_before_the_first_calendar_there_is_nothing_to_list(database: Database) -> None:
    await given_workspace(database)

    assert await database.read(list_calendars, workspace_id=1) == ()
