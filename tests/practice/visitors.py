"""People at the practice page, in chromium."""

from collections.abc import Awaitable
from typing import Any, Final, Protocol

from playwright.async_api import Page, expect

CHROMIUM_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Opener(Protocol):
    """Opens the page as somebody, in a browser of their own."""

    def __call__(self, user: str, *, channel: str = "sales", **settings: Any) -> Awaitable[Page]:
        """Open it; the settings are those of a playwright context."""


async def say(page: Page, line: str, *, channel: str = "sales") -> None:
    """Type a line and send it as it stands."""
    field = page.get_by_role("textbox", name=f"Message #{channel}")
    await field.fill(line)
    await field.press("Enter")


async def run(page: Page, command: str, answer: str) -> None:
    """Send a command and wait for its answer."""
    await say(page, command)
    await expect(page.get_by_text(answer)).to_be_visible()
