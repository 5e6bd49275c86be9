"""`otl demo`: the practice workspace and its greeting."""

import socket
from pathlib import Path

import aiohttp
import pytest

from otl.practice.demo_data import SAM
from tests.otl.processes import running
from tests.otl.serving import fetched, mode


async def test_the_practice_workspace_has_a_database_of_its_own_and_stops_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async with running("demo", OTL_PORT=str(port), OTL_DATABASE_URL="") as program:
        await program.says(f"http://localhost:{port}/practice")
        status, _ = await fetched(f"http://127.0.0.1:{port}/practice")
        program.terminate()
        code = await program.ends()

    assert (status, code) == (200, 0)
    made = {path.name for path in (tmp_path / "var").iterdir()}
    assert made == {"practice.sqlite3", "practice.key", "practice.lock", "practice.log"}
    assert mode(tmp_path / "var" / "practice.log") == 0o600


async def test_the_greeting_of_the_practice_workspace_is_not_drowned_by_its_log(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async with running("demo", folder=tmp_path, OTL_PORT=str(port)) as program:
        await program.says("What OTL logs goes to var/practice.log.")
        await fetched(f"http://127.0.0.1:{port}/practice")
        program.terminate()
        await program.ends()

    assert not [line for line in program.lines if line.startswith("{")]
    assert '"stopped"' in (tmp_path / "var" / "practice.log").read_text()


@pytest.mark.parametrize(
    ("smtp_url", "mails"),
    [
        pytest.param("", [], id="mail comes to the practice workspace"),
        pytest.param("smtp://127.0.0.1:9", None, id="the operator has set a server"),
    ],
)
async def test_mail_has_a_place_in_the_practice_workspace_unless_it_goes_elsewhere(
    tmp_path: Path, smtp_url: str, mails: list[str] | None
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async with running(
        "demo",
        folder=tmp_path,
        OTL_PORT=str(port),
        OTL_SMTP_URL=smtp_url,
        OTL_MAIL_FROM=smtp_url and "otl@example.com",
    ) as program:
        await program.says("What OTL logs goes to var/practice.log.")
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
            session.ws_connect(f"/practice/live?as={SAM}") as live,
        ):
            everything = await live.receive_json()
        program.terminate()
        await program.ends()

    assert everything["data"]["mails"] == mails
