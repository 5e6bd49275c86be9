"""A journey as somebody who was not there can look at it: one page of pictures, and the trace.

They go to the test's own temporary folder, or to the folder that OTL_RECORDINGS names:
`OTL_RECORDINGS=var/recordings pytest tests/journeys/test_newcomer.py`. The page opens in any
browser; the trace in `playwright show-trace`. Only then does a person's reading and typing take
time; else it is added to the clock.
"""

import asyncio
import os
import time
from base64 import b64encode
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Final

from playwright.async_api import Page

PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif }}
  body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
  figure {{ margin: 0 0 2.5rem }}
  figcaption {{ margin-bottom: .5rem }}
  img {{ width: 100%; border: 1px solid #ccc; border-radius: 10px }}
</style>
<h1>{title}</h1>
{pictures}
</html>
"""
PICTURE: Final = """<figure><figcaption><strong>{seconds:.1f} s</strong> {says}</figcaption>
<img alt="{says}" src="data:image/jpeg;base64,{picture}"></figure>"""


@dataclass(slots=True)
class Recording:
    """Pictures with the second at which each was taken.

    Attributes:
        began: by the running clock, when the journey began.
    """

    title: str
    began: float
    folder: Path
    _pictures: list[str] = field(default_factory=list)
    _added: float = 0.0

    async def passes(self, seconds: float) -> None:
        """Let so much time pass, for whoever watches."""
        if _asked_for():
            await asyncio.sleep(seconds)
        else:
            self._added += seconds

    async def see(self, page: Page, says: str) -> float:
        """Take a picture of what is to be seen now; return how many seconds in that is."""
        seconds = time.monotonic() - self.began + self._added
        picture = b64encode(await page.screenshot(type="jpeg", quality=70)).decode()
        self._pictures.append(PICTURE.format(seconds=seconds, says=escape(says), picture=picture))
        return seconds

    async def keep(self, name: str) -> Path:
        """Write the page of pictures."""
        path = self.folder / f"{name}.html"
        words = PAGE.format(title=escape(self.title), pictures="\n".join(self._pictures))
        await asyncio.to_thread(path.write_text, words, encoding="utf-8")
        return path


def recordings_folder(otherwise: Path) -> Path:
    """Return where recordings go: the folder that was asked for, or the test's own."""
    folder = Path(_asked_for() or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _asked_for() -> str:
    return os.environ.get("OTL_RECORDINGS", "")
