"""Where the operations are really done, and how long to look for a difference."""

import os
from collections import Counter
from datetime import datetime
from typing import Final, Protocol, TypeVar

from hypothesis import HealthCheck, Phase, settings

from tests.model.specification import Answer, Operation, View

T = TypeVar("T")


FATES: Final = (
    "well",
    "down",
    "token revoked",
    "fails before storing",
    "fails after storing",
    "we die before sending",
    "we die after sending",
)
"""How Slack and we are while something is delivered."""


class World(Protocol):
    """Where the operations are really done."""

    async def begin(self) -> None: ...

    async def end(self) -> None: ...

    def set_clock(self, now: datetime) -> None: ...

    async def form(self, link: str, *, now: datetime) -> str | None:
        """Fetch a form of a link that is open; return its submission id, None if it shows none."""
        ...

    async def do(self, operation: Operation, *, now: datetime) -> Answer: ...

    async def crash_during(self, operation: Operation, seconds: float, *, now: datetime) -> None:
        """Begin it, lose the process so much later, start again."""
        ...

    async def view(self, *, now: datetime) -> View: ...

    async def broken_promises(self) -> list[str]: ...

    async def deliver(self, fate: str, *, now: datetime) -> None:
        """Let what there is to tell be delivered while Slack is in this state."""
        ...

    async def told(self) -> Counter[str]:
        """Return how often each notification stands in Slack."""
        ...

    async def settle(self, *, now: datetime) -> list[str]:
        """Let Slack be well until all is told; return the ids of what had to be told."""
        ...


def size(examples: int, steps: int) -> settings:
    """Return how long to look: as given, or as OTL_MODEL says, such as 500x50.

    With OTL_MODEL_SHRINK a failure is made smaller, which takes minutes.
    """
    phases = [Phase.explicit, Phase.generate]
    if os.environ.get("OTL_MODEL_SHRINK"):
        phases.append(Phase.shrink)
    if wanted := os.environ.get("OTL_MODEL"):
        examples, steps = (int(number) for number in wanted.split("x"))
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=True,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
