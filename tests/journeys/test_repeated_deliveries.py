"""Slack hands a payload over again when our answer was late: one effect, and the same answer.

One to four copies at once, then, after a restart, as many again through the other door.
"""

import asyncio
from dataclasses import dataclass, replace

import pytest

from otl.practice.delivery import Delivery
from otl.practice.demo_data import SALES, SAM
from otl.practice.messages import Message
from scheduling.database.models import DeliveryRow, EventRow, OneTimeLink
from tests.journeys.running import STUCK_SECONDS, RunningProgram, read_issued, running_program

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLES = (OneTimeLink, EventRow, DeliveryRow)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What Slack handed over once: a command and two presses."""

    issue: Delivery
    regenerate: Delivery
    delete: Delivery


@dataclass(frozen=True, slots=True)
class Answers:
    """What each repeat was answered: the address that the person reads, or the words."""

    issued: set[str]
    regenerated: set[str]
    deleted: set[str]


@pytest.mark.parametrize("socket_first", [False, True], ids=["HTTP-first", "Socket-Mode-first"])
@pytest.mark.parametrize("copies", [1, 2, 3, 4])
async def test_what_comes_again_and_after_a_restart_has_one_effect_and_the_same_answer(
    sqlite_url: str, copies: int, *, socket_first: bool
) -> None:
    async with running_program(sqlite_url, by_socket=socket_first) as program:
        handed = await done_once(program)
        rows = await rows_of(program)
        repeated = await repeat_all(program, handed, copies)
        rows_after_repeats = await rows_of(program)
    async with running_program(sqlite_url, by_socket=not socket_first) as program:
        restarted = await repeat_all(program, handed, copies)
        rows_after_restart = await rows_of(program)

    assert rows["one_time_link"] == 4
    assert rows == rows_after_repeats == rows_after_restart
    assert repeated == restarted
    assert [len(answers) for answers in (repeated.issued, repeated.regenerated)] == [1, 1]
    assert len(repeated.deleted) == 1


async def done_once(program: RunningProgram) -> HandedOver:
    """Issue a link; regenerate a second; delete a third."""
    await program.types(SAM, "/otl issue onboarding for Jane")
    issue = program.slack.courier.sent[-1]
    second = await program.types(SAM, "/otl issue onboarding for Joe")
    regenerate = await press(program, second, "regenerate_link")
    third = await program.types(SAM, "/otl issue onboarding for Zoe")
    return HandedOver(issue, regenerate, await press(program, third, "delete_link"))


async def press(program: RunningProgram, card: Message, action_id: str) -> Delivery:
    """Press a button whose answer takes the place of its card."""
    before = card.text
    assert (await program.slack.press(SAM, card, action_id)).ok
    delivery = program.slack.courier.sent[-1]
    await program.slack.until(lambda: card.text != before, seconds=STUCK_SECONDS)
    return delivery


async def repeat_all(program: RunningProgram, handed: HandedOver, copies: int) -> Answers:
    return Answers(
        issued={read_issued(answer).token for answer in await again(program, handed.issue, copies)},
        regenerated={
            read_issued(answer).token for answer in await again(program, handed.regenerate, copies)
        },
        deleted={answer.text for answer in await again(program, handed.delete, copies)},
    )


async def again(program: RunningProgram, delivery: Delivery, copies: int) -> list[Message]:
    """Hand a payload over so often at once, and return what was answered."""
    ticket = program.slack.tickets.issue_response_url(SAM, SALES, None)
    url = f"{program.slack.base_url}/practice/response/{ticket}"
    copy = replace(delivery, payload=delivery.payload | {"response_url": url})
    before = len(program.slack.ephemerals(SAM))
    answers = await asyncio.gather(*(program.slack.repeat(copy) for _ in range(copies)))
    assert all(answer.ok for answer in answers)
    await program.slack.until(
        lambda: len(program.slack.ephemerals(SAM)) >= before + copies, seconds=STUCK_SECONDS
    )
    return program.slack.ephemerals(SAM)[before:]


async def rows_of(program: RunningProgram) -> dict[str, int]:
    return {table.__tablename__: await program.count(table) for table in TABLES}
