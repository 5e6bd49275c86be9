"""Whose turn it is: the pace of each lane, and silence where a destination asks for it. Pure."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Turns:
    """Turns of one destination, by the loop's clock (seconds).

    Attributes:
        seconds_between: two attempts in one lane are so far apart at least; 0: no pace is kept.
    """

    seconds_between: float
    silent_until: float = 0.0
    _next: dict[str, float] = field(default_factory=dict)

    def take(self, lane: str, now: float) -> None:
        """Have an attempt begin in this lane; the next one waits for its turn."""
        self._next = {one: at for one, at in self._next.items() if at > now}
        if lane and self.seconds_between:
            self._next[lane] = now + self.seconds_between

    def keep_silent(self, seconds: float, now: float) -> None:
        """Begin nothing anywhere for so long: Slack counts the workspace, not only a channel."""
        self.silent_until = max(self.silent_until, now + seconds)

    def busy(self, now: float) -> dict[str, float]:
        """Return the lanes that must wait, and until when."""
        return {lane: at for lane, at in self._next.items() if at > now}
