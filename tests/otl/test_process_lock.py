"""An embedded database belongs to one process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from otl.database_file import UnusableFile
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


def _the_file_by_a_link(path: Path) -> str:
    link = path.parent.parent / "linked.sqlite3"
    link.symlink_to(path)
    return f"/{link}"


def _the_folder_by_a_link(path: Path) -> str:
    link = path.parent.parent / "linked"
    link.symlink_to(path.parent, target_is_directory=True)
    return f"/{link}/{path.name}"


def _by_a_link_to_a_link(path: Path) -> str:
    link = path.parent / "link.sqlite3"
    link.symlink_to(path.name)
    return _the_file_by_a_link(link)


def _by_a_relative_path(path: Path) -> str:
    return f"/{os.path.relpath(path)}"


def _in_a_roundabout_way(path: Path) -> str:
    return f"/{path.parent}/../{path.parent.name}/./{path.name}"


@pytest.mark.parametrize(
    "other_name",
    [
        _the_file_by_a_link,
        _the_folder_by_a_link,
        _by_a_link_to_a_link,
        _by_a_relative_path,
        _in_a_roundabout_way,
    ],
)
def test_a_second_process_is_refused_by_whatever_path_it_comes(
    tmp_path: Path, other_name: Callable[[Path], str]
) -> None:
    path = tmp_path / "real" / "otl.sqlite3"
    path.parent.mkdir()
    path.touch()
    other = f"sqlite://{other_name(path)}"

    with holder(other), pytest.raises(AlreadyRunning), process_lock(f"sqlite:///{path}"):
        pytest.fail("two processes hold the lock")


@pytest.mark.parametrize("folder", ["here", "elsewhere"])
def test_a_database_with_a_second_name_is_refused_under_both(tmp_path: Path, folder: str) -> None:
    path = tmp_path / "here" / "otl.sqlite3"
    path.parent.mkdir()
    path.touch()
    other = tmp_path / folder / "other.sqlite3"
    other.parent.mkdir(exist_ok=True)
    other.hardlink_to(path)

    for name in (path, other):
        with (
            pytest.raises(UnusableFile, match="has a second name") as refusal,
            process_lock(f"sqlite:///{name}"),
        ):
            pytest.fail("a database with two names is taken")
        assert (str(other) in str(refusal.value)) == (folder == "here" or name == other)

    other.unlink()
    with process_lock(f"sqlite:///{path}"):
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
