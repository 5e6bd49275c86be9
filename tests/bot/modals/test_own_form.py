"""`/otl me`: what people say of themselves, and whether their coming meetings follow."""

import asyncio
import json
from typing import Any

import pytest

from bot.messages.own_settings import CHANGE_ME
from bot.modals import own_form
from bot.modals.fields import Misfilled
from bot.modals.own_form import read_own_form, read_use_room_form, use_room_form
from otl.practice.views import View
from scheduling.bookings.details import booking_by_id
from scheduling.calendars.own_settings import OwnSettings, own_settings, save_own_settings
from scheduling.places import Place, PlaceKind
from tests.bot.checker import assert_slack_takes_view
from tests.bot.conftest import Office, in_words
from tests.given import ANA, SALES, SAM, given_calendar, given_link, when_booked

ROOM, OTHER = "https://meet.example/sam", "https://meet.example/new"


def filled(**fields: str) -> dict[str, Any]:
    names = (own_form.ROOM, own_form.EMAIL, own_form.ZONE)
    return {name: {name: {"type": "plain_text_input", "value": fields.get(name)}} for name in names}


def answered(value: str) -> dict[str, Any]:
    chosen = {"type": "radio_buttons", "selected_option": {"value": value}}
    return {own_form.USE: {own_form.USE: chosen}}


async def opened(office: Office, user: str = SAM) -> View:
    """Type `/otl me`, and return the form when it is filled in."""
    answer = await office.slack.command(user, SALES, "/otl me")
    assert answer.ok, answer
    return await the_modal(office, user, own_form.CALLBACK)


async def the_modal(office: Office, user: str, callback_id: str) -> View:
    def shown() -> View | None:
        modal = office.slack.modal(user)
        return modal if modal is not None and modal.callback_id == callback_id else None

    form: View = await office.slack.until(shown)
    return form


async def settings(office: Office, user: str = SAM) -> OwnSettings:
    return await office.database.read(own_settings, workspace_id=1, user_id=user)


def said_in(view: View | None) -> str:
    return "" if view is None else json.dumps(view.blocks, ensure_ascii=False)


async def test_the_form_shows_what_they_said_and_what_slack_says_in_grey(office: Office) -> None:
    await given_calendar(office.database)
    await office.database.write(
        save_own_settings, workspace_id=1, user_id=SAM, room_url=ROOM, email=None, zone=None
    )

    form = await opened(office)

    room, email, zone = (block["element"] for block in form.blocks)
    assert room["initial_value"] == ROOM
    assert "initial_value" not in email
    assert email["placeholder"]["text"] == "sam@example.com"
    assert zone["placeholder"]["text"] == "Europe/Berlin"


async def test_what_is_filled_in_is_kept(office: Office) -> None:
    await given_calendar(office.database)
    form = await opened(office)

    await office.slack.submit(
        form, {"room": "meet.example/sam", "email": " sam@home.example ", "zone": "tokyo"}
    )

    done = await settings(office)
    assert (done.room_url, done.email, done.zone) == (ROOM, "sam@home.example", "Asia/Tokyo")
    said = said_in(office.slack.modal(SAM))
    assert "Saved." in said
    assert f"Your room: <{ROOM}>" in said


async def test_whoever_is_no_host_yet_reads_what_it_is_for_and_it_is_kept(office: Office) -> None:
    await given_calendar(office.database)
    form = await opened(office, ANA)

    await office.slack.submit(form, {"room": ROOM})

    assert "No calendar takes your time yet." in said_in(form)
    assert (await settings(office, ANA)).room_url == ROOM


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"room": "my office"}, {"room": "https://"}),
        ({"room": "javascript:alert(1)"}, {"room": "https://"}),
        ({"email": "sam"}, {"email": "sam@example.com"}),
        ({"zone": "Berlinn"}, {"zone": "Europe/Berlin"}),
        ({"room": "x", "email": "x", "zone": "x"}, {"room": "", "email": "", "zone": ""}),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    fields: dict[str, str], wrong: dict[str, str]
) -> None:
    with pytest.raises(Misfilled) as refused:
        read_own_form(filled(**fields))

    assert set(refused.value.errors) == set(wrong)
    for name, words in wrong.items():
        assert words in refused.value.errors[name]


@pytest.mark.parametrize(("answer", "room"), [("yes", OTHER), ("no", ROOM)])
async def test_a_new_room_is_asked_to_be_used_for_coming_meetings(
    office: Office, answer: str, room: str
) -> None:
    await given_calendar(office.database, place=Place(PlaceKind.HOST_ROOM))
    await office.database.write(
        save_own_settings, workspace_id=1, user_id=SAM, room_url=ROOM, email=None, zone=None
    )
    await when_booked(office.database, await given_link(office.database))

    await office.slack.submit(await opened(office), {"room": OTHER})
    question = await the_modal(office, SAM, own_form.USE_CALLBACK)
    asked, chosen = said_in(question), question.blocks[0]["element"]["initial_option"]
    before = (await office.database.read(booking_by_id, booking_id=1)).place
    await office.slack.submit(question, {own_form.USE: answer})

    assert "Use it for your coming meeting, too?" in asked
    assert chosen["value"] == "yes"
    assert before == Place(PlaceKind.HOST_ROOM, ROOM)
    after = await office.database.read(booking_by_id, booking_id=1)
    assert after.place == Place(PlaceKind.HOST_ROOM, room)
    said = said_in(office.slack.modal(SAM))
    assert ("please tell Jane Doe" in said) == (answer == "yes")
    assert ("Your coming meetings stay where they are." in said) == (answer == "no")


async def test_the_same_room_saved_again_asks_nothing(office: Office) -> None:
    await given_calendar(office.database, place=Place(PlaceKind.HOST_ROOM))
    await when_booked(office.database, await given_link(office.database))
    await office.database.write(
        save_own_settings, workspace_id=1, user_id=SAM, room_url=ROOM, email=None, zone=None
    )

    await office.slack.submit(await opened(office), {"room": ROOM})

    assert "Saved." in said_in(office.slack.modal(SAM))


async def test_where_slack_opens_no_form_it_is_answered_with_a_button_that_does(
    office: Office,
) -> None:
    await given_calendar(office.database)
    office.slack.fault("views.open", "expired_trigger_id")

    said = await office.types(SAM, "/otl me")

    assert "Your time zone: Europe/Berlin (from Slack)" in in_words(said)
    await office.press_only(SAM, said, CHANGE_ME)
    assert await the_modal(office, SAM, own_form.CALLBACK)


async def test_a_form_sent_twice_at_once_is_kept_once(office: Office) -> None:
    await given_calendar(office.database, hosts=(ANA,))
    form = await opened(office)

    await asyncio.gather(*(office.slack.submit(form, {"room": ROOM}) for _ in range(2)))

    assert (await settings(office)).room_url == ROOM


def test_the_question_names_the_number_and_slack_takes_it() -> None:
    view = use_room_form(20, channel_id=SALES)

    assert_slack_takes_view(view)
    assert "Use it for your 20 coming meetings, too?" in json.dumps(view.to_dict())
    assert read_use_room_form(answered("yes")).is_wanted
    assert not read_use_room_form(answered("no")).is_wanted
