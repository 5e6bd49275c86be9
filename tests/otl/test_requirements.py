"""The pinned files: what runs is small, and the same for those who run and those who develop."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
NAME = re.compile(r"[\w.-]+")
TOOLS = {"hatchling", "pdm-backend", "setuptools", "wheel", "pip", "packaging", "pluggy", "pytest"}


def pinned(file: str) -> dict[str, str]:
    """The versions in a file, by name; every line that is no hash pins one."""
    lines = (ROOT / file).read_text().splitlines()
    pins = [line.split(" ")[0].split("==") for line in lines if not line.startswith(" ")]
    return dict(pins)


def names(requirements: list[str]) -> set[str]:
    return {match[0] for line in requirements if (match := NAME.match(line))}


def test_what_runs_is_installed_without_tools_for_building_and_testing() -> None:
    runs = pinned("requirements.txt")

    assert names(PROJECT["project"]["dependencies"]) <= set(runs)
    assert set(runs).isdisjoint(TOOLS | names(PROJECT["project"]["optional-dependencies"]["dev"]))


def test_developers_have_the_versions_that_run() -> None:
    runs, develops = pinned("requirements.txt"), pinned("requirements-dev.txt")

    assert runs.items() <= develops.items()


def test_the_tool_that_installs_the_project_is_the_pinned_one_and_needs_no_other() -> None:
    [tool] = PROJECT["build-system"]["requires"]

    assert dict([tool.split("==")]) == pinned("requirements-build.txt")


def test_the_pinned_files_name_no_host() -> None:
    for file in ROOT.glob("requirements*.txt"):
        assert "://" not in file.read_text()
