"""What cannot be a database, told in words by every command that needs one."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.otl.commands import Run
from tests.otl.processes import said_by

SETTINGS = {
    "OTL_PORT": "0",
    "OTL_PUBLIC_URL": "https://book.example.com",
    "SLACK_BOT_TOKEN": "xoxb-nobody",
    "SLACK_APP_TOKEN": "xapp-nobody",
    "SLACK_API_URL": "http://127.0.0.1:1/",
    "OTL_SECRET_KEY": "a-key-of-the-tests-which-is-long-enough",
}
COMMANDS = ("doctor", "migrate", "backup copy", "calendars list", "calendars load calendars.toml")
SERVERS = ("serve", "demo")


def _damaged(folder: Path) -> str:
    (folder / "otl.sqlite3").write_bytes(
        b"this is no database, and much longer than its header" * 9
    )
    return "sqlite:///otl.sqlite3"


def _cut(folder: Path) -> str:
    with sqlite3.connect(folder / "whole.sqlite3") as whole:
        whole.execute("CREATE TABLE alembic_version (version_num TEXT)")
    whole.close()
    cut = (folder / "whole.sqlite3").read_bytes()[:4096]
    (folder / "otl.sqlite3").write_bytes(cut[:100] + b"\xff" * 3996)
    return "sqlite:///otl.sqlite3"


def _a_folder(folder: Path) -> str:
    (folder / "otl.sqlite3").mkdir()
    return "sqlite:///otl.sqlite3"


def _a_bad_port(_: Path) -> str:
    return "postgresql://otl:hidden-word@127.0.0.1:54x2/otl"


def _too_high_a_port(_: Path) -> str:
    return "postgresql://otl:hidden-word@127.0.0.1:99999/otl"


def _half_an_address(_: Path) -> str:
    return "postgresql://otl:hidden-word@[::1/otl"


def _a_slash_in_the_password(_: Path) -> str:
    return "postgresql://otl:hidden-word/more@127.0.0.1/otl"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (_damaged, "damaged, or no database|not a database|malformed"),
        (_cut, "damaged, or no database|not a database|malformed"),
        (_a_folder, "is no file"),
        (_a_bad_port, "has no address that can be read"),
        (_too_high_a_port, "has no address that can be read"),
        (_half_an_address, "has no address that can be read"),
        (_a_slash_in_the_password, "has no address that can be read"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
async def test_what_is_no_database_is_told_in_words(
    otl: Run, tmp_path: Path, command: str, given: Callable[[Path], str], words: str
) -> None:
    (tmp_path / "calendars.toml").touch()

    told = await otl(*command.split(), **SETTINGS, OTL_DATABASE_URL=given(tmp_path))

    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert re.search(words, told.output), told.output
    assert "hidden-word" not in told.output


@pytest.mark.parametrize("given", [_damaged, _a_folder, _a_bad_port])
@pytest.mark.parametrize("command", SERVERS)
async def test_servers_do_not_start_on_it_and_say_why(
    tmp_path: Path, command: str, given: Callable[[Path], str]
) -> None:
    code, said = await said_by(
        command, folder=tmp_path, **SETTINGS, OTL_DATABASE_URL=given(tmp_path)
    )

    assert code == 1
    assert "Error: " in said
    assert "Traceback" not in said
    assert "hidden-word" not in said
