"""Headers, logs, addresses: what must hold of every answer."""

import logging

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from booking_web.app import create_site
from booking_web.security import CONTENT_SECURITY_POLICY
from booking_web.static_files import load_static_files
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Purpose
from tests.booking_web.reading import parse, posted_fields
from tests.booking_web.site import Site
from tests.given import KEYRING, given_calendar, given_link, when_booked

STATIC = {name: file.address for name, file in load_static_files().items()}
PATHS = [
    "/otl/{link}",
    "/otl/{used}",
    f"/otl/{'a' * 32}",
    "/booking/{booking}",
    "/booking/{booking}/invitation.ics",
    "/nothing",
]


@pytest.fixture
async def addresses(sqlite_database: Database) -> dict[str, str]:
    """A link, a used one and the secret of its booking."""
    await given_calendar(sqlite_database)
    link, used = await given_link(sqlite_database), await given_link(sqlite_database)
    booked = await when_booked(sqlite_database, used)
    secret = KEYRING.token(Purpose.BOOKING, booked.secret)
    return {"link": link.token, "used": used.token, "booking": secret}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_headers(
    sqlite_site: Site, addresses: dict[str, str], path: str, method: str
) -> None:
    answer = await sqlite_site.request(method, path.format(**addresses))

    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Permissions-Policy" in answer.headers
    assert "Server" not in answer.headers
    assert answer.headers.getall("Cache-Control") == ["no-store"]
    assert "Set-Cookie" not in answer.headers


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    assert CONTENT_SECURITY_POLICY.split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ]


async def test_without_https_no_browser_is_told_to_insist_on_it(
    aiohttp_client: AiohttpClient, sqlite_database: Database
) -> None:
    urls = PublicUrls("http://127.0.0.1:8080")
    site = await aiohttp_client(create_site(database=sqlite_database, keyring=KEYRING, urls=urls))

    answer = await site.get("/robots.txt")

    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("name", "content_type", "most_bytes"),
    [
        pytest.param("site.css", "text/css", 12 * 1024, id="stylesheet"),
        pytest.param("site.js", "text/javascript", 8 * 1024, id="script"),
        pytest.param("favicon.svg", "image/svg+xml", 1024, id="icon"),
    ],
)
async def test_files_are_light_and_kept_for_a_year(
    sqlite_site: Site, name: str, content_type: str, most_bytes: int
) -> None:
    answer = await sqlite_site.get(STATIC[name])

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == content_type
    assert 0 < len(await answer.read()) <= most_bytes


async def test_a_file_of_another_release_is_not_found_and_not_kept(sqlite_site: Site) -> None:
    answer = await sqlite_site.get("/static/site.000000000000.css")

    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"


async def test_robots_may_fetch_a_link_so_that_they_read_noindex(sqlite_site: Site) -> None:
    rules = await (await sqlite_site.get("/robots.txt")).text()

    assert rules.splitlines() == ["User-agent: *", "Disallow:"]


async def test_a_browser_that_asks_for_the_icon_gets_it(sqlite_site: Site) -> None:
    answer = await sqlite_site.get("/favicon.ico")

    assert (answer.status, answer.content_type) == (200, "image/svg+xml")


@pytest.mark.parametrize("path", PATHS[:5])
async def test_no_page_brings_script_style_or_files_from_elsewhere(
    sqlite_site: Site, addresses: dict[str, str], path: str
) -> None:
    answer = await sqlite_site.get(path.format(**addresses))
    if answer.content_type != "text/html":
        return

    for element in parse(await answer.text()).iter():
        assert not [name for name in element.keys() if name == "style" or name.startswith("on")]  # noqa: SIM118
        assert element.tag not in {"style", "base", "iframe", "object", "embed"}
        if element.tag in {"script", "link", "img"}:
            source = element.get("src") or element.get("href") or ""
            assert source in STATIC.values()


async def test_the_access_log_holds_routes_and_never_an_address(
    sqlite_site: Site, addresses: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="booking_web")
    path = f"/otl/{addresses['link']}"
    form = posted_fields(await (await sqlite_site.get(path)).text())
    await sqlite_site.get(
        f"{path}?zone=Asia/Tokyo", headers={"Referer": "https://mail.example/secret"}
    )
    await sqlite_site.post(path, data=form | {"email": "jane@example.com"})
    await sqlite_site.get(f"/booking/{addresses['booking']}")
    await sqlite_site.get("/nothing/here")

    own = [record for record in caplog.records if record.name.startswith("booking_web")]
    lines = [record.getMessage() for record in own]

    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "GET /otl/{token} 200",
        "GET /otl/{token} 200",
        "POST /otl/{token} 422",
        "GET /booking/{secret} 200",
        "GET (no such page) 404",
    ]
    typed = ("Tokyo", "mail.example", "jane@", "nothing")
    for secret in (*addresses.values(), *typed, form["ticket"]):
        assert secret not in caplog.text
