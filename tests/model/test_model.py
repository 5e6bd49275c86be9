"""Links, bookings and notifications against a model, whatever happens in whatever order.

`make test` looks for some seconds. The long form, here 500 runs of 50 steps in each world:

    OTL_MODEL=500x50 .venv/bin/python -m pytest tests/model -q --timeout 0

A failure prints the steps that lead to it; with OTL_MODEL_SHRINK=1 as few as hypothesis can find,
some minutes later.
"""

import asyncio
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import LinkMachine
from tests.model.over_http import OverHttp
from tests.model.use_cases import UseCases
from tests.model.world import World, size
from tests.postgresql import empty


@pytest.fixture
def new_sqlite_url(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Gives an empty database each time."""
    numbers = count()

    def new_url() -> str:
        path = tmp_path / f"{next(numbers)}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return new_url


def test_use_cases_on_sqlite_do_what_the_model_says(new_sqlite_url: Callable[[], str]) -> None:
    explore(lambda: UseCases(new_sqlite_url), examples=25, steps=30)


def test_use_cases_on_postgresql_do_what_the_model_says(postgresql_url: str) -> None:
    def new_url() -> str:
        asyncio.run(empty(postgresql_url))
        return postgresql_url

    explore(lambda: UseCases(new_url), examples=10, steps=20)


def test_the_site_and_the_bot_do_what_the_model_says(new_sqlite_url: Callable[[], str]) -> None:
    explore(lambda: OverHttp(new_sqlite_url), examples=5, steps=15)


def explore(new_world: Callable[[], World], *, examples: int, steps: int) -> None:
    """Do what the machine draws, in a world of its own each time."""

    class Machine(LinkMachine):
        def __init__(self) -> None:
            super().__init__(new_world)

    run_state_machine_as_test(Machine, settings=size(examples, steps))
