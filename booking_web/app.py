"""The booking site: everything that is seen in a browser."""

import asyncio

from aiohttp import web

from booking_web.access_log import log_access
from booking_web.bookings.address import change_address
from booking_web.bookings.cancel import ask_to_cancel, cancel_booking
from booking_web.bookings.confirmation import send_invitation, show_booking
from booking_web.bookings.move import choose_another_time, move_booking
from booking_web.errors import answer_errors
from booking_web.files import send_icon, send_robots, send_static_file
from booking_web.keys import ASSETS, DATABASE, KEYRING, PAGES, TURNS, URLS
from booking_web.limits.rate_limits import LIMITS, RateLimits, answer_too_many
from booking_web.link_page.book import create_booking
from booking_web.link_page.seen import record_seen
from booking_web.link_page.show import show_link
from booking_web.rendering import Pages
from booking_web.security import set_headers
from booking_web.static_files import load_static_files
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring


def create_site(
    *, database: Database, keyring: Keyring, urls: PublicUrls, trusted_proxies: int = 0
) -> web.Application:
    """Make the site, with its error pages, headers and access log.

    Run it with `access_log=None`: aiohttp's own log prints paths, and these are secrets.

    Args:
        trusted_proxies: how many proxies of ours each request comes through; they tell whose it is.
    """
    static_files = load_static_files()
    app = web.Application(middlewares=[log_access, answer_errors, answer_too_many])
    app[DATABASE] = database
    app[KEYRING] = keyring
    app[URLS] = urls
    app[PAGES] = Pages(static_files)
    app[ASSETS] = {file.name: file for file in static_files.values()}
    app[TURNS] = asyncio.Semaphore(1)
    app[LIMITS] = RateLimits(trusted_proxies=trusted_proxies)
    set_headers(app, is_https=urls.is_https)
    app.add_routes(
        [
            web.get("/otl/{token}", show_link),
            web.post("/otl/{token}", create_booking),
            web.post("/otl/{token}/seen", record_seen),
            web.get("/booking/{secret}", show_booking),
            web.get("/booking/{secret}/invitation.ics", send_invitation),
            web.post("/booking/{secret}/address", change_address),
            web.get("/booking/{secret}/move", choose_another_time),
            web.post("/booking/{secret}/move", move_booking),
            web.get("/booking/{secret}/cancel", ask_to_cancel),
            web.post("/booking/{secret}/cancel", cancel_booking),
            web.get("/static/{name}", send_static_file),
            web.get("/favicon.ico", send_icon),
            web.get("/robots.txt", send_robots),
        ]
    )
    return app
