"""A thousand contacts with one link, at the same instant."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from otl.practice import running_practice
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import Event, History, Kind
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import EVENT, Starts


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of it: how often each status (None: no answer), and how long answers took."""

    verdict: Verdict
    statuses: Counter[int | None]
    p50_seconds: float
    p99_seconds: float


async def rush(starter: Starter, url: str, folder: Path, *, contacts: int) -> Rush:
    """Send so many forms of one link at once, each for a time of its own."""
    (link,) = (await world.prepare(url, 1, calendars=[EVENT]))[EVENT]
    starts, history, slack = Starts(), History(), world.open_slack()
    wishes = [Wish(link, [starts.take()]) for _ in range(contacts)]
    async with running_practice(slack):
        program = Program(starter, url, slack.api_url, folder / "rush.log")
        program.start()
        await program.listens()
        async with Contacts(program.base, history) as crowd, asyncio.timeout(STUCK_SECONDS):
            statuses = await asyncio.gather(*(crowd.send_once(wish) for wish in wishes))
            await world.everything_sent(url)
        await program.stop()
    verdict = judge(history.events, await world.facts(url, slack))
    percent = quantiles(_seconds(history.events), n=100)
    return Rush(verdict, Counter(statuses), percent[49], percent[98])


def _seconds(events: list[Event]) -> list[float]:
    began = {event.attempt: event.at for event in events if event.kind is Kind.INVOKE}
    return [event.at - began[event.attempt] for event in events if event.kind is not Kind.INVOKE]
