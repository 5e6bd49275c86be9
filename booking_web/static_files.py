"""Stylesheet, script and icon, with a hash of their content in their names: cached for a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
CONTENT_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    name: str  # hashed: "site.1a2b3c4d5e6f.css"
    content: bytes
    content_type: str

    @property
    def address(self) -> str:
        """Where the site serves it."""
        return f"/static/{self.name}"


def load_static_files() -> Mapping[str, StaticFile]:
    """Read all files of the folder, by their names without the hash."""
    return {path.name: _load(path) for path in sorted(FOLDER.iterdir())}


def _load(path: Path) -> StaticFile:
    content = path.read_bytes()
    name = f"{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}"
    return StaticFile(name, content, CONTENT_TYPES[path.suffix])
