"""What the site's handlers find in the application, by typed keys."""

import asyncio
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from booking_web.rendering import Pages
from booking_web.static_files import StaticFile
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring

DATABASE: Final[web.AppKey[Database]] = web.AppKey("site_database", Database)
KEYRING: Final = web.AppKey("site_keyring", Keyring)
URLS: Final = web.AppKey("site_urls", PublicUrls)
PAGES: Final = web.AppKey("site_pages", Pages)
ASSETS: Final[web.AppKey[Mapping[str, StaticFile]]] = web.AppKey("site_assets", Mapping)
"""The files under /static/, by their hashed names."""

TURNS: Final = web.AppKey("site_turns", asyncio.Semaphore)
"""Link pages are read and laid out one after the other. Each takes the processor for some
milliseconds; a hundred at once would keep the event loop, and so Slack, waiting for all of them."""
