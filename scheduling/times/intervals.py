"""Spans of time, half-open `[start, end)`, in UTC. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From start up to but not including end; both aware, in UTC.

    Raises:
        ValueError: a bound is naive or not in UTC, or end is not after start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError("an interval's bounds must be in UTC")
        if self.end <= self.start:
            raise ValueError(f"an interval must end after it starts: {self.start}, {self.end}")

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share an instant; touching is not overlapping."""
        return self.start < other.end and other.start < self.end
