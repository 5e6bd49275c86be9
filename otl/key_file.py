"""The key file beside an embedded database: made at the first start, for its owner's eyes only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from otl.database_file import make_folder
from scheduling.secrets.keyring import Keyring


def read_key_file(path: Path) -> Keyring | None:
    """Read the keys; None where there is no file. Without them all links and bookings are closed.

    Raises:
        ValueError: the file holds no key; what it does hold is never in the message.
    """
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise ValueError("it is not plain text") from None
    return Keyring.parse(text.strip())


def make_key_file(path: Path, key_id: str) -> None:
    """Make a key with this id; a file that is there already stays as it is."""
    make_folder(path)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{key_id}:{secrets.token_hex(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            # Of two processes that start at once, one makes the key and both read it whole.
            os.link(draft, path)
    finally:
        Path(draft).unlink()
    _keep(path.parent)


def _keep(folder: Path) -> None:
    """Have the folder's entries on the disk before the first link is made with the key."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
