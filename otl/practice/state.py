"""All that the stand-in knows, and the switches that make Slack strict, slow or unwell."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from otl.practice import demo_data
from otl.practice.delivery import Courier
from otl.practice.faults import Fault, Faults, Order, Where
from otl.practice.mail import Mail, Mailbox
from otl.practice.messages import Message
from otl.practice.payloads import Envelope
from otl.practice.people import App, Channel, Person, Team
from otl.practice.socket_mode import Sockets
from otl.practice.tickets import Tickets
from otl.practice.tokens import Tokens
from otl.practice.views import View, Views
from otl.practice.wire import Json
from otl.practice.workspace import Change, ChangeKind, Workspace

HISTORY_LAG_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API, or of a response URL ("response_url"), without its token."""

    method: str
    fields: Json = field(repr=False)
    answer: Json | None = field(repr=False)


class PracticeState:
    """A workspace with its app's tokens, views, tickets, faults and connections.

    Args:
        signing_secret: what the app verifies our requests with.
        history_lag: seconds until conversations.history shows a message.
        elapsed: a running clock in seconds for lags and expiries; None takes the event loop's.
    """

    def __init__(
        self,
        *,
        signing_secret: str = "practice-signing-secret",  # noqa: S107  # it guards nothing real
        bot_token: str = "xoxb-practice",  # noqa: S107
        app_token: str = "xapp-practice",  # noqa: S107
        history_lag: float = HISTORY_LAG_SECONDS,
        team: Team = demo_data.TEAM,
        app: App = demo_data.APP,
        people: Iterable[Person] = demo_data.PEOPLE,
        channels: Iterable[Channel] = demo_data.CHANNELS,
        elapsed: Callable[[], float] | None = None,
    ) -> None:
        clock = elapsed or (lambda: asyncio.get_running_loop().time())
        self.history_lag = history_lag
        self.base_url = ""
        self.workspace = Workspace(
            team=team, app=app, people=people, channels=channels, elapsed=clock
        )
        self.mailbox = Mailbox(self.workspace.next_ts, self._mail_came)
        self.has_mail = False
        """Whether the app's mail comes here, and not by a server of the operator's."""
        self.tokens = Tokens(bot=bot_token, app=app_token)
        self.tickets = Tickets(clock)
        self.views = Views(self._view_changed)
        self.faults = Faults()
        self.sockets = Sockets(app.id)
        self.courier = Courier(signing_secret, self.sockets)
        self.envelope = Envelope(team, app)
        self.calls: list[Call] = []
        self.on_close: list[Callable[[], Awaitable[Any]]] = [self.courier.close]
        self.closing = asyncio.Event()

    def serve_at(self, base_url: str) -> None:
        """Say where this server is reached, so that response URLs lead here."""
        self.base_url = base_url.rstrip("/")

    @property
    def api_url(self) -> str:
        """What the bot's SLACK_API_URL has to be."""
        return f"{self.base_url}/practice/api/"

    def connect_http(self, request_url: str | None) -> None:
        """Deliver by signed HTTP requests to this address; None goes back to Socket Mode."""
        self.courier.request_url = request_url

    # What an administrator of the workspace may do to the app.

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.workspace.channels[channel].archived = True
        self._tell_members(channel)

    def unarchive(self, channel: str) -> None:
        """Bring an archived channel back."""
        self.workspace.channels[channel].archived = False
        self._tell_members(channel)

    def remove_bot(self, channel: str) -> None:
        """Take the app out of a channel."""
        self.workspace.channels[channel].members.discard(self.workspace.app.bot_user_id)
        self._tell_members(channel)

    def add_bot(self, channel: str) -> None:
        """Invite the app to a channel."""
        self.workspace.channels[channel].members.add(self.workspace.app.bot_user_id)
        self._tell_members(channel)

    def revoke_token(self) -> None:
        """Make every call answer token_revoked."""
        self.tokens.revoked = True

    def restore_token(self) -> None:
        """Make the token good again."""
        self.tokens.revoked = False

    def drop_scope(self, scope: str) -> None:
        """Take one scope away."""
        self.tokens.scopes.discard(scope)

    def grant_scope(self, scope: str) -> None:
        """Give one scope."""
        self.tokens.scopes.add(scope)

    def fault(
        self,
        method: str,
        fault: Fault | str,
        *,
        times: int | None = 1,
        seconds: float = 1.0,
        where: Where | None = None,
    ) -> None:
        """Let the next calls of a method ("*": of any, "response_url": of those) go wrong.

        Args:
            method: as in "chat.postMessage".
            fault: a Fault, or one of Slack's error codes.
            times: how many calls; None is for good, until `faults.clear()`.
            seconds: Retry-After, or how long a delay or a timeout lasts.
            where: only calls whose fields fit.
        """
        self.faults.order(Order(method, fault, times, seconds, where))

    # What was seen.

    def calls_to(self, method: str) -> list[Call]:
        """Return the calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def messages(self, channel: str) -> tuple[Message, ...]:
        """Return what everybody in a channel sees, oldest first; a user id means their app DM."""
        if channel in self.workspace.people:
            channel = self.direct(channel).id
        return self.workspace.messages_in(channel)

    def ephemerals(self, user: str) -> list[Message]:
        """Return what only this person sees, oldest first."""
        return [m for m in self.workspace.messages_for(user) if m.ephemeral_for == user]

    def direct(self, user: str) -> Channel:
        """Return the direct conversation of this person and the app."""
        return self.workspace.direct_channel(user, self.workspace.app.bot_user_id)

    def modal(self, user: str) -> View | None:
        """Return the modal this person sees."""
        return self.views.top(user)

    def home(self, user: str) -> View | None:
        """Return this person's App Home."""
        return self.views.home(user)

    async def until(self, is_so: Callable[[], Any], *, seconds: float = 10.0) -> Any:
        """Wait until is_so() returns something true, and return that.

        Raises:
            TimeoutError: it did not become so.
        """
        async with asyncio.timeout(seconds):
            while not (found := is_so()):  # noqa: ASYNC110  # any state may be asked for
                await asyncio.sleep(0.01)
        return found

    async def close(self) -> None:
        """End streams, delayed answers and connections."""
        self.closing.set()
        for close in self.on_close:
            await close()

    def _view_changed(self, user: str, is_home: bool) -> None:  # noqa: FBT001  # a callback
        kind = ChangeKind.HOME if is_home else ChangeKind.MODAL
        self.workspace.announce(Change(kind, frozenset({user})))

    def _mail_came(self, mail: Mail) -> None:
        everybody = frozenset(self.workspace.people)
        self.workspace.announce(Change(ChangeKind.MAIL, everybody, mail=mail))

    def _tell_members(self, channel: str) -> None:
        members = frozenset(self.workspace.channels[channel].members)
        self.workspace.announce(Change(ChangeKind.CHANNELS, members))
