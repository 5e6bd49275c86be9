"""Many at once, over real HTTP on both databases: one link is one booking, whoever comes when."""

import asyncio
from collections import Counter
from http import HTTPStatus

import pytest

from otl.practice.demo_data import SALES, SAM
from otl.practice.messages import Message
from scheduling.database.models import Booking, OneTimeLink
from tests.journeys.contact import Answer, Contact, FetchedForm, read_form
from tests.journeys.running import STUCK_SECONDS, Issued, RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

CROWD = 200
LINKS = 12
TROUBLE = "Something went wrong"


async def test_of_200_forms_sent_at_once_on_one_link_exactly_one_books(
    busy_program: RunningProgram, contact: Contact
) -> None:
    link = await busy_program.issues(SAM, "long days")
    forms = await asyncio.gather(*(contact.fetches(link.url) for _ in range(CROWD)))
    assert len({form.hidden["submission_id"] for form in forms}) == CROWD

    # Each wants another time, so that only the link itself can refuse them.
    answers = await asyncio.gather(
        *(
            contact.sends(link.url, form.filled(form.starts[number]))
            for number, form in enumerate(forms)
        )
    )

    assert Counter(answer.status for answer in answers) == {
        HTTPStatus.SEE_OTHER: 1,
        HTTPStatus.GONE: CROWD - 1,
    }
    assert await busy_program.count(Booking) == 1
    assert (await contact.opens(link.url)).status == HTTPStatus.GONE


async def test_one_form_sent_200_times_at_once_always_leads_to_the_same_booking(
    busy_program: RunningProgram, contact: Contact
) -> None:
    link = await busy_program.issues(SAM, "long days")
    form = await contact.fetches(link.url)
    fields = form.filled(form.starts[3])

    answers = await asyncio.gather(*(contact.sends(link.url, fields) for _ in range(CROWD)))

    assert Counter(answer.status for answer in answers) == {HTTPStatus.SEE_OTHER: CROWD}
    (confirmation,) = {answer.location for answer in answers}
    assert "You're booked." in (await contact.opens(busy_program.base + confirmation)).text
    assert await busy_program.count(Booking) == 1
    await busy_program.channel_reads("Link used")


async def test_of_32_links_for_one_time_of_one_host_one_books_and_the_others_stay_active(
    busy_program: RunningProgram, contact: Contact
) -> None:
    links = [await busy_program.issues(SAM, "long days") for _ in range(32)]
    forms = await asyncio.gather(*(contact.fetches(link.url) for link in links))
    wanted = forms[0].starts[-1]

    answers = await asyncio.gather(
        *(
            contact.sends(link.url, form.filled(wanted))
            for link, form in zip(links, forms, strict=True)
        )
    )

    assert Counter(answer.status for answer in answers) == {
        HTTPStatus.SEE_OTHER: 1,
        HTTPStatus.CONFLICT: len(links) - 1,
    }
    for link, answer in zip(links, answers, strict=True):
        facts = await busy_program.facts(link.public_id)
        assert facts.is_used == (answer.status == HTTPStatus.SEE_OTHER)
        assert not facts.is_deleted


async def test_the_loser_of_a_race_for_a_start_keeps_what_was_typed_and_books_another_time(
    busy_program: RunningProgram, contact: Contact
) -> None:
    links = [await busy_program.issues(SAM, "long days") for _ in range(2)]
    forms = [await contact.fetches(link.url) for link in links]
    wanted = forms[0].starts[5]
    typed = {"name": "Zoë <Acme>", "email": "zoe@example.com", "notes": "Two lines,\nboth & kept"}

    answers = await asyncio.gather(
        *(
            contact.sends(link.url, form.filled(wanted, **typed))
            for link, form in zip(links, forms, strict=True)
        )
    )

    assert sorted(answer.status for answer in answers) == [
        HTTPStatus.SEE_OTHER,
        HTTPStatus.CONFLICT,
    ]
    loser = next(n for n, answer in enumerate(answers) if answer.status == HTTPStatus.CONFLICT)
    given_back = read_form(answers[loser].text)
    assert given_back.typed == typed
    assert given_back.starts
    assert wanted not in given_back.starts
    again = await contact.sends(links[loser].url, given_back.filled(given_back.starts[0], **typed))
    assert again.status == HTTPStatus.SEE_OTHER


