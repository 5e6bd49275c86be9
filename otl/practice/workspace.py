"""The state of the practice workspace: people, channels, messages, and who is told of a change."""

import copy
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from otl.practice.blocks import with_ids
from otl.practice.mail.mailbox import Mail
from otl.practice.messages import Message
from otl.practice.people import App, Channel, ChannelKind, Person, Team
from otl.practice.wire import Json, SlackError

SLACKBOT = "USLACKBOT"


class ChangeKind(StrEnum):
    """What happened, in the words that the page's script hears."""

    MESSAGE = "message"
    GONE = "gone"
    MODAL = "modal"
    HOME = "home"
    CHANNELS = "channels"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed, and the only people who may know of it."""

    kind: ChangeKind
    audience: frozenset[str]
    message: Message | None = None
    mail: Mail | None = None


class Workspace:
    """All that Slack would keep of one workspace. In memory; one event loop."""

    def __init__(
        self,
        *,
        team: Team,
        app: App,
        people: Iterable[Person],
        channels: Iterable[Channel],
        elapsed: Callable[[], float],
    ) -> None:
        self.team = team
        self.app = app
        self.elapsed = elapsed
        self.people = {person.id: person for person in people}
        self.people[app.bot_user_id] = Person(app.bot_user_id, app.handle, app.name, is_bot=True)
        self.channels = {channel.id: copy.deepcopy(channel) for channel in channels}
        self._messages: dict[str, list[Message]] = {}
        self._listeners: list[Callable[[Change], None]] = []
        self._last_micros = 0
        self.ahead_seconds = 0.0
        """How far this clock is ahead of the machine's."""

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call listener at each change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, change: Change) -> None:
        """Tell everyone who listens."""
        for listener in tuple(self._listeners):
            listener(change)

    def now(self) -> float:
        """Return the seconds since 1970 by this workspace's clock."""
        return time.time() + self.ahead_seconds

    def next_ts(self) -> str:
        """Return a new timestamp, later than all before it even where the clock stands still."""
        self._last_micros = max(int(self.now() * 1_000_000), self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def direct_channel(self, one: str, other: str) -> Channel:
        """Return the direct conversation of two people, opened if it was not."""
        pair = {one, other}
        for channel in self.channels.values():
            if channel.kind is ChannelKind.DIRECT and channel.members == pair:
                return channel
        channel = Channel(f"D{len(self.channels):09d}", "directmessage", ChannelKind.DIRECT, pair)
        self.channels[channel.id] = channel
        self.announce(Change(ChangeKind.CHANNELS, frozenset(pair)))
        return channel

    def channels_of(self, user: str) -> Iterator[Channel]:
        """Yield the channels that this person is in."""
        return (channel for channel in self.channels.values() if user in channel.members)

    def post(self, message: Message) -> Message:
        """Store a message and tell those who may see it."""
        message.blocks = with_ids(message.blocks)
        self._messages.setdefault(message.channel, []).append(message)
        self.announce(Change(ChangeKind.MESSAGE, self.audience(message), message))
        return message

    def say(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        blocks: list[Json] | None = None,
        thread_ts: str | None = None,
        broadcast: bool = False,
        ephemeral_for: str | None = None,
        metadata: Json | None = None,
    ) -> Message:
        """Post what somebody (or the app, or Slackbot) says."""
        message = Message(
            ts=self.next_ts(),
            channel=channel,
            user=user,
            text=text,
            stored_at=self.elapsed(),
            blocks=blocks or [],
            by_app=user == self.app.bot_user_id,
            thread_ts=thread_ts,
            broadcast=broadcast,
            ephemeral_for=ephemeral_for,
            metadata=metadata,
        )
        return self.post(message)

    def change(self, message: Message, *, text: str, blocks: list[Json] | None) -> None:
        """Edit a message; blocks None keeps those it has, as chat.update does."""
        message.text = text
        if blocks is not None:
            message.blocks = with_ids(blocks)
        message.edited_ts = self.next_ts()
        self.announce(Change(ChangeKind.MESSAGE, self.audience(message), message))

    def delete(self, message: Message) -> None:
        """Take a message away from everyone who saw it."""
        self._messages[message.channel].remove(message)
        self.announce(Change(ChangeKind.GONE, self.audience(message), message))

    def audience(self, message: Message) -> frozenset[str]:
        """Return who may see this message: one person if ephemeral, else the channel's members."""
        if message.ephemeral_for is not None:
            return frozenset({message.ephemeral_for})
        return frozenset(self.channels[message.channel].members)

    def messages_in(self, channel: str) -> tuple[Message, ...]:
        """Return a channel's messages, oldest first, without the ephemeral ones."""
        return tuple(m for m in self._messages.get(channel, ()) if m.ephemeral_for is None)

    def messages_for(self, user: str) -> list[Message]:
        """Return all that this person may see, oldest first."""
        every = (message for kept in self._messages.values() for message in kept)
        return sorted((m for m in every if user in self.audience(m)), key=lambda m: m.ts)

    def find_message(self, channel: str, ts: str) -> Message | None:
        """Return the message with this ts, an ephemeral one included."""
        return next((m for m in self._messages.get(channel, ()) if m.ts == ts), None)

    def person(self, user: str) -> Person:
        """Return who has this id.

        Raises:
            SlackError: user_not_found.
        """
        if user not in self.people:
            raise SlackError("user_not_found")
        return self.people[user]
