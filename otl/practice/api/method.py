"""What a method of the Web API is: what it needs, what it reads, what it answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from otl.practice.wire import Json, SlackError

if TYPE_CHECKING:
    from otl.practice.state import PracticeState


class Arguments:
    """The arguments of a call: strings from a form, or JSON with types of its own."""

    def __init__(self, fields: Mapping[str, Any], *, origin: str = "") -> None:
        self.fields = fields
        self.origin = origin

    def find_text(self, name: str) -> str | None:
        """Return the argument as text, or None where it is absent or empty."""
        value = self.fields.get(name)
        return None if value is None or value == "" else str(value)

    def text(self, name: str) -> str:
        """Return an argument that must be there.

        Raises:
            SlackError: invalid_arguments.
        """
        value = self.find_text(name)
        if value is None:
            messages = [f"[ERROR] missing required field: {name}"]
            raise SlackError("invalid_arguments", response_metadata={"messages": messages})
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean, whether it came as JSON or as 1, true or True."""
        return str(self.fields.get(name)).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """Return a whole number, the default where there is none."""
        value = str(self.fields.get(name, default))
        return int(value) if value.isdecimal() else default

    def json(self, name: str, *, refusal: str) -> Any:
        """Return what an argument holds as JSON, None where it is absent.

        Raises:
            SlackError: with this refusal, where it is no JSON.
        """
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(refusal) from None


Handler = Callable[["PracticeState", Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its handler, scopes of which one is needed, whether it wants the app token."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    app_level: bool = False
