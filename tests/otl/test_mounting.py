"""Slack's door, health and the site stand behind one socket; each answers errors in its own way."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from booking_web.security import CONTENT_SECURITY_POLICY
from bot.doors.http import SIZE_LIMIT
from tests.booking_web.reading import headings
from tests.journeys.running import RunningProgram, running_program


@pytest.fixture
async def program(sqlite_url: str) -> AsyncIterator[RunningProgram]:
    async with running_program(sqlite_url) as program:
        yield program


async def answered(
    program: RunningProgram, method: str, path: str, body: bytes = b""
) -> tuple[aiohttp.ClientResponse, str]:
    async with (
        aiohttp.ClientSession(headers={"Accept": "text/html"}) as session,
        session.request(method, program.base + path, data=body) as answer,
    ):
        return answer, await answer.text()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("GET", "/slack/events", b"", 405, id="opened in a browser"),
        pytest.param("POST", "/slack/nothing", b"", 404, id="another address"),
        pytest.param("POST", "/slack/events", b"a=b", 401, id="not signed"),
        pytest.param("POST", "/slack/events", b"a" * (SIZE_LIMIT + 1), 413, id="too large"),
    ],
)
async def test_slacks_door_answers_no_pages_for_contacts(
    program: RunningProgram, method: str, path: str, body: bytes, status: int
) -> None:
    answer, text = await answered(program, method, path, body)

    assert (answer.status, answer.content_type) == (status, "text/plain")
    assert "<" not in text


@pytest.mark.parametrize("path", ["/", "/slackers", "/healthz2", "/practiced", "/otl"])
async def test_another_address_is_the_sites_page(program: RunningProgram, path: str) -> None:
    answer, text = await answered(program, "GET", path)

    assert answer.status == 404
    assert headings(text) == ["There is no page here."]


async def test_health_and_the_practice_page_answer_their_own_errors(
    program: RunningProgram,
) -> None:
    answers = [
        (await answered(program, "POST", "/readyz"))[0],
        (await answered(program, "GET", "/healthz/nothing"))[0],
        (await answered(program, "GET", "/practice/nothing"))[0],
    ]

    assert [answer.status for answer in answers] == [405, 404, 404]
    assert {answer.content_type for answer in answers} == {"text/plain"}


@pytest.mark.parametrize("path", ["/slack/events", "/healthz", "/readyz", "/practice/x", "/", "/%"])
async def test_every_answer_carries_the_headers(program: RunningProgram, path: str) -> None:
    answer, _ = await answered(program, "GET", path)

    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Server" not in answer.headers


async def test_health_is_not_in_the_sites_log(
    program: RunningProgram, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        await answered(program, "GET", "/healthz")
        await answered(program, "POST", "/slack/events")

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("booking")]
    assert [line.rsplit(" ", 2)[0] for line in ours] == ["POST /slack/events 401"]
