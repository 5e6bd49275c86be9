"""A verb is one file: it is read, run, hinted at and helped with from its declaration alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import commands
from bot.commands.help import help_lines
from bot.commands.registry import find_near_verb, parse_command, verbs
from bot.manifest import manifest
from tests.bot.conftest import Office, in_words
from tests.given import SAM

GREET = """
from bot.commands.verb import Verb
from bot.grammar.typed_text import Typed
from bot.messages.notes import note

async def greet(name, invocation, context):
    return note(f"Good morning, {name}")

VERB = Verb(
    name="greet", parse=Typed.text, run=greet, order=90, usage="greet NAME",
    help=(("greet Jane", "a word to Jane"),), other_words=("hello",),
)
"""


@pytest.fixture
def verb_of_our_own(tmp_path: Path) -> Iterator[None]:
    """A file beside the verbs' files."""
    (tmp_path / "greet.py").write_text(GREET)
    commands.__path__.append(str(tmp_path))
    verbs.cache_clear()
    yield
    commands.__path__.remove(str(tmp_path))
    verbs.cache_clear()


def test_every_verb_is_declared_under_the_name_of_its_file() -> None:
    folder = Path(commands.__path__[0])
    files = {path.stem for path in folder.glob("*.py") if "\nVERB = " in path.read_text()}

    assert {name or "next_steps" for name in verbs()} == files


@pytest.mark.usefixtures("verb_of_our_own")
async def test_a_further_file_is_a_further_verb(office: Office) -> None:
    said = await office.types(SAM, "/otl greet Jane")

    assert in_words(said) == "Good morning, Jane"
    assert parse_command("Greet Jane").value == "Jane"
    assert help_lines(calendar="demo", link="L-7K2QXA")[-1] == ("/otl greet Jane", "a word to Jane")
    assert "| greet NAME" in manifest()
    assert [find_near_verb(word) for word in ("greeet", "hello")] == ["greet", "greet"]


def test_no_word_means_two_verbs() -> None:
    words = [word for verb in verbs().values() for word in (verb.name, *verb.other_words)]

    assert len(words) == len(set(words))
