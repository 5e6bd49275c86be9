"""An outage of the database in the log: a line a minute, whatever the crowd that meets it."""

import logging
import time
from typing import Final

log = logging.getLogger(__name__)

QUIET_SECONDS: Final = 60.0


class Outage:
    """Counts what failed, and says so at most once a minute; and once when it is over."""

    def __init__(self, what: str, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._what = what
        self._quiet_seconds = quiet_seconds
        self._failures = 0
        self._logged_at: float | None = None
        self._logged = False

    def met(self, error: BaseException) -> None:
        """Something failed because the database is away."""
        self._failures += 1
        now = time.monotonic()
        if self._logged_at is not None and now - self._logged_at < self._quiet_seconds:
            return
        self._logged_at = now
        self._logged = True
        log.error("%s is unavailable: %s; failures: %d", self._what, reason(error), self._failures)

    def is_over(self) -> None:
        """Something succeeded."""
        if self._failures == 0:
            return
        if self._logged:
            log.warning("%s answers again; failures: %d", self._what, self._failures)
        self._failures, self._logged = 0, False


def reason(error: BaseException) -> str:
    """Name what went wrong: no SQL, no values, no address."""
    origin = getattr(error, "orig", None) or error.__cause__ or error
    code = getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None)
    return f"{type(origin).__name__} {code}" if code else type(origin).__name__
