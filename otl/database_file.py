"""The embedded database's file: it has one name, and is for its owner's eyes only."""

import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""SQLite's own files beside it have its name with one of these."""
OTHERS: Final = 0o077


class UnusableFile(Exception):
    """What stands in the database's place is none of ours; the message is for the operator."""


def check_file(path: Path) -> None:
    """Refuse what cannot be a database that is OTL's alone. A file that is not there yet is fine.

    Raises:
        UnusableFile: it is no file, or has a second name (a hard link). SQLite keeps a WAL beside
            each name: what is in one of them is not seen under the other, and gets lost.
    """
    if not path.exists():
        return
    if not path.is_file():
        raise UnusableFile(f"{path} is no file. OTL_DATABASE_URL needs one, which OTL makes.")
    if path.stat().st_nlink == 1:
        return
    names = [other for other in _files_beside(path) if other.samefile(path)]
    also = f", {', '.join(map(str, names))}" if names else ", outside its folder"
    raise UnusableFile(
        f"The database {path} has a second name (a hard link){also}. Under two names SQLite "
        "loses what was stored. Stop every OTL on it, and remove the name that is not needed."
    )


def make_folder(path: Path) -> None:
    """Make the folder of a file, for its owner's eyes only; one that exists stays as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def keep_private(path: Path) -> None:
    """Take the database and all that is OTL's beside it out of others' sight."""
    for file in exposed(path):
        try:
            file.chmod(file.stat().st_mode & ~OTHERS)
        except FileNotFoundError:  # a WAL that was cleared away meanwhile
            pass
        except PermissionError:
            log.warning("%s can be read by others, and is not ours to change", file)


def exposed(path: Path) -> list[Path]:
    """Return those files of the database that others may open, the key file among them."""
    own = [path.with_name(path.name + suffix) for suffix in ("", *COMPANIONS)]
    files = []
    for file in (*own, path.with_suffix(".key"), path.with_suffix(".lock")):
        with suppress(FileNotFoundError):
            if file.stat().st_mode & OTHERS:
                files.append(file)
    return files


def _files_beside(path: Path) -> list[Path]:
    with os.scandir(path.parent) as entries:
        return sorted(
            Path(entry) for entry in entries if entry.is_file() and entry.name != path.name
        )
