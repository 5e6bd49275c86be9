"""The program as `otl serve` runs it, in a process that can be killed at any instant."""

import asyncio
import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from freezegun import freeze_time

from otl.logs import set_up_logging
from otl.program import ALL_ROLES, serve
from otl.settings import Settings
from otl.worker import Timing
from scheduling.failpoints import arm
from tests.crash.starter import Start, Starter
from tests.given import SECRET_KEY

LOOPBACK: Final = "127.0.0.1"
HISTORY_LAG: Final = timedelta(milliseconds=30)
"""Of the stand-in; a request of a dead process may reach it later by as much again."""

TIMING: Final = Timing(
    quarantine=timedelta(milliseconds=120),
    request=timedelta(milliseconds=800),
    poll=timedelta(milliseconds=200),
    recheck=timedelta(milliseconds=200),
    between=timedelta(0),
)
"""So that a program which was killed is looked after soon, and all three hosts are told in time."""

MAIL_FROM: Final = "meetings@acme.com"
QUARANTINE: Final = "OTL_QUARANTINE_SECONDS"
STUCK_SECONDS: Final = 300.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        return int(taken.getsockname()[1])


@dataclass(slots=True)
class Program:
    """A program that is started, killed and started again on the same port.

    Args:
        log: a file for what it writes to standard error.
        ahead_seconds, jump_seconds, most_files: see `Start`.
        mail_url: the mail server's; None: there is no mail.
        quarantine_seconds: set, it is as patient as `otl serve` is, but keeps no pace; None: as
            TIMING says.
        up: set while it is known to take connections, so that nobody has to knock.
    """

    starter: Starter
    database_url: str = field(repr=False)
    slack_api_url: str
    log: Path
    ahead_seconds: float = 0.0
    jump_seconds: float = 0.0
    most_files: int | None = None
    mail_url: str | None = None
    quarantine_seconds: float | None = None
    port: int = field(default_factory=free_port)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    _pid: int = 0

    @property
    def base(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        return self._pid

    def start(self, failpoints: str = "") -> None:
        """Begin to start; whoever connects before it listens is refused."""
        environment = {
            "OTL_DATABASE_URL": self.database_url,
            "OTL_PUBLIC_URL": self.base,
            "OTL_HOST": LOOPBACK,
            "OTL_PORT": str(self.port),
            "OTL_SECRET_KEY": SECRET_KEY,
            "SLACK_BOT_TOKEN": "xoxb-practice",
            "SLACK_SIGNING_SECRET": "practice-signing-secret",
            "SLACK_API_URL": self.slack_api_url,
        }
        if self.mail_url is not None:
            environment |= {"OTL_SMTP_URL": self.mail_url, "OTL_MAIL_FROM": MAIL_FROM}
        if self.quarantine_seconds is not None:
            environment[QUARANTINE] = str(self.quarantine_seconds)
        self._pid = self.starter.start(
            Start(
                environment,
                failpoints,
                str(self.log),
                ahead_seconds=self.ahead_seconds,
                jump_seconds=self.jump_seconds,
                most_files=self.most_files,
            )
        )

    def jump(self) -> None:
        """Have its clock jump, as where a machine that stood still is resumed."""
        os.kill(self._pid, signal.SIGUSR1)

    def is_dead(self) -> bool:
        """Tell whether it has ended, of itself or not."""
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        return False

    async def kill(self) -> None:
        """SIGKILL, and wait until nothing is left of it; it may have killed itself."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        await self._ended()

    async def stop(self) -> None:
        """SIGTERM, and wait until it has finished what it began."""
        os.kill(self._pid, signal.SIGTERM)
        await self._ended()

    async def listens(self) -> None:
        """Wait until it takes connections, or is dead."""
        async with asyncio.timeout(STUCK_SECONDS):
            while not self.is_dead():
                with suppress(OSError):
                    _, writer = await asyncio.open_connection(LOOPBACK, self.port)
                    writer.close()
                    self.up.set()
                    return
                await asyncio.sleep(0.002)

    async def _ended(self) -> None:
        self.up.clear()
        async with asyncio.timeout(STUCK_SECONDS):
            while not self.is_dead():  # noqa: ASYNC110  # it is no child of ours
                await asyncio.sleep(0.001)


def run(start: Start) -> None:
    """Be the program. Called in the new process."""
    set_up_logging()
    arm(start.failpoints)
    if start.most_files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (start.most_files, start.most_files))
    settings = Settings.from_environment(start.environment)
    timing = TIMING
    if (seconds := start.environment.get(QUARANTINE)) is not None:
        timing = Timing(quarantine=timedelta(seconds=float(seconds)), between=timedelta(0))
    with _clock(start):
        asyncio.run(serve(settings, ALL_ROLES, timing=timing))


@contextmanager
def _clock(start: Start) -> Iterator[None]:
    """Have the wall clock wrong; what the loop counts by goes right, as it does on a machine."""
    if not (start.ahead_seconds or start.jump_seconds):
        yield
        return
    ahead = timedelta(seconds=start.ahead_seconds)
    with freeze_time(datetime.now(UTC) + ahead, tick=True, real_asyncio=True) as clock:
        jump = timedelta(seconds=start.jump_seconds)
        signal.signal(signal.SIGUSR1, lambda *_: clock.move_to(datetime.now(UTC) + jump))
        yield
