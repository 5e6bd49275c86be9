"""Keeps the App Home of everybody who has it open as their links are."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.errors import AddressLost
from bot.messages.home import PAGE, HomePage, as_home, my_home
from bot.messages.message import Message
from bot.slack_client import SLACK_TROUBLE, error_code, is_refusal, retry_after
from scheduling.bookings.meetings import MeetingsState, meetings_of, meetings_states
from scheduling.errors import SchedulingError
from scheduling.links.details import LinkDetails
from scheduling.links.own import LinksState, links_states
from scheduling.links.permissions import Actor
from scheduling.links.status import LinkStatus

POLL_SECONDS: Final = 5.0
"""The longest that a change is not seen which another process made."""

PAUSE_SECONDS: Final = 0.2
"""So long changes are gathered before the Homes are looked at."""

MEETINGS: Final = 10

MOST_WATCHED: Final = 1000
WATCHED_FOR_SECONDS: Final = 12 * 3600.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Shown:
    """One person's App Home: its page, how all in it was, until when it is watched."""

    page: HomePage
    until: float
    state: "HomeState | None" = None
    is_current: bool = False
    publishing: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class HomeState:
    """How the meetings and links in a Home were; None of what there was none."""

    meetings: MeetingsState | None
    links: LinksState | None

    def changes_at(self) -> datetime | None:
        """Return when it changes though nobody does anything; None: never."""
        ends = self.meetings.next_end if self.meetings else None
        expires = self.links.next_deadline if self.links else None
        return min((at for at in (ends, expires) if at), default=None)


class Homes:
    """Publishes a Home when it is opened, and again whenever something in it changes.

    Nothing is queued: what is shown is compared with what is so, after each commit and every few
    seconds, until Slack has taken it; meetings and links are only read when the database has
    changed, a deadline has passed or a meeting is over. To publish the same again changes nothing.
    Who has not opened their Home since the start is not watched; opening publishes it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shown: dict[str, Shown] = {}
        self._woken = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._silent_until = 0.0
        self._version: object = None

    async def open(self, invocation: Invocation, page: HomePage | None = None) -> None:
        """Publish the Home of whoever opened it, and watch what is in it from now on.

        Args:
            page: where they turned to; None: where they were.

        Raises:
            Outsider, Guest: it is not for them.
            SchedulingError: the database does not answer; it is tried again.
        """
        await self._context.require_member(invocation)
        self._forget_old_ones()
        until = asyncio.get_running_loop().time() + WATCHED_FOR_SECONDS
        shown = self._shown.setdefault(invocation.user_id, Shown(HomePage(), until))
        shown.page, shown.until, shown.is_current = page or shown.page, until, False
        self._start_watching()
        await self._refresh(invocation.user_id, shown)

    async def show(self, user_id: str, message: Message) -> None:
        """Show a message in somebody's Home, such as why it cannot be shown."""
        await self._publish(user_id, as_home(message))

    def wake(self) -> None:
        """Look whether a Home has changed."""
        self._woken.set()

    async def close(self) -> None:
        """Watch no more."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    def _start_watching(self) -> None:
        if self._watching is None:
            self._context.database.on_commit(self.wake)
            self._watching = asyncio.create_task(self._watch())

    def _forget_old_ones(self) -> None:
        now = asyncio.get_running_loop().time()
        self._shown = {user: one for user, one in self._shown.items() if one.until > now}
        while len(self._shown) >= MOST_WATCHED:
            del self._shown[min(self._shown, key=lambda user: self._shown[user].until)]

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)
            self._woken.clear()
            with self._logged():
                await self._look()

    async def _look(self) -> None:
        if asyncio.get_running_loop().time() < self._silent_until:
            return
        self._forget_old_ones()
        if not self._shown:
            return
        version = await self._context.database.version()  # first: what changes later is seen then
        if version != self._version or self._time_has_changed_one():
            await self._compare()
            self._version = version
        for user_id, shown in list(self._shown.items()):
            if not shown.is_current:
                with self._logged():  # one Home that cannot be shown holds up no other
                    await self._refresh(user_id, shown)

    def _time_has_changed_one(self) -> bool:
        now = self._context.now()
        changes = (one.state.changes_at() for one in self._shown.values() if one.state)
        return any(at is not None and at <= now for at in changes)

    async def _compare(self) -> None:
        states = await self._states(list(self._shown))
        for user_id, shown in self._shown.items():
            if states.get(user_id) != shown.state:
                shown.is_current = False

    @contextmanager
    def _logged(self) -> Iterator[None]:
        """Log what fails, and go on."""
        try:
            yield
        except SchedulingError as error:
            log.warning("App Homes were not looked at: %s", type(error).__name__)
        except Exception:
            log.exception("a look at the App Homes failed")

    async def _refresh(self, user_id: str, shown: Shown) -> None:
        """Publish how it is now; one at a time for each person, so that none overtakes another."""
        async with shown.publishing:
            # First the state: what changes after it is seen at the next look.
            state = (await self._states([user_id])).get(user_id)
            view = await self._view(user_id, shown)
            shown.is_current = await self._publish(user_id, view)
            shown.state = state

    async def _view(self, user_id: str, shown: Shown) -> View:
        own, page = self._context.own_links, shown.page
        now = self._context.now()
        meetings = await self._context.database.read(
            meetings_of,
            workspace_id=self._context.workspace.id,
            user_id=user_id,
            reader=Actor(user_id, is_admin=False),
            until=None,
            now=now,
            limit=MEETINGS,
        )
        active = await own(user_id, LinkStatus.ACTIVE, limit=PAGE, skip=page.active)
        used = await own(user_id, LinkStatus.USED, limit=PAGE, skip=page.used)
        shown.page = HomePage(active.skipped, used.skipped)
        urls = {link.public_id: self._url(link) for link in active.links}
        zone = await self._context.people.zone(user_id)
        return my_home(meetings, active, used, urls=urls, zone=zone)

    def _url(self, link: LinkDetails) -> str | None:
        try:
            return self._context.url(link)
        except AddressLost:
            return None

    async def _states(self, user_ids: list[str]) -> Mapping[str, HomeState]:
        read, workspace_id = self._context.database.read, self._context.workspace.id
        now = self._context.now()
        meetings = await read(
            meetings_states, workspace_id=workspace_id, user_ids=user_ids, now=now
        )
        links = await read(links_states, workspace_id=workspace_id, user_ids=user_ids, now=now)
        return {one: HomeState(meetings.get(one), links.get(one)) for one in user_ids}

    async def _publish(self, user_id: str, view: View) -> bool:
        """Publish, and tell whether Slack took it; who has no Home is forgotten."""
        try:
            await self._context.slack.views_publish(user_id=user_id, view=view)
        except SlackObjectFormationError:
            log.exception("an App Home has blocks that Slack would refuse")
            self._shown.pop(user_id, None)
        except SLACK_TROUBLE as error:
            log.warning("an App Home was not published: %s", error_code(error))
            self._heed(user_id, error)
        else:
            return True
        return False

    def _heed(self, user_id: str, error: Exception) -> None:
        wait = retry_after(error)
        if wait is not None:
            self._silent_until = asyncio.get_running_loop().time() + wait.total_seconds()
        elif is_refusal(error):
            self._shown.pop(user_id, None)
