"""A newcomer's first minute: `otl demo` prints its address, the guide does the rest."""

import asyncio
import os
import re
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys.people import book_button
from tests.journeys.recording import Recording, recordings_folder

pytestmark = pytest.mark.asyncio(loop_scope="session")

STUCK_SECONDS: Final = 120.0
MOST_SECONDS: Final = 60.0
READING_SECONDS: Final = 2.0  # for each thing there is to read; a step of the guide is a sentence
KEY_SECONDS: Final = 0.15  # 80 words a minute
FINISHED: Final = re.compile(r"That was all of it: from the link to its booking in \d+ seconds?\.")
_ADDRESS: Final = re.compile(r"Open\s+(http://localhost:\d+/practice)\s")


@dataclass(frozen=True, slots=True)
class Greeted:
    """What the newcomer has in hand: an address, and when it was printed."""

    address: str
    at: float


async def test_a_newcomer_gets_to_the_first_link_used_by_following_the_guide(
    tmp_path: Path, chromium: Browser
) -> None:
    folder = recordings_folder(tmp_path)
    async with running_demo(tmp_path) as greeted:
        recording = Recording("A newcomer's first minute", greeted.at, folder)
        context = await chromium.new_context(viewport={"width": 1280, "height": 800})
        await context.tracing.start(screenshots=True, snapshots=True, title=recording.title)
        page = await context.new_page()
        try:
            async with asyncio.timeout(STUCK_SECONDS):
                took = await follow_the_guide(page, greeted.address, recording)
        finally:
            await context.tracing.stop(path=folder / "newcomer.zip")
            kept = await recording.keep("newcomer")
            await context.close()

    sys.stderr.write(f"\nfrom the greeting to “link used”: {took:.1f} s, recorded in {kept}\n")
    assert took < MOST_SECONDS


async def test_the_guide_leads_through_on_a_phone_and_never_covers_the_composer(
    tmp_path: Path, chromium: Browser
) -> None:
    async with running_demo(tmp_path) as greeted:
        context = await chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
        page = await context.new_page()
        await page.goto(greeted.address)
        guide = page.get_by_role("complementary", name="Guide")

        await guide.get_by_role("button", name="Issue a one-time link").click()
        await expect(guide.get_by_role("listitem")).to_have_count(3)
        composer = await page.get_by_role("textbox", name="Message #sales").bounding_box()
        covered = await guide.bounding_box()
        assert composer is not None
        assert covered is not None
        assert covered["y"] + covered["height"] <= composer["y"]
        assert composer["y"] + composer["height"] <= 844
        await guide.get_by_role("button", name="Issue a one-time link").click()
        await guide.get_by_role("button", name="Fill in").click()
        await page.get_by_role("button", name="Send").click()
        async with page.expect_popup() as opened:
            await guide.get_by_role("link", name="Open the link").click()
        await book(await opened.value)

        await expect(page.locator("article", has_text="Link used")).to_be_visible()
        await expect(guide).to_contain_text("All done")
        await context.close()


async def follow_the_guide(page: Page, address: str, recording: Recording) -> float:
    """Do what the guide says at the pace of somebody who reads it; return how long it took."""
    await read(recording)  # the greeting in the terminal
    await page.goto(address)
    guide = page.get_by_role("complementary", name="Guide")
    steps = guide.get_by_role("listitem")
    await expect(steps.first).to_contain_text("Issue a one-time link")
    await recording.see(page, "The practice workspace, with the guide at its side")

    await read(recording)
    await guide.get_by_role("button", name="Put it into the message field").click()
    await read(recording)
    await page.keyboard.press("Enter")
    await expect(steps.nth(0)).to_contain_text(", done")
    await recording.see(page, "The link, which only its issuer sees")

    await read(recording)
    async with page.expect_popup() as opened:
        await guide.get_by_role("link", name="Open the link").click()
    booking = await opened.value
    await expect(steps.nth(1)).to_contain_text("Choose a time there and book it.")
    await book_as_a_person(booking, recording)

    await page.bring_to_front()
    await expect(page.locator("article", has_text="Link used")).to_be_visible()
    took = await recording.see(page, "“Link used”")
    await expect(steps.nth(1)).to_contain_text(", done")
    await expect(steps.nth(2)).to_contain_text(", done")
    await expect(guide).to_contain_text(FINISHED)
    return took


async def book_as_a_person(page: Page, recording: Recording) -> None:
    """Book as `book` does, reading first and typing letter by letter."""
    await expect(book_button(page)).to_be_visible()
    await recording.see(page, "The page of the link")
    await read(recording)
    await page.locator(".day .times label").first.click()
    await type_letters(page.get_by_label("Your name"), "Jane Doe", recording)
    await type_letters(page.get_by_label("E-mail"), "jane@example.com", recording)
    await read(recording)
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    await recording.see(page, "Booked")
    await read(recording)


async def read(recording: Recording) -> None:
    await recording.passes(READING_SECONDS)


async def type_letters(field: Locator, words: str, recording: Recording) -> None:
    for letter in words:
        await field.press_sequentially(letter)
        await recording.passes(KEY_SECONDS)


async def book(page: Page) -> None:
    await page.locator(".day .times label").first.click()
    await page.get_by_label("Your name").fill("Jane Doe")
    await page.get_by_label("E-mail").fill("jane@example.com")
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[Greeted]:
    """Run what `make run` runs, on a port and a database of its own, until it has greeted."""
    program = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("otl"),
        "demo",
        env=_environment(folder),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            said = ""
            while not (found := _ADDRESS.search(said)):
                line = await program.stdout.readline()
                assert line, f"it ended with these words: {said}"
                said += line.decode()
        yield Greeted(found[1], time.monotonic())
    finally:
        program.terminate()
        async with asyncio.timeout(STUCK_SECONDS):  # one that does not stop is told, not waited for
            await program.communicate()
    assert program.returncode == 0


def _environment(folder: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OTL_")}
    database = f"sqlite:///{folder / 'newcomer.sqlite3'}"
    return ours | {"OTL_PORT": str(_free_port()), "OTL_DATABASE_URL": database}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
