"""How much of the program three flows touch: `python -m benchmarks.flows`.

Counted on SQLite: the files of ours and the functions in them that ran, and the statements of the
write transactions. Before the program was rebuilt they were as BEFORE says.
"""

import asyncio
import re
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from aiohttp import ClientSession
from sqlalchemy import Engine, event

from bot.doors.http import PATH
from otl.delivering import running_worker
from otl.practice import PracticeSlack, running_practice
from otl.practice.demo_data import CALENDARS_FILE, SALES, SAM
from otl.program import Program, Role, running
from otl.settings import Settings
from otl.slack_workspace import identify_workspace
from otl.worker import Timing
from scheduling.database.sqlite import BEGIN

ROOT: Final = Path(__file__).parents[1]
OURS: Final = tuple(f"{ROOT / name}/" for name in ("scheduling", "bot", "booking_web", "otl"))
PRACTICE: Final = f"{ROOT / 'otl' / 'practice'}/"
PART_OF_A_FUNCTION: Final = "<genexpr>"
BEFORE: Final = {
    "/otl issue": (35, 146, 17),
    "contact's POST": (29, 103, 14),
    "a delivery": (22, 84, None),
}


@dataclass(slots=True)
class Flow:
    """What ran between two moments."""

    codes: set[CodeType] = field(default_factory=set)
    statements: list[str] = field(default_factory=list)

    @property
    def figures(self) -> tuple[int, int, int]:
        """Files, functions, statements in the writes."""
        ours = {
            code
            for code in self.codes
            if code.co_filename.startswith(OURS)
            and not code.co_filename.startswith(PRACTICE)
            and code.co_name != PART_OF_A_FUNCTION
        }
        return len({code.co_filename for code in ours}), len(ours), len(self.statements)


class Tracer:
    """Sees every call in every thread that starts after it, and every statement that is written."""

    def __init__(self) -> None:
        self._flow: Flow | None = None
        sys.setprofile(self._called)
        threading.setprofile(self._called)
        event.listen(Engine, "before_cursor_execute", self._executed)

    def close(self) -> None:
        """Let the event loop's thread run at full speed again."""
        sys.setprofile(None)
        threading.setprofile(None)

    @contextmanager
    def tracing(self) -> Iterator[Flow]:
        """Yield a flow that fills while the context is open."""
        self._flow = flow = Flow()
        try:
            yield flow
        finally:
            self._flow = None

    def _called(self, frame: FrameType, what: str, _: Any) -> None:
        if what == "call" and (flow := self._flow) is not None:
            flow.codes.add(frame.f_code)

    def _executed(self, _: Any, cursor: Any, statement: str, *_others: Any) -> None:
        is_in_a_write = cursor.connection.in_transaction or statement == BEGIN
        if self._flow is not None and is_in_a_write:
            self._flow.statements.append(statement)


async def measure() -> AsyncIterator[str]:
    """Yield the table, a line a flow, with the figures of before in brackets."""
    yield "Flows             files        functions      statements in the write"
    for name, flow in (await _traced()).items():
        cells = (
            f"{now:4d} ({before or '-'})".ljust(15)
            for now, before in zip(flow.figures, BEFORE[name], strict=True)
        )
        yield f"{name:17}" + "".join(cells).rstrip()


async def _traced() -> dict[str, Flow]:
    """Go through the three flows, and count them the second time, when everything is warm."""
    tracer = Tracer()
    async with _program() as program, ClientSession() as contact:
        for _ in range(2):
            with tracer.tracing() as issuing:
                url = await program.issued()
            async with contact.get(url) as page:
                form = _filled(await page.text())
            with tracer.tracing() as booking:
                async with contact.post(url, data=form, allow_redirects=False) as answer:
                    assert answer.status == 303, answer.status
            with tracer.tracing() as delivering:
                await program.delivered()
    tracer.close()
    return dict(zip(BEFORE, (issuing, booking, delivering), strict=True))


@dataclass(frozen=True, slots=True)
class _Program:
    """The program beside a practice Slack; its worker runs only while it is asked to deliver."""

    slack: PracticeSlack
    program: Program

    async def issued(self) -> str:
        """Type the command and return the address in its reply."""
        before = len(self.slack.ephemerals(SAM))
        await self.slack.command(SAM, SALES, "/otl issue onboarding-call for Jane")
        reply = (await self.slack.until(lambda: self.slack.ephemerals(SAM)[before:]))[0]
        found = re.search(r"http[^\s<>|]+/otl/[a-z0-9]+", reply.text)
        assert found is not None, reply.text
        return found[0]

    async def delivered(self) -> None:
        """Deliver the one notification that waits."""
        before = len(self.slack.messages(SALES))
        database, client = self.program.database, self.program.client
        assert client is not None
        workspace = await identify_workspace(database, client)
        async with running_worker(database, client, workspace, Timing()):
            await self.slack.until(lambda: self.slack.messages(SALES)[before:])


@asynccontextmanager
async def _program() -> AsyncIterator[_Program]:
    async with AsyncExitStack() as stack:
        slack = PracticeSlack(signing_secret="s" * 32)
        await stack.enter_async_context(running_practice(slack))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="otl-flows-"))
        port = _free_port()
        settings = Settings.from_environment(
            {
                "OTL_DATABASE_URL": f"sqlite:///{folder}/flows.sqlite3",
                "OTL_PORT": str(port),
                "OTL_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "OTL_SECRET_KEY": "a key of the benchmarks that opens nothing",
                "SLACK_API_URL": slack.api_url,
                "SLACK_BOT_TOKEN": slack.tokens.bot,
                "SLACK_SIGNING_SECRET": "s" * 32,
            }
        )
        roles = frozenset({Role.BOT, Role.WEB})
        program = await stack.enter_async_context(
            running(settings, roles, calendars=CALENDARS_FILE)
        )
        slack.connect_http(f"http://127.0.0.1:{port}{PATH}")
        yield _Program(slack, program)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return int(holder.getsockname()[1])


def _filled(page: str) -> dict[str, str]:
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    start = re.search(r'name="start"[^>]*? value="([^"]+)"', page)
    assert start is not None
    return {**fields, "start": start[1], "name": "Jane Doe", "email": "jane@example.com"}


async def _main() -> None:
    async for line in measure():
        print(line)


if __name__ == "__main__":
    asyncio.run(_main())
