"""Starts programs by forking a process that has imported everything.

So a start costs what the program itself does then: database, Slack, listening. To import it all
takes ten times as long.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self


@dataclass(frozen=True, slots=True)
class Start:
    """What a program is started with.

    Attributes:
        log: a file for its standard error.
        ahead_seconds: how far its clock is ahead of the machine's.
        jump_seconds: how far its clock jumps at SIGUSR1.
        most_files: how many it may have open, connections too; None: as many as the tests.
    """

    environment: dict[str, str]
    failpoints: str
    log: str
    ahead_seconds: float = 0.0
    jump_seconds: float = 0.0
    most_files: int | None = None


class Starter:
    """Use it as a context manager. What it started and still runs ends with it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self._read()  # it has imported everything
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def start(self, start: Start) -> int:
        """Start a program and return its pid."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(start)) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def main() -> None:
    """Fork a program for each line that comes in, and answer with its pid."""
    # Here and not above: only this process needs it all, and it must be there before the fork.
    from sqlalchemy.orm import configure_mappers  # noqa: PLC0415

    from booking_web.rendering import Pages  # noqa: PLC0415
    from booking_web.static_files import load_static_files  # noqa: PLC0415
    from tests.crash import program  # noqa: PLC0415

    configure_mappers()
    Pages(load_static_files())  # compiled once for all that are forked
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead, so none stay
    started: list[int] = []
    _say(sys.stdout, 0)
    while line := sys.stdin.readline():
        start = Start(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            _be(program.run, start)
        started.append(pid)
        _say(sys.stdout, pid)
    for pid in started[-1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _be(run: Callable[[Start], None], start: Start) -> None:
    """Become the program; never return."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.dup2(os.open(start.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
        run(start)
        code = 0
    except BaseException:  # noqa: BLE001  # the top of a process
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _say(to: IO[str], number: int) -> None:
    to.write(f"{number}\n")
    to.flush()


if __name__ == "__main__":
    main()
