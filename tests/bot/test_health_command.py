"""`/otl health` where it is typed: for one person's eyes, while deliveries meet trouble."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.notifications.notifier import Notifier
from otl.practice.faults import Fault
from otl.worker import Timing, Worker
from scheduling.contacts import Contact
from scheduling.events.deliveries import State
from scheduling.events.destinations import SLACK
from tests.arguments import free_starts
from tests.bot.conftest import ELSEWHERE, OLD, Office, in_words
from tests.given import ANA, KIM, SALES, SAM, a_booker, given_calendar, given_link, when_booked
from tests.otl.due import until, until_told


@asynccontextmanager
async def delivering(office: Office) -> AsyncIterator[None]:
    """Deliver as the worker does, but in a hurry."""
    notifier = Notifier(database=office.database, client=office.client, seconds_between=0.0)
    worker = Worker(
        office.database,
        {SLACK: notifier},
        workspace_id=1,
        timing=Timing(poll=timedelta(seconds=0.05), recheck=timedelta(seconds=0.05)),
    )
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await running


async def book(
    office: Office, number: int = 1, *, channel_id: str = SALES, everybody: bool = True
) -> list[str]:
    """Book links of Ana's for Jane with Sam; return their public ids."""
    await given_calendar(office.database)
    links = []
    for start in free_starts(number):
        link = await given_link(
            office.database,
            contact=Contact("Jane", "jane@example.com"),
            issued_by=ANA,
            channel_id=channel_id,
        )
        await when_booked(
            office.database,
            link,
            start=start,
            booker=a_booker("Jane Doe"),
            everybody=everybody,
        )
        links.append(link.details.public_id)
    return links


async def test_where_all_is_well_it_says_so_first(office: Office) -> None:
    await book(office)
    async with delivering(office):
        await until_told(office.database)

    said = await office.types(KIM, "/otl health")

    assert said.text.startswith("All notifications are delivered.\n3 delivered in the last 7 days")
    assert in_words(said).startswith("*All notifications are delivered.*")


async def test_ten_bookings_wait_for_the_token_it_says_so_and_each_is_told_once(
    office: Office,
) -> None:
    office.slack.revoke_token()

    async with delivering(office):
        links = await book(office, 10)
        await until(office.database, lambda rows: any(row.reason for row in rows))
        waiting = await office.types(SAM, "/otl health")
        office.slack.restore_token()
        await until_told(office.database, 10)
        after = await office.types(SAM, "/otl health")

    assert waiting.text.startswith("Slack refuses my token: 30 notifications wait\n")
    assert "it was revoked (`token_revoked`). Whoever runs OTL reinstalls the app" in waiting.text
    assert "All that waits goes out then." in waiting.text
    assert after.text.startswith("All notifications are delivered.\n30 delivered")
    told = " ".join(message.text for message in office.slack.messages(SALES))
    assert {link: told.count(link) for link in links} == dict.fromkeys(links, 1)


async def test_a_channel_without_the_app_is_told_with_the_way_back(office: Office) -> None:
    (link,) = await book(office, channel_id=ELSEWHERE)
    async with delivering(office):
        await until_told(office.database)

    said = await office.types(KIM, "/otl health")

    assert said.text.startswith("No notification waits, 1 was rerouted in the last 7 days\n")
    assert (
        f"`{link}` was meant for <#{ELSEWHERE}>: I am not a member; <@{ANA}> got it, today"
    ) in in_words(said)
    assert f"`/invite @OTL` in <#{ELSEWHERE}> brings the next one there." in in_words(said)


async def test_a_lost_answer_is_told_as_being_looked_up(office: Office) -> None:
    office.slack.fault("chat.postMessage", Fault.STORE_THEN_DROP)
    await book(office, everybody=False)
    async with delivering(office):
        await until(office.database, lambda rows: rows[0].state is State.UNSURE)
        said = await office.types(SAM, "/otl health")

    assert said.text.startswith("1 notification waits\n1 may have arrived")
    assert "I look it up before I send it again." in said.text


async def test_it_is_for_one_person_s_eyes_and_names_no_contact_and_no_address(
    office: Office,
) -> None:
    await book(office, channel_id=OLD)
    async with delivering(office):
        await until_told(office.database)

    said = await office.types(KIM, "/otl health please")

    assert said.ephemeral_for == KIM
    everything = said.text + json.dumps(said.blocks)
    assert [word for word in ("Jane", "jane@", "https://") if word in everything] == []


async def test_a_guest_is_told_nothing(office: Office) -> None:
    await book(office)

    said = await office.types("U0GUS", "/otl health")

    assert "Guests can't use OTL" in in_words(said)
