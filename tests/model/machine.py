"""The machine that draws operations and compares the world with the model after each of them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.given import NOW, SAM
from tests.model import specification as model
from tests.model.rules import accept, linearisations
from tests.model.specification import (
    ACTORS,
    CALENDARS,
    HOURS,
    Answer,
    Operation,
    View,
    changes_for_the_worse,
    nothing_yet,
    status,
    view,
)
from tests.model.world import FATES, T, World

DEADLINES: Final = (None, timedelta(hours=1), timedelta(days=1))
WALL_TIMES: Final = tuple(
    timedelta(hours=hour, minutes=minute)
    for hour, minute in ((9, 0), (9, 10), (9, 30), (10, 0), (11, 30), (12, 0), (16, 0), (17, 0))
)
STEPS_OF_TIME: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 20, 60, 90, 25 * 60, 8 * 24 * 60)
)
JUMPS: Final = tuple(timedelta(minutes=minutes) for minutes in (-2 * 24 * 60, -90, -1, 3 * 24 * 60))
LATEST: Final = 5
CRASH_AFTER_SECONDS: Final = (0.0, 0.0005, 0.001, 0.002, 0.004, 0.008)


class LinkMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order: the world is as the model says.

    Args:
        new_world: an empty one.
    """

    def __init__(self, new_world: Callable[[], World]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now = self.latest = NOW
        self.state = nothing_yet()
        self.forms: list[tuple[str, str]] = []
        self.keys = 0
        self.delivered: list[model.Issue | model.Regenerate] = []
        self.ended: dict[str, str] = {}
        self.is_sound = False
        self.world = new_world()
        self.world.set_clock(self.now)
        self.run(self.world.begin())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize()
    def every_calendar_has_a_link(self) -> None:
        for calendar in CALENDARS:
            self._do(model.Issue(calendar, None, SAM, self._key()))

    @rule(data=st.data(), by=st.sampled_from(ACTORS))
    def issue(self, data: st.DataObject, by: str) -> None:
        self._do(self._issue(data, by))

    @rule(data=st.data(), by=st.sampled_from(ACTORS))
    def copy(self, data: st.DataObject, by: str) -> None:
        self._do(model.Copy(self._link(data), by))

    @rule(data=st.data())
    def open(self, data: st.DataObject) -> None:
        link = self._link(data)
        if self._do(model.Open(link)) == ("open",):
            self._fetch(link)

    @precondition(lambda self: self._open_links())
    @rule(data=st.data())
    def open_and_book(self, data: st.DataObject) -> None:
        if self._fetch(data.draw(st.sampled_from(self._open_links()))):
            self._do(model.Book(*self.forms[-1], self._start(data)))

    @precondition(lambda self: self._open_links())
    @rule(data=st.data(), comes_back=st.booleans())
    def the_calendar_changes_under_a_readers_eyes(
        self, data: st.DataObject, *, comes_back: bool
    ) -> None:
        link = data.draw(st.sampled_from(self._open_links()))
        calendar = self.state["links"][link]["calendar"]
        if self._fetch(link):
            self._do(data.draw(st.sampled_from(changes_for_the_worse(calendar))))
            self._do(model.Book(*self.forms[-1], self._start(data)))
            if comes_back:
                self._do(model.Switch(calendar, on=True))
                self._do(model.SetHours(calendar, "all day"))

    @precondition(lambda self: self.forms)
    @rule(data=st.data())
    def book_with_a_form_of_long_ago(self, data: st.DataObject) -> None:
        self._do(model.Book(*data.draw(st.sampled_from(self.forms)), self._start(data)))

    @precondition(lambda self: self.state["bookings"])
    @rule(data=st.data())
    def send_a_form_that_booked_again(self, data: st.DataObject) -> None:
        submission = data.draw(st.sampled_from(sorted(self.state["bookings"])))
        link = self.state["bookings"][submission]["link"]
        self._do(model.Book(link, submission, self._start(data)))

    @rule(data=st.data(), by=st.sampled_from(ACTORS))
    def delete(self, data: st.DataObject, by: str) -> None:
        self._do(model.Delete(self._link(data), by))

    @rule(data=st.data(), by=st.sampled_from(ACTORS))
    def regenerate(self, data: st.DataObject, by: str) -> None:
        self._do(model.Regenerate(self._link(data), by, self._key()))

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def slack_delivers_again(self, data: st.DataObject) -> None:
        """What came of it the first time is answered, and nothing is done."""
        self._do(data.draw(st.sampled_from(self.delivered[-LATEST:])))

    @rule(data=st.data())
    def change_a_calendar(self, data: st.DataObject) -> None:
        self._do(self._change(data))

    @rule(passed=st.sampled_from(STEPS_OF_TIME))
    def time_passes(self, passed: timedelta) -> None:
        self._set_clock(self.now + passed)

    @rule(jump=st.sampled_from(JUMPS))
    def the_clock_jumps(self, jump: timedelta) -> None:
        self._set_clock(self.now + jump)

    @precondition(lambda self: any(self._deadlines()))
    @rule(data=st.data())
    def a_deadline_passes(self, data: st.DataObject) -> None:
        """Be at its very instant."""
        self._set_clock(data.draw(st.sampled_from(self._deadlines())))

    @rule(fate=st.sampled_from(FATES))
    def notifications_are_delivered(self, fate: str) -> None:
        self.run(self.world.deliver(fate, now=self.now))

    @rule(data=st.data(), seconds=st.sampled_from(CRASH_AFTER_SECONDS))
    def crash_and_ask_again(self, data: st.DataObject, seconds: float) -> None:
        """Whether it was done nobody knows; asked again with its key it is done once."""
        operation = self._any(data, data.draw(st.sampled_from(ACTORS)), self._contested(data))
        self.run(self.world.crash_during(operation, seconds, now=self.now))
        self._do(operation)

    @rule(data=st.data(), actors=st.permutations(ACTORS), number=st.integers(2, len(ACTORS)))
    def at_once(self, data: st.DataObject, actors: Sequence[str], number: int) -> None:
        """Some order of them, one after the other, explains all answers and what is stored."""
        contested = self._contested(data)
        operations = [self._any(data, by, contested) for by in actors[:number]]

        async def together() -> list[Answer]:
            doing = (self.world.do(operation, now=self.now) for operation in operations)
            return await asyncio.gather(*doing)

        answers = self.run(together())
        done = list(zip(operations, answers, strict=True))
        ends = linearisations(self.state, done, self.now)
        seen = self.run(self.world.view(now=self.now))
        explained = [end for end in ends if view(end, self.now) == seen]
        assert explained, f"no order explains {done}"
        self.state = explained[0]
        for operation in operations:
            self._remember(operation)

    @invariant()
    def the_world_is_as_the_model_says(self) -> None:
        self.is_sound = False
        seen = self.run(self.world.view(now=self.now))
        assert seen == view(self.state, self.now)
        assert self.run(self.world.broken_promises()) == []
        self._nothing_is_revived(seen)
        told = self.run(self.world.told())
        assert all(times == 1 for times in told.values()), told
        self.is_sound = True

    def teardown(self) -> None:
        try:
            if self.is_sound:
                had_to = self.run(self.world.settle(now=self.latest))
                assert self.run(self.world.told()) == Counter(had_to)
        finally:
            self.run(self.world.end())
            self.runner.close()

    def _nothing_is_revived(self, seen: View) -> None:
        for link, end in self.ended.items():
            assert seen.statuses[link] == end
        for link, now_is in seen.statuses.items():
            if now_is in {"used", "deleted"}:
                self.ended[link] = now_is

    def _do(self, operation: Operation) -> Answer:
        answer = self.run(self.world.do(operation, now=self.now))
        self.state = accept(self.state, operation, answer, self.now)
        self._remember(operation)
        return answer

    def _remember(self, operation: Operation) -> None:
        """Keep what Slack may deliver again."""
        if isinstance(operation, model.Issue | model.Regenerate):
            if operation in self.delivered:
                self.delivered.remove(operation)  # five answers are all that Slack takes
            else:
                self.delivered.append(operation)

    def _set_clock(self, now: datetime) -> None:
        self.now = now
        self.latest = max(self.latest, now)
        self.world.set_clock(now)

    def _links(self) -> list[str]:
        """Return the links, oldest first."""
        return list(self.state["links"])

    def _open_links(self) -> list[str]:
        """Return those that show a form."""
        calendars = self.state["calendars"]
        return [
            link
            for link, facts in self.state["links"].items()
            if status(facts, self.now) == "active" and calendars[facts["calendar"]]["on"]
        ]

    def _link(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(self._links()))

    def _contested(self, data: st.DataObject) -> str:
        """Return a link for several to want at once, with two forms in two hands if it can be."""
        link = data.draw(st.sampled_from(self._open_links() or self._links()))
        if link in self._open_links():
            self._fetch(link)
            self._fetch(link)
        return link

    def _fetch(self, link: str) -> bool:
        submission = self.run(self.world.form(link, now=self.now))
        if submission is not None:
            self.forms.append((link, submission))
        return submission is not None

    def _deadlines(self) -> list[datetime]:
        links = self.state["links"].values()
        return [
            facts["expires"] for facts in links if facts["expires"] and facts["expires"] > self.now
        ]

    def _key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def _start(self, data: st.DataObject) -> datetime:
        midnight = self.now.replace(hour=0, minute=0, second=0)
        days = data.draw(st.integers(0, 2))
        return midnight + timedelta(days=days) + data.draw(st.sampled_from(WALL_TIMES))

    def _issue(self, data: st.DataObject, by: str) -> Operation:
        calendar = data.draw(st.sampled_from(sorted(CALENDARS)))
        return model.Issue(calendar, data.draw(st.sampled_from(DEADLINES)), by, self._key())

    def _change(self, data: st.DataObject) -> Operation:
        calendar = data.draw(st.sampled_from(sorted(CALENDARS)))
        hours = data.draw(st.sampled_from([None, *HOURS]))
        if hours is not None:
            return model.SetHours(calendar, hours)
        return model.Switch(calendar, data.draw(st.sampled_from([False, True, True])))

    def _any(  # noqa: PLR0911  # one return for each
        self, data: st.DataObject, by: str, contested: str
    ) -> Operation:
        """Draw any operation, most often on the link that is contested."""
        link = data.draw(st.sampled_from([contested, contested, contested, self._links()[-1]]))
        forms = [form for form in self.forms if form[0] == link] or self.forms
        kinds = ["delete", "regenerate", "open", "copy", "issue", "change"]
        if forms:
            kinds = [*("book",) * 6, "delete", "regenerate", *kinds]
        match data.draw(st.sampled_from(kinds)):
            case "book":
                return model.Book(*data.draw(st.sampled_from(forms[-3:])), self._start(data))
            case "delete":
                return model.Delete(link, by)
            case "regenerate":
                return model.Regenerate(link, by, self._key())
            case "open":
                return model.Open(link)
            case "copy":
                return model.Copy(link, by)
            case "issue":
                return self._issue(data, by)
            case _:
                return self._change(data)
