"""Who is in the practice workspace and where they talk: plain values."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace itself."""

    id: str = "T0PRACTICE"
    name: str = "Practice"
    domain: str = "practice"


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step of the guide that the page has at its side.

    Attributes:
        kind: "type" a command, "open" its link and book, "read" the news.
        says: what to do, in a sentence; `opened` is said instead once the link was opened.
        line: the command, "" where nothing is to be typed.
        sign: what stands in the app's message when the step is done, "" where reading it is enough.
    """

    kind: str
    title: str
    says: str
    opened: str = ""
    line: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """The app that the workspace has installed, with what its manifest says.

    Attributes:
        hints: lines to try and what each does; the page offers them to newcomers.
        guide: the steps that lead a newcomer from the first command to what it is for, or none.
        events: what it has subscribed to.
        has_home: the Home tab is on (home_tab_enabled).
        talk_is_read_only: people cannot write to it (messages_tab_read_only_enabled).
    """

    id: str = "A0PRACTICE"
    name: str = "OTL"
    handle: str = "otl"
    bot_id: str = "B0PRACTICE"
    bot_user_id: str = "U0PRACTBOT"
    commands: tuple[str, ...] = ("/otl",)
    hints: tuple[tuple[str, str], ...] = ()
    guide: tuple[GuideStep, ...] = ()
    has_home: bool = True
    talk_is_read_only: bool = True
    events: frozenset[str] = frozenset({"app_home_opened", "app_uninstalled", "tokens_revoked"})


@dataclass(frozen=True, slots=True)
class Person:
    """A member. `name` is the handle; who is `playable` can be chosen on the page."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Europe/Berlin"
    title: str = ""
    is_admin: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    playable: bool = False


class ChannelKind(StrEnum):
    """What kind of conversation it is."""

    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"


@dataclass(slots=True)
class Channel:
    """A conversation and who is in it, by user id; the bot's is among them where it is a member."""

    id: str
    name: str
    kind: ChannelKind = ChannelKind.PUBLIC
    members: set[str] = field(default_factory=set)
    topic: str = ""
    archived: bool = False
    created: int = 1_700_000_000