async def test_of_a_deletion_and_a_booking_at_once_one_wins_and_both_are_told_the_truth(
    busy_program: RunningProgram, contact: Contact
) -> None:
    links, forms = await given_open_forms(busy_program, contact)

    answers, whispers = await at_once(busy_program, contact, links, forms, verb="delete")

    for link, answer in zip(links, answers, strict=True):
        facts, told = await busy_program.facts(link.public_id), whispers[link.public_id]
        assert TROUBLE not in told.text
        assert facts.is_used != facts.is_deleted, link.public_id
        assert facts.is_used == (answer.status == HTTPStatus.SEE_OTHER)
        assert facts.is_deleted == (answer.status == HTTPStatus.GONE)
        assert facts.is_deleted == told.text.startswith(f"Deleted: `{link.public_id}`"), told.text
        assert facts.is_used == ("was used" in told.text)
    assert await busy_program.count(Booking) == statuses(answers)[HTTPStatus.SEE_OTHER]


async def test_of_a_regeneration_and_a_booking_at_once_the_old_link_ends_once_and_one_follows(
    busy_program: RunningProgram, contact: Contact
) -> None:
    links, forms = await given_open_forms(busy_program, contact)

    answers, whispers = await at_once(busy_program, contact, links, forms, verb="regenerate")

    for link, answer in zip(links, answers, strict=True):
        facts, told = await busy_program.facts(link.public_id), whispers[link.public_id]
        assert TROUBLE not in told.text
        assert facts.is_used != facts.is_deleted, link.public_id
        assert facts.is_used == (answer.status == HTTPStatus.SEE_OTHER)
        assert facts.is_deleted == (answer.status == HTTPStatus.GONE)
        (successor,) = facts.replacements
        assert f"`{successor}` · Active" in told.text
        assert ("was used; its booking stays" in told.text) == facts.is_used
    assert await busy_program.count(OneTimeLink) == 2 * LINKS
    assert await busy_program.count(Booking) == statuses(answers)[HTTPStatus.SEE_OTHER]


async def given_open_forms(
    program: RunningProgram, contact: Contact
) -> tuple[list[Issued], list[FetchedForm]]:
    links = [await program.issues(SAM, "long days") for _ in range(LINKS)]
    forms = await asyncio.gather(*(contact.fetches(link.url) for link in links))
    return links, forms


async def at_once(
    program: RunningProgram,
    contact: Contact,
    links: list[Issued],
    forms: list[FetchedForm],
    *,
    verb: str,
) -> tuple[list[Answer], dict[str, Message]]:
    """Book each link and do something else with it at once; every other one the other way round.

    Returns:
        What the contacts were answered, and what the issuer was told of each old link.
    """
    before = len(program.slack.ephemerals(SAM))
    bookings, commands = [], []
    for number, (link, form) in enumerate(zip(links, forms, strict=True)):
        booking = contact.sends(link.url, form.filled(form.starts[10 + number]))
        command = program.slack.command(SAM, SALES, f"/otl {verb} {link.public_id}")
        if number % 2:
            bookings.append(asyncio.create_task(booking))
            commands.append(asyncio.create_task(command))
        else:
            commands.append(asyncio.create_task(command))
            bookings.append(asyncio.create_task(booking))
    answers = await asyncio.gather(*bookings)
    await asyncio.gather(*commands)
    told: list[Message] = await program.slack.until(
        lambda: (now := program.slack.ephemerals(SAM)[before:])[len(links) - 1 :] and now,
        seconds=STUCK_SECONDS,
    )
    whispers = {
        link.public_id: next(message for message in told if link.public_id in message.text)
        for link in links
    }
    return answers, whispers


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)
