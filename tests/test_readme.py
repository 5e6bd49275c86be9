"""README leads only to what there is."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
NAMED: Final = re.compile(
    r"`((?:benchmarks|booking_web|bot|docs|otl|scheduling|tests)/[\w./-]*)`|\]\(([\w./-]+)\)"
    r"|\b(tests/[\w./-]*\w)"
)


def test_every_path_that_readme_names_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    named = {"".join(match.groups("")) for match in NAMED.finditer(readme)}

    assert len(named) > 30
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
