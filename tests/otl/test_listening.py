"""An address that cannot be listened at is told in words that say what to do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from otl.listening import CannotListen, another, listening
from otl.practice import PracticeSlack
from tests.otl.processes import said_by


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


async def test_the_demo_says_which_address_is_taken(tmp_path: Path, taken: int) -> None:
    code, said = await said_by(
        "demo", OTL_PORT=str(taken), OTL_DATABASE_URL=f"sqlite:///{tmp_path / 'demo.sqlite3'}"
    )

    assert code == 1
    assert said.splitlines()[-1] == (
        f"Error: Another program listens at 127.0.0.1:{taken} already. Stop it, or set OTL_PORT "
        f"to another port, like OTL_PORT={another(taken)}."
    )
    assert "Traceback" not in said
    assert "Errno" not in said


async def test_serve_says_so_too(slack: PracticeSlack, tmp_path: Path, taken: int) -> None:
    code, said = await said_by(
        "serve",
        OTL_PORT=str(taken),
        OTL_DATABASE_URL=f"sqlite:///{tmp_path / 'otl.sqlite3'}",
        OTL_PUBLIC_URL="https://book.example.com",
        SLACK_BOT_TOKEN=slack.tokens.bot,
        SLACK_APP_TOKEN=slack.tokens.app,
        SLACK_API_URL=slack.api_url,
    )

    assert code == 1
    assert f"Another program listens at 127.0.0.1:{taken} already." in said
    assert "Traceback" not in said


async def test_an_address_of_another_machine_is_no_address_of_ours() -> None:
    with pytest.raises(CannotListen, match="set OTL_HOST to an address of this machine"):
        async with listening(web.Application(), "192.0.2.1", 0):
            pass


def test_the_port_to_try_instead_exists() -> None:
    assert [another(port) for port in (8080, 65535)] == [8081, 65534]
