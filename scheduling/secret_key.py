"""The key file beside an embedded database: made at the first start, for its owner's eyes only."""

import os
import secrets
from pathlib import Path
from typing import Final

from scheduling.link_token import Keyring

OWNER_ONLY: Final = 0o600


def keyring_from_file(path: Path) -> Keyring:
    """Read the key, or make it where there is none. Without it all links and bookings are closed.

    Raises:
        ValueError: the file holds no key.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start at once, one makes the key and both read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"1:{secrets.token_hex(32)}\n")
    return Keyring.parse(path.read_text(encoding="ascii").strip())
