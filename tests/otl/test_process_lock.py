"""An embedded database belongs to one process."""

import subprocess
import sys
from pathlib import Path

import pytest

from otl.process_lock import AlreadyRunning, process_lock

HOLD = """
import sys
from otl.process_lock import process_lock
with process_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holder(url: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_and_the_next_one_is_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new folder/otl.sqlite3"

    with holder(url) as first:
        with pytest.raises(AlreadyRunning), process_lock(url):
            pytest.fail("two processes hold the lock")
        first.communicate("go\n", timeout=60)

    with process_lock(url):
        pass


def test_a_process_that_is_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/otl.sqlite3"

    with holder(url) as first:
        first.kill()
        first.wait(timeout=60)

    with process_lock(url):
        pass


def test_an_error_inside_lets_go_of_the_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/otl.sqlite3"

    with pytest.raises(LookupError), process_lock(url):
        raise LookupError

    with process_lock(url):
        pass


def test_two_databases_in_one_folder_do_not_lock_each_other_out(tmp_path: Path) -> None:
    with (
        process_lock(f"sqlite:///{tmp_path}/one.sqlite3"),
        process_lock(f"sqlite:///{tmp_path}/two.sqlite3"),
    ):
        pass


def test_postgresql_is_shared_by_many_processes() -> None:
    url = "postgresql://otl@db.invalid/otl"

    with process_lock(url), process_lock(url):
        pass
