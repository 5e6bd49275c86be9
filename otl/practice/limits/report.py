"""Problems found, each with the place where it is, worded as Slack words them."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


BLOCKS_OF_A_SURFACE: Final = {Surface.MESSAGE: 50, Surface.MODAL: 100, Surface.HOME: 100}


class Report:
    """Collects problems while a tree of JSON is walked."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.problems: list[str] = []

    def add(self, pointer: str, problem: str) -> None:
        """Note one problem."""
        self.problems.append(f"{problem} [json-pointer:{pointer}]")

    def length(self, pointer: str, value: Any, longest: int, *, shortest: int = 1) -> None:
        """Check a string's length, both ends included."""
        if not isinstance(value, str):
            self.add(pointer, "must be a string")
        elif len(value) < shortest:
            self.add(pointer, f"must be more than {shortest - 1} characters")
        elif len(value) > longest:
            self.add(pointer, f"must be less than {longest + 1} characters")

    def optional_length(self, pointer: str, holder: Any, key: str, longest: int) -> None:
        """Check the length of holder[key] where it is given."""
        if holder.get(key) is not None:
            self.length(f"{pointer}/{key}", holder[key], longest, shortest=0)

    def items(self, pointer: str, value: Any, most: int, *, fewest: int = 1) -> list[Any]:
        """Check that it is a list of so many items; return it, or [] where it is none."""
        if not isinstance(value, list):
            self.add(pointer, "must be an array")
            return []
        if len(value) < fewest:
            self.add(pointer, f"no less than {fewest} items allowed")
        if len(value) > most:
            self.add(pointer, f"no more than {most} items allowed")
        return value

    def unique(self, pointer: str, ids: Iterable[Any], what: str) -> None:
        """Check that no id is there twice."""
        seen: set[Any] = set()
        for one in ids:
            if one is not None and one in seen:
                self.add(pointer, f"`{what}` {one} already exists")
            seen.add(one)
