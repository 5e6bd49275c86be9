"""The key file: made once, whole, for its owner alone."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from otl.key_file import make_key_file, read_key_file
from otl.settings import Settings, SettingsError
from scheduling.secrets.keyring import Purpose

MAKE_WHEN_TOLD = """
import sys
from pathlib import Path
from otl.key_file import make_key_file, read_key_file
print("ready", flush=True)
sys.stdin.readline()
make_key_file(Path(sys.argv[1]), "1")
read_key_file(Path(sys.argv[1]))
"""


def fingerprint(path: Path) -> bytes:
    """What the key makes of one nonce: the same only with the same key."""
    keyring = read_key_file(path)
    assert keyring is not None
    return keyring.new_secret(Purpose.LINK, bytes(16)).lookup


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "otl.key"

    make_key_file(path, "1")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) == len("1:") + 64
    assert list(path.parent.iterdir()) == [path]


def test_every_later_start_reads_the_same_key(tmp_path: Path) -> None:
    path, another = tmp_path / "otl.key", tmp_path / "another.key"
    make_key_file(path, "1")
    make_key_file(another, "1")

    first, second = fingerprint(path), fingerprint(path)

    assert first == second
    assert fingerprint(another) != first


def test_processes_that_start_at_once_make_one_key_and_read_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "otl.key"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE_WHEN_TOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in processes]

    assert [process.returncode for process in processes] == [0] * 4, said
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_another_process_made_in_between_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "otl.key"
    make_key_file(path, "1")
    before = fingerprint(path)

    make_key_file(path, "1")  # the loser of the race

    assert fingerprint(path) == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"1:half-of-a-secret\n", id="cut"),
        pytest.param(b"\xff\xfe secret", id="no text"),
    ],
)
def test_a_spoiled_key_file_is_named_but_not_shown_and_never_replaced(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "otl.key").write_bytes(content)
    settings = Settings.from_environment({"OTL_DATABASE_URL": f"sqlite:///{tmp_path}/otl.sqlite3"})

    with pytest.raises(SettingsError) as refused:
        settings.keyring()

    assert f"The key file {tmp_path}/otl.key cannot be used" in str(refused.value)
    assert "backup" in str(refused.value)
    assert "secret" not in f"{refused.value!r} {refused.value.__cause__!r}"
    assert (tmp_path / "otl.key").read_bytes() == content


def test_a_key_in_the_settings_makes_no_file(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {"OTL_DATABASE_URL": f"sqlite:///{tmp_path}/otl.sqlite3", "OTL_SECRET_KEY": "k" * 32}
    )

    settings.keyring()

    assert list(tmp_path.iterdir()) == []
