"""B3: how long Slack waits for an acknowledgement while a hundred contacts read the heaviest page.

Run by itself, `python -m benchmarks.heavy_page`: program, readers and Slack are a process each.
"""

import asyncio
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles

from aiohttp import ClientSession, TCPConnector

from otl.practice import PracticeSlack, running_practice
from otl.practice.demo_data import SALES, SAM

READERS = 100
SECONDS = 30.0
SECONDS_BETWEEN_COMMANDS = 0.1
PATIENCE_SECONDS = 60.0  # what is late is measured, not given up
SIGNING_SECRET = "the signing secret of the benchmarks"  # noqa: S105  # it opens nothing
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CALENDAR = f"""
[[calendar]]
slug = "heaviest"
name = "Heaviest"
type = "event"
duration_minutes = 5
timezone = "Europe/Berlin"
hosts = ["{SAM}"]
owner = "{SAM}"
[calendar.opening_hours]
""" + "\n".join(f'{day} = ["00:00-24:00"]' for day in WEEKDAYS)


async def main() -> None:
    """Print a line a figure."""
    slack = PracticeSlack(signing_secret=SIGNING_SECRET)
    slack.courier.seconds = PATIENCE_SECONDS
    async with running_practice(slack), _program(slack):
        url = await _issue(slack)
        size = await _page_size(url)
        quiet = await _acknowledgements(slack, SECONDS / 6)
        readers = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.heavy_page", url), stdout=asyncio.subprocess.PIPE
        )
        await asyncio.sleep(1.0)
        rushed = await _acknowledgements(slack, SECONDS)
        said, _ = await readers.communicate()
    print(f"B3  heaviest page   {size:8d} bytes; read by {READERS}, {said.decode().strip()}")
    print(f"    ack of a command, nobody reads   {_percentiles(quiet)}")
    print(f"    ack of a command, {READERS} read       {_percentiles(rushed)}")


@asynccontextmanager
async def _program(slack: PracticeSlack) -> AsyncIterator[None]:
    """Run `otl serve` over a fresh file; Slack posts to it."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="otl-bench-")))
        calendars = folder / "calendars.toml"
        calendars.write_text(CALENDAR)
        port = _free_port()
        base = f"http://127.0.0.1:{port}"
        settings = {
            "OTL_DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "OTL_PUBLIC_URL": base,
            "OTL_PORT": str(port),
            "OTL_SECRET_KEY": "a key of the benchmarks that opens nothing",
            "SLACK_BOT_TOKEN": "xoxb-practice",
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
        }
        program = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("otl"),
            *("serve", "--calendars", str(calendars)),
            env=os.environ | settings,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await _until_ready(f"{base}/readyz")
            slack.connect_http(f"{base}/slack/events")
            yield
        finally:
            program.terminate()
            await program.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), ClientSession() as browser:
        while True:
            try:
                async with browser.get(url):
                    return
            except OSError:
                await asyncio.sleep(0.1)


async def _issue(slack: PracticeSlack) -> str:
    await slack.command(SAM, SALES, "/otl issue heaviest for Jane")
    shown = (await slack.until(lambda: slack.ephemerals(SAM)))[0].text
    found = re.search(r"http://[^\s<>|]+/otl/[a-z0-9]+", shown)
    assert found is not None, shown
    return found[0]


async def _page_size(url: str) -> int:
    async with ClientSession() as browser, browser.get(url) as answer:
        return len(await answer.read())


async def _acknowledgements(slack: PracticeSlack, seconds: float) -> list[float]:
    """Send a signed command every tenth of a second; return how long each ack took, in seconds."""

    async def command() -> float:
        began = time.perf_counter()
        answer = await slack.command(SAM, SALES, "/otl help")
        assert answer.ok, answer
        return time.perf_counter() - began

    commands = []
    for _ in range(round(seconds / SECONDS_BETWEEN_COMMANDS)):
        commands.append(asyncio.create_task(command()))
        await asyncio.sleep(SECONDS_BETWEEN_COMMANDS)
    return await asyncio.gather(*commands)


def _percentiles(seconds: list[float]) -> str:
    steps = quantiles(seconds, n=100)
    return f"p50 {steps[49] * 1000:6.0f} ms   p99 {steps[98] * 1000:6.0f} ms"


async def read(url: str) -> None:
    """Be the readers: each loads the page again as soon as it has it.

    Whose turn does not come in time is told to come again (503): that is counted.
    """
    times: list[float] = []
    put_off: list[float] = []
    end = time.perf_counter() + SECONDS

    async def contact(browser: ClientSession) -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            async with browser.get(url) as answer:
                if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    answer.raise_for_status()
                await answer.read()
            came = answer.status == HTTPStatus.OK
            (times if came else put_off).append(time.perf_counter() - began)

    async with ClientSession(connector=TCPConnector(limit=READERS)) as browser:
        await asyncio.gather(*(contact(browser) for _ in range(READERS)))
    print(f"{len(times) / SECONDS:.0f} /s, {_percentiles(times)}, {len(put_off)} put off")


asyncio.run(read(sys.argv[1]) if sys.argv[1:] else main())
