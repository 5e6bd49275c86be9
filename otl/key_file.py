"""The key file beside an embedded database: made at the first start, for its owner's eyes only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from otl.database_file import make_folder
from scheduling.secrets.keyring import Keyring


def keyring_from_file(path: Path) -> Keyring:
    """Read the key, or make it where there is none. Without it all links and bookings are closed.

    Raises:
        ValueError: the file holds no key; what it does hold is never in the message.
    """
    if not path.exists():
        _make_key(path)
    try:
        text = path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        raise ValueError("it is not plain text") from None
    return Keyring.parse(text.strip())


def _make_key(path: Path) -> None:
    make_folder(path)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"1:{secrets.token_hex(32)}\n")
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
