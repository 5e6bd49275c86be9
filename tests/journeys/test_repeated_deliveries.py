"""Slack hands a payload over again when our answer was late: one effect, and the same answer.

One to four copies at once, then, after a restart, as many again through the other door.
"""

import asyncio
from dataclasses import dataclass, replace

import pytest

from otl.practice.delivery import Delivery
from otl.practice.demo_data import SALES, SAM
from otl.practice.messages import Message
from scheduling.database.models import LedgerEntry, OneTimeLink, OutboxRow
from tests.journeys.house import STUCK_SECONDS, RunningHouse, read_issued, running_house

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLES = (OneTimeLink, LedgerEntry, OutboxRow)


@dataclass(frozen=True, slots=True)
class Deeds:
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
    async with running_house(sqlite_url, by_socket=socket_first) as house:
        deeds = await done_once(house)
        rows = await rows_of(house)
        repeated = await repeat_all(house, deeds, copies)
        rows_after_repeats = await rows_of(house)
    async with running_house(sqlite_url, by_socket=not socket_first) as house:
        restarted = await repeat_all(house, deeds, copies)
        rows_after_restart = await rows_of(house)

    assert rows["one_time_link"] == 4
    assert rows == rows_after_repeats == rows_after_restart
    assert repeated == restarted
    assert [len(answers) for answers in (repeated.issued, repeated.regenerated)] == [1, 1]
    assert len(repeated.deleted) == 1


async def done_once(house: RunningHouse) -> Deeds:
    """Issue a link; regenerate a second; delete a third."""
    await house.types(SAM, "/otl issue onboarding for Jane")
    issue = house.slack.courier.sent[-1]
    second = await house.types(SAM, "/otl issue onboarding for Joe")
    regenerate = await press(house, second, "regenerate_link")
    third = await house.types(SAM, "/otl issue onboarding for Zoe")
    return Deeds(issue, regenerate, await press(house, third, "delete_link"))


async def press(house: RunningHouse, card: Message, action_id: str) -> Delivery:
    """Press a button whose answer takes the place of its card."""
    before = card.text
    assert (await house.slack.press(SAM, card, action_id)).ok
    delivery = house.slack.courier.sent[-1]
    await house.slack.until(lambda: card.text != before, seconds=STUCK_SECONDS)
    return delivery


async def repeat_all(house: RunningHouse, deeds: Deeds, copies: int) -> Answers:
    return Answers(
        issued={read_issued(answer).token for answer in await again(house, deeds.issue, copies)},
        regenerated={
            read_issued(answer).token for answer in await again(house, deeds.regenerate, copies)
        },
        deleted={answer.text for answer in await again(house, deeds.delete, copies)},
    )


async def again(house: RunningHouse, delivery: Delivery, copies: int) -> list[Message]:
    """Hand a payload over so often at once, and return what was answered."""
    ticket = house.slack.tickets.issue_response_url(SAM, SALES, None)
    url = f"{house.slack.base_url}/practice/response/{ticket}"
    copy = replace(delivery, payload=delivery.payload | {"response_url": url})
    before = len(house.slack.ephemerals(SAM))
    answers = await asyncio.gather(*(house.slack.repeat(copy) for _ in range(copies)))
    assert all(answer.ok for answer in answers)
    await house.slack.until(
        lambda: len(house.slack.ephemerals(SAM)) >= before + copies, seconds=STUCK_SECONDS
    )
    return house.slack.ephemerals(SAM)[before:]


async def rows_of(house: RunningHouse) -> dict[str, int]:
    return {table.__tablename__: await house.count(table) for table in TABLES}
