"""*Add the place*: a host says where one meeting is."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages.places import CHANGE_PLACE
from bot.modals import place_form
from bot.modals.fields import Misfilled
from bot.modals.place_form import read_place_form
from bot.notifications.notifier import Notifier
from otl.practice.messages import Message
from otl.practice.views import View
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.calendars.types import CalendarType
from scheduling.events import settling
from scheduling.places import PLACE_LENGTH, Place, PlaceKind
from scheduling.workspaces import set_mail_sender
from tests.bot.checker import assert_slack_takes_view
from tests.bot.conftest import Office, in_words
from tests.bot.deliveries import claim_due
from tests.given import ANA, NOW, SALES, SAM, given_calendar, given_link, when_booked

FIELD = "place 1"
ROOM = "https://meet.example/sam"


async def booked(office: Office) -> None:
    await given_calendar(office.database, place=Place(PlaceKind.HOST_ROOM))
    await when_booked(office.database, await given_link(office.database, issued_by=ANA))


async def told(office: Office, notifier: Notifier) -> Message:
    """Have all that is due delivered, and return what the host reads."""
    for delivery in await claim_due(office.database):
        outcome = await notifier.deliver(delivery)
        await office.database.write(
            settling.settle,
            delivery,
            outcome,
            began_at=NOW,
            ended_at=NOW,
            now=NOW,
            quarantine=timedelta(minutes=1),
        )
    (message,) = office.slack.messages(SAM)
    return message


async def opened(office: Office, message: Message) -> View:
    await office.press_only(SAM, message, CHANGE_PLACE)
    form: View = await office.slack.until(lambda: office.slack.modal(SAM))
    return form


async def details(office: Office) -> BookingDetails:
    return await office.database.read(booking_by_id, booking_id=1)


def said_to(office: Office, user: str) -> str:
    modal = office.slack.modal(user)
    return "" if modal is None else json.dumps(modal.blocks, ensure_ascii=False)


async def test_a_host_without_a_room_says_where_one_meeting_is(
    office: Office, notifier: Notifier
) -> None:
    await booked(office)
    message = await told(office, notifier)
    before = in_words(message)

    await office.slack.submit(await opened(office, message), {FIELD: ROOM})

    assert (await details(office)).place == Place(PlaceKind.URL, ROOM)
    said = said_to(office, SAM)
    assert f"Saved: Online meeting: <{ROOM}>" in said
    assert "OTL sends no mail here, so please tell Jane Doe; their page shows it too." in said
    assert "No place yet" in before
    after = await told(office, notifier)
    assert f"Online meeting: <{ROOM}>" in in_words(after)
    assert len(office.slack.messages(ANA)) == 1
    assert ROOM in in_words(office.slack.messages(ANA)[0])
    assert len(office.slack.messages(SALES)) == 1
    assert len(office.slack.calls_to("chat.update")) == 2  # host and issuer, not the channel


async def test_with_mail_the_contact_is_written_to(office: Office, notifier: Notifier) -> None:
    await booked(office)
    await office.database.write(set_mail_sender, workspace_id=1, address="otl@example.com")
    message = await told(office, notifier)

    await office.slack.submit(await opened(office, message), {FIELD: "In the hall"})

    said = said_to(office, SAM)
    assert "Saved: In the hall" in said
    assert "Jane Doe gets a mail with it." in said


async def test_somebody_else_s_press_is_refused_and_what_they_typed_stays(
    office: Office, notifier: Notifier
) -> None:
    await booked(office)
    message = await told(office, notifier)

    form = replace(await opened(office, message), user=ANA)
    sent = await office.slack.submit(form, {FIELD: ROOM})

    assert "its hosts, the calendar's owner and admins say" in (sent.errors or {})["place"]
    assert (await details(office)).place == Place(PlaceKind.HOST_ROOM)


async def test_the_host_of_a_class_says_it_once_for_all(office: Office, notifier: Notifier) -> None:
    await given_calendar(
        office.database, type=CalendarType.CLASS, seats=3, place=Place(PlaceKind.HOST_ROOM)
    )
    for _ in range(2):
        await when_booked(office.database, await given_link(office.database))
    message = await told(office, notifier)

    await office.slack.submit(await opened(office, message), {FIELD: ROOM})

    assert "Jane Doe, Jane Doe" in said_to(office, SAM)
    assert ROOM in in_words(await told(office, notifier))


@pytest.mark.parametrize("typed", [" ", "x" * (PLACE_LENGTH + 1)])
def test_what_is_no_place_is_said_beside_its_field(typed: str) -> None:
    with pytest.raises(Misfilled) as refused:
        read_place_form({"place": {FIELD: {"value": typed}}})

    assert set(refused.value.errors) == {"place"}


@pytest.mark.parametrize("action_id", ["place", "place x", "place \u0661", "place -1", "y" * 99])
def test_a_field_that_names_no_meeting_is_for_none(action_id: str) -> None:
    assert read_place_form({"place": {action_id: {"value": "x"}}}).appointment_id == 0


def test_slack_takes_the_form() -> None:
    assert_slack_takes_view(place_form.place_form("123456789012345678", channel_id=SALES))
