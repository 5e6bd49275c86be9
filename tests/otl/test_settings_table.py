"""README's table of settings is what the program reads, and says the defaults that hold."""

import ast
import re
from pathlib import Path

import otl.settings
from otl.settings import Settings

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"(?:OTL|SLACK)_[A-Z_]+")


def table() -> dict[str, str | None]:
    """Return each setting of README's table with its default; None: in words, or there is none."""
    section = (ROOT / "README.md").read_text().split("\n## Settings\n")[1].split("\n## ")[0]
    found: dict[str, str | None] = {}
    for line in section.splitlines():
        if not line.startswith("| `"):
            continue
        names, default, _ = re.split(r"(?<!\\)\|", line.strip("|"), maxsplit=2)
        settings = re.findall(r"`([^`]+)`", names)
        values = re.findall(r"`([^`]+)`", default)
        is_value = re.fullmatch(r"`[^`]+`(, `[^`]+`)*", default.strip()) is not None
        found |= zip(settings, values if is_value else [None] * len(settings), strict=True)
    return found


def read_by_the_program() -> set[str]:
    source = Path(otl.settings.__file__).read_text()
    constants = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {one.value for one in constants if NAME.fullmatch(str(one.value))}


def test_the_table_names_every_setting_and_no_other() -> None:
    assert set(table()) == read_by_the_program()


def test_the_defaults_of_the_table_hold() -> None:
    defaults = {name: value for name, value in table().items() if value is not None}

    assert {"OTL_DATABASE_URL", "OTL_PORT"} <= set(defaults)
    assert Settings.from_environment(defaults) == Settings.from_environment({})


def test_the_template_names_settings_only() -> None:
    named = set(NAME.findall((ROOT / ".env.example").read_text()))

    assert named <= set(table())
