"""The journey through both of Slack's doors without a browser, and who is turned away at them."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
import pytest_asyncio

from otl.practice.demo_data import ANA, KIM, SALES, SAM
from scheduling.database.models import OneTimeLink
from tests.journeys.contact import Contact
from tests.journeys.knocking import a_command, a_press, handle_of
from tests.journeys.running import (
    STUCK_SECONDS,
    RunningProgram,
    public_id_in,
    read_issued,
    running_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

REPEATS = 5  # a response URL can be used so often
DEAD = (
    "Uh-oh! The link is no longer active.",
    "Please reach out to the event owner for a new link.",
)


@pytest_asyncio.fixture(loop_scope="session", params=["HTTP", "Socket Mode"])
async def entered(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[RunningProgram]:
    """The program, once with each door."""
    async with running_program(sqlite_url, by_socket=request.param == "Socket Mode") as program:
        yield program


async def test_a_link_goes_from_the_command_to_the_booking_to_the_news_in_the_channel(
    entered: RunningProgram, contact: Contact
) -> None:
    link = await entered.issues(SAM, "onboarding for Acme")
    form = await contact.fetches(link.url)

    booked = await contact.sends(link.url, form.filled(form.starts[0], name="Jane Doe"))

    assert booked.status == HTTPStatus.SEE_OTHER
    confirmation = await contact.opens(entered.base + booked.location)
    assert "You're booked." in confirmation.text
    news = await entered.channel_reads("Link used: Jane Doe booked Onboarding Call")
    assert link.public_id in news.text
    dead = await contact.opens(link.url)
    assert dead.status == HTTPStatus.GONE
    assert all(sentence in dead.text for sentence in DEAD)
    status = await entered.types(SAM, f"/otl status {link.public_id}")
    assert status.text.startswith(f"`{link.public_id}` for Acme: Used")
    everything = await entered.types(KIM, "/otl status")
    assert everything.text.startswith("All links: 1 used")


async def test_every_button_does_what_it_says(entered: RunningProgram, contact: Contact) -> None:
    calendars = await entered.types(SAM, "/otl calendars onboarding")
    first = read_issued(await entered.presses(SAM, calendars, "issue_link"))

    card = first.message
    answer = await entered.slack.press(SAM, card, "regenerate_link")
    assert answer.ok
    await entered.slack.until(lambda: card.text.startswith("New one-time link"))
    second = read_issued(card)
    assert (await contact.opens(first.url)).status == HTTPStatus.GONE
    booked = await contact.books(second.url)
    news = await entered.channel_reads("Link used")
    another = read_issued(await entered.presses(ANA, news, "issue_another"))
    status = await entered.presses(ANA, news, "show_status")
    await entered.slack.press(ANA, another.message, "delete_link")
    await entered.slack.until(lambda: another.message.text.startswith("Deleted"))

    assert booked.status == HTTPStatus.SEE_OTHER
    assert status.text.startswith(f"`{second.public_id}`: Used")
    assert (await contact.opens(another.url)).status == HTTPStatus.GONE
    assert len({first.url, second.url, another.url}) == 3


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("issue onboarding for payload=review", id="as-a-field"),
        pytest.param('issue onboarding for {"payload": {}}', id="as-JSON"),
        pytest.param("issue onboarding for payload", id="alone"),
    ],
)
async def test_a_command_may_hold_the_word_payload(entered: RunningProgram, words: str) -> None:
    issued = read_issued(await entered.types(SAM, f"/otl {words}"))

    assert "payload" in issued.message.text


async def test_a_command_delivered_five_times_at_once_makes_one_link_and_one_answer(
    entered: RunningProgram,
) -> None:
    delivery = a_command(entered, "issue onboarding for Jane")

    answers = await asyncio.gather(*(entered.slack.repeat(delivery) for _ in range(REPEATS)))

    assert all(answer.ok for answer in answers)
    whispers = await entered.slack.until(
        lambda: (now := entered.slack.ephemerals(SAM))[REPEATS - 1 :] and now,
        seconds=STUCK_SECONDS,
    )
    assert len({read_issued(whisper).url for whisper in whispers}) == 1
    assert await entered.count(OneTimeLink) == 1


async def test_a_press_delivered_five_times_at_once_regenerates_once(
    entered: RunningProgram,
) -> None:
    link = await entered.issues(SAM, "onboarding for Jane")
    delivery = a_press(entered, link.message.ts, "regenerate_link")

    answers = await asyncio.gather(*(entered.slack.repeat(delivery) for _ in range(REPEATS)))

    assert all(answer.ok for answer in answers)
    await entered.slack.until(
        lambda: len(entered.slack.calls_to("response_url")) == 1 + REPEATS, seconds=STUCK_SECONDS
    )
    said = {call.fields["text"] for call in entered.slack.calls_to("response_url")[1:]}
    assert len(said) == 1, said
    assert await entered.count(OneTimeLink) == 2
    assert len((await entered.facts(link.public_id)).replacements) == 1


async def test_several_people_at_once_get_links_of_their_own(entered: RunningProgram) -> None:
    people = (SAM, ANA, KIM)

    await asyncio.gather(
        *(entered.slack.command(user, SALES, "/otl issue onboarding for Acme") for user in people)
    )
    links = [read_issued(await entered.next_whisper(user, 0)) for user in people]

    assert len({link.url for link in links}) == len(people)
    for user, link in zip(people, links, strict=True):
        status = await entered.types(user, f"/otl status @{handle_of(entered, user)}")
        assert public_id_in(status) == link.public_id
