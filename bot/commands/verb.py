"""What a verb of `/otl` is. Each is declared in a file beside this one, and found from there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.typed_text import Typed
from bot.messages.message import Message, Question

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class LinkForm:
    """The form that asks for the verb's link where it came without one.

    Attributes:
        title: at most 24 characters.
        only_own: its menu offers only links that the person issued.
        only_active: and only those that can still be used.
    """

    title: str
    hint: str
    only_own: bool = False
    only_active: bool = True


@dataclass(frozen=True, slots=True)
class Verb(Generic[Value]):
    """A verb: how its line is read, what it does, and what is said of it.

    Attributes:
        name: the first word after /otl; "" is what happens where none is.
        parse: what follows the name → what `run` is given. Pure; raises a Misunderstanding.
        order: its place in the help.
        usage: in the hint that Slack shows while somebody types; "" is none.
        help: lines that can be pasted after /otl, with `{calendar}` and `{link}` for ones that
            exist, and what each does.
        other_words: what people say elsewhere for the same; it is suggested, not run.
        question: asked before a suggested line is run.
        link_form: None for a verb that needs no link.
        with_calendar: what follows the name → the same for another calendar's slug; None for a
            verb that names none.
    """

    name: str
    parse: Callable[[Typed], Value]
    run: Callable[[Value, Invocation, Context], Awaitable[Message]]
    order: int = 0
    usage: str = ""
    help: tuple[tuple[str, str], ...] = ()
    other_words: tuple[str, ...] = ()
    question: Question | None = None
    link_form: LinkForm | None = None
    with_calendar: Callable[[Typed, str], str] | None = None


@dataclass(frozen=True, slots=True)
class Command(Generic[Value]):
    """A line that was read: the verb, and what it is given."""

    verb: Verb[Value]
    value: Value

    async def run(self, invocation: Invocation, context: Context) -> Message:
        """Do it, and return the answer."""
        return await self.verb.run(self.value, invocation, context)


def read_nothing(rest: Typed) -> None:
    """Read what follows a verb that needs no more: whatever it is."""
    del rest
