"""The world over HTTP: contacts at the site, colleagues in the practice workspace, a frozen clock.

Everything that the program composes is here, with Slack's stand-in at its doors.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from freezegun import freeze_time

from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient
from otl.practice import Fault, PracticeSlack, running_practice
from otl.practice.delivery import Delivery
from otl.practice.demo_data import APP
from otl.practice.people import Channel, Person
from otl.program import Role, running
from otl.settings import Settings
from otl.slack_workspace import identify_workspace
from otl.worker import Timing, Worker
from scheduling.database import Database, open_database
from scheduling.events.destinations import SLACK
from scheduling.links.report import link_report
from scheduling.secrets.keyring import Purpose
from tests.given import ANA, KEYRING, NOW, SALES, SAM, SECRET_KEY
from tests.journeys.contact import Answer as Page
from tests.journeys.contact import Contact, Fields, read_form
from tests.model import specification as model
from tests.model.observing import broken_promises, observed, to_tell, untold
from tests.model.specification import ACTORS, ADMINS, Answer, Operation, View
from tests.model.use_cases import after_a_crash, change_calendar, given_calendars

PUBLIC: Final = "https://book.example.com"
SIGNING_SECRET: Final = "the signing secret of the model"
STUCK_SECONDS: Final = 30.0
A_MOMENT: Final = 0.05
PATIENCE: Final = timedelta(minutes=5)
MOST_ROUNDS: Final = 200
TIMING: Final = Timing(
    quarantine=timedelta(milliseconds=20),  # the worker waits by a clock that is not frozen
    poll=timedelta(milliseconds=20),
    recheck=timedelta(milliseconds=20),
)
FAULTS: Final = {
    "down": Fault.DROP,
    "token revoked": "token_revoked",
    "fails before storing": Fault.HTTP_503,
    "fails after storing": Fault.STORE_THEN_HTTP_500,
    "we die before sending": Fault.DROP,
    "we die after sending": Fault.STORE_THEN_DROP,
}
TOKEN: Final = re.compile(rf"{PUBLIC}/otl/([a-z2-9]{{32}})")
STANDING: Final = re.compile(r"`(L-[A-Z0-9]{6})` · (?:Active|Used|Deleted|Expired)")
SWITCHED_OFF: Final = "This calendar takes no bookings at the moment."
ENDS: Final = {"was used": "used", "was deleted": "deleted", " expired ": "expired"}


class OverHttp:
    """See `tests.model.machine.World`.

    Args:
        new_url: gives an empty, migrated database.
    """

    def __init__(self, new_url: Callable[[], str]) -> None:
        self._url = new_url()
        self._forms: dict[str, Fields] = {}
        self._tokens: dict[str, str] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._outside = AsyncExitStack()
        self._program = AsyncExitStack()
        self._freezing = freeze_time(NOW, real_asyncio=True)
        self._clock: Any = self._freezing.start()
        self._port = 0
        self._slack: PracticeSlack
        self._contact: Contact
        self.database: Database

    async def begin(self) -> None:
        names = {SAM: "sam", ANA: "ana"}
        people = [
            Person(user, names.get(user, user.lower()), user, is_admin=user in ADMINS)
            for user in ACTORS
        ]
        everybody = {*ACTORS, APP.bot_user_id}
        self._slack = PracticeSlack(
            signing_secret=SIGNING_SECRET,
            people=people,
            channels=[Channel(SALES, "sales", members=everybody)],
            history_lag=0.0,
        )
        self._slack.courier.seconds = STUCK_SECONDS
        await self._outside.enter_async_context(running_practice(self._slack))
        self._contact = await self._outside.enter_async_context(Contact())
        self.database = open_database(self._url)
        await self._start()
        await given_calendars(self.database)

    async def end(self) -> None:
        try:
            await self._program.aclose()
            await self.database.close()
            await self._outside.aclose()
        finally:
            self._freezing.stop()

    def set_clock(self, now: datetime) -> None:
        self._clock.move_to(now)

    async def form(self, link: str, *, now: datetime) -> str | None:
        """Fetch a form; return its submission id. Where no time is free there is no form."""
        del now
        page = await self._contact.opens(self._address(link))
        if 'name="submission_id"' not in page.text:
            assert "No free times" in page.text
            return None
        hidden = read_form(page.text).hidden
        self._forms[hidden["submission_id"]] = hidden
        return hidden["submission_id"]

    async def do(  # noqa: PLR0911  # one return for each
        self, operation: Operation, *, now: datetime
    ) -> Answer:
        match operation:
            case model.Open(link):
                return read_page(await self._contact.opens(self._address(link)))
            case model.Book(link, submission, start):
                return read_page(await self._send(link, submission, start))
            case model.SetHours() | model.Switch():
                await change_calendar(self.database, operation, now=now)
                return ("done",)
            case model.Issue(calendar, deadline, by, key):
                hours = "" if deadline is None else f" expires {deadline // timedelta(hours=1)}h"
                line = f"issue {calendar}{hours}"
                return self._heard(await self._types(by, line, key=key), "link")
            case model.Copy(link, by):
                return self._heard(await self._types(by, f"copy {link}"), "link")
            case model.Delete(link, by):
                text = await self._types(by, f"delete {link}")
                if text.startswith(f"Deleted: `{link}`"):
                    return ("deleted",)
                return self._heard(text, "not deleted")
            case model.Regenerate(link, by, key):
                text = await self._types(by, f"regenerate {link}", key=key)
                heard = self._heard(text, "new")
                if heard[0] != "new":
                    return heard
                await self._ask_for_token(heard[1], now)
                known = "had been regenerated before" in text
                return *heard, model.KNOWN if known else model.FRESH

    async def crash_during(self, operation: Operation, seconds: float, *, now: datetime) -> None:
        """Lose the process while a form or a press is under way; it is sent again afterwards.

        A command that nobody heard of is typed anew, with another key, so none is begun.
        """
        repeatable = isinstance(
            operation, model.Book | model.Delete | model.SetHours | model.Switch
        )
        task = asyncio.create_task(self._try(operation, now) if repeatable else asyncio.sleep(0))
        await asyncio.sleep(seconds)
        self._url, reopened = await after_a_crash(self._url, self.database, task)
        await self._program.aclose()
        self.database = reopened
        await self._start()

    async def view(self, *, now: datetime) -> View:
        return await self.database.read(observed, now=now)

    async def broken_promises(self) -> list[str]:
        return await self.database.read(broken_promises)

    async def deliver(self, fate: str, *, now: datetime) -> None:
        """Have Slack be so for the next calls, or well; the worker delivers by itself."""
        del now
        self._slack.faults.clear()
        if fate in FAULTS:
            self._slack.fault("chat.postMessage", FAULTS[fate], times=2)
        await asyncio.sleep(A_MOMENT)

    async def told(self) -> Counter[str]:
        return Counter(
            message.metadata["event_payload"]["notification_id"]
            for channel in self._slack.workspace.channels
            for message in self._slack.workspace.messages_in(channel)
            if message.metadata
        )

    async def settle(self, *, now: datetime) -> list[str]:
        """Let Slack be well and time pass until all is told; return what had to be told."""
        self._slack.faults.clear()
        for _ in range(MOST_ROUNDS):
            if not await self.database.read(untold):
                break
            now += PATIENCE
            self.set_clock(now)
            await asyncio.sleep(A_MOMENT)
        assert await self.database.read(untold) == []
        return await self.database.read(to_tell)

    async def _start(self) -> None:
        """Start the program on the open database, at the same port as before."""
        stack = self._program = AsyncExitStack()
        settings = Settings.from_environment(
            {
                "OTL_PORT": str(self._port),
                "OTL_PUBLIC_URL": PUBLIC,
                "OTL_SECRET_KEY": SECRET_KEY,
                "SLACK_API_URL": self._slack.api_url,
                "SLACK_BOT_TOKEN": self._slack.tokens.bot,
                "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            }
        )
        roles = frozenset({Role.BOT, Role.WEB})
        program = await stack.enter_async_context(running(settings, roles, database=self.database))
        assert isinstance(program.client, SlackClient)
        await stack.enter_async_context(self._running_worker(program.client))
        self._port = program.port
        self._slack.connect_http(f"http://127.0.0.1:{self._port}/slack/events")

    @asynccontextmanager
    async def _running_worker(self, client: SlackClient) -> AsyncIterator[None]:
        """Deliver without a pause between two messages, as nobody waits for seconds here."""
        workspace = await identify_workspace(self.database, client)
        notifier = Notifier(database=self.database, client=client, seconds_between=0.0)
        worker = Worker(self.database, {SLACK: notifier}, workspace_id=workspace.id, timing=TIMING)
        delivering = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await delivering

    async def _try(self, operation: Operation, now: datetime) -> None:
        with suppress(aiohttp.ClientError, AssertionError, TimeoutError):
            await self.do(operation, now=now)

    async def _send(self, link: str, submission: str, start: datetime) -> Page:
        typed = {"name": "Jane Doe", "email": "jane@example.com", "notes": ""}
        fields = {**self._forms[submission], **typed, "start": f"{start:%Y-%m-%dT%H:%M:%SZ}"}
        return await self._contact.sends(self._address(link), fields)

    def _address(self, link: str) -> str:
        return f"http://127.0.0.1:{self._port}/otl/{self._tokens[link]}"

    async def _types(self, user: str, line: str, *, key: str = "") -> str:
        """Type a command and return what this person alone reads then.

        Args:
            key: of the delivery; the same once more delivers what was typed then again.
        """
        before = len(self._slack.ephemerals(user))
        if key in self._deliveries:
            answer = await self._slack.repeat(self._deliveries[key])
        else:
            answer = await self._slack.command(user, SALES, f"/otl {line}")
        assert answer.ok, answer
        heard = await self._slack.until(
            lambda: self._slack.ephemerals(user)[before:], seconds=STUCK_SECONDS
        )
        if key:
            self._deliveries[key] = self._latest_of(user)
        return str(heard[0].text)

    def _latest_of(self, user: str) -> Delivery:
        """Return what Slack delivered last for this person, who does one thing at a time."""
        sent = reversed(self._slack.courier.sent)
        return next(delivery for delivery in sent if delivery.payload.get("user_id") == user)

    def _heard(self, text: str, word: str) -> Answer:
        """Understand what the bot says; `word` is for a card that shows a link."""
        found = STANDING.search(text)
        if found is not None:
            self._know(found[1], text)
            return word, found[1]
        if "is deactivated" in text:
            return ("off",)
        if "so I left it as it is" in text or "sees the address of" in text:
            return ("not allowed",)
        for words, end in ENDS.items():
            if words in text and "never works again" in text:
                return "gone", end
        raise AssertionError(text)

    def _know(self, link: str, text: str) -> None:
        """Keep the token that a card shows, always the same one."""
        token = TOKEN.search(text)
        if token is not None:
            assert self._tokens.setdefault(link, token[1]) == token[1]

    async def _ask_for_token(self, link: str, now: datetime) -> None:
        """Learn the address that only its issuer was told."""
        row = await self.database.read(
            link_report,
            workspace_id=1,
            calendar=None,
            public_id=link,
            user_id=None,
            only=None,
            now=now,
        )
        token = KEYRING.token(Purpose.LINK, row.links[0].secret)
        assert self._tokens.setdefault(link, token) == token


def read_page(page: Page) -> Answer:
    """Understand what the site answers; one page is for all dead links."""
    match page.status:
        case HTTPStatus.SEE_OTHER:
            return "booked", page.location
        case HTTPStatus.GONE:
            return "gone", None
        case HTTPStatus.OK | HTTPStatus.CONFLICT if SWITCHED_OFF in page.text:
            return ("off",)
        case HTTPStatus.OK:
            return ("open",)
        case HTTPStatus.CONFLICT:
            return ("taken",)
        case status:
            raise AssertionError(f"the site answered {status}")
