"""Trouble on order: how the next calls of a method shall go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Where = Callable[[Mapping[str, Any]], bool]


class Fault(StrEnum):
    """What goes wrong. Those named STORE_… or …_AFTER_STORING have done their work all the same."""

    DROP = "drop"
    STORE_THEN_DROP = "store_then_drop"
    TIMEOUT = "timeout"
    STORE_THEN_TIMEOUT = "store_then_timeout"
    HTTP_500 = "http_500"
    HTTP_503 = "http_503"
    STORE_THEN_HTTP_500 = "store_then_http_500"
    RATE_LIMITED = "ratelimited"
    INTERNAL_ERROR_AFTER_STORING = "internal_error_after_storing"
    FATAL_ERROR_AFTER_STORING = "fatal_error_after_storing"
    CUT_JSON = "cut_json"
    WRONG_CONTENT_TYPE = "wrong_content_type"
    NULL_ERROR_AFTER_STORING = "null_error_after_storing"
    OK_ALONE_AFTER_STORING = "ok_alone_after_storing"
    DELAY = "delay"


@dataclass(slots=True)
class Order:
    """One order for trouble: a fault or an error code, for so many calls (None: for good)."""

    method: str
    fault: Fault | str
    times: int | None
    seconds: float
    where: Where | None

    def fits(self, method: str, fields: Mapping[str, Any]) -> bool:
        """Say whether this call is meant."""
        if self.times == 0 or self.method not in {method, "*"}:
            return False
        return self.where is None or self.where(fields)


class Faults:
    """The orders, first come first served."""

    def __init__(self) -> None:
        self._orders: list[Order] = []

    def order(self, order: Order) -> None:
        """Put one more at the end."""
        self._orders.append(order)

    def take(self, method: str, fields: Mapping[str, Any]) -> Order | None:
        """Return the order that this call shall follow, and count it."""
        order = next((o for o in self._orders if o.fits(method, fields)), None)
        if order is not None and order.times is not None:
            order.times -= 1
        return order

    def clear(self) -> None:
        """Let everything go well again."""
        self._orders.clear()
