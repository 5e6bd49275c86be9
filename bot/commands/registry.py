"""Finds the verbs in the files beside this one, and reads lines with them."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from rapidfuzz import fuzz, process

from bot import commands
from bot.commands.verb import Command, Verb
from bot.errors import TooLong, UnknownVerb
from bot.grammar.typed_text import TEXT_LIMIT, read_typed

NEAR_ENOUGH: Final = 60  # of 100; "isue" and "stauts" are, "onboarding" is not


@cache
def verbs() -> Mapping[str, Verb[Any]]:
    """Return every verb by its name, in the order of the help."""
    modules = [
        import_module(f"{commands.__name__}.{one.name}") for one in iter_modules(commands.__path__)
    ]
    found: list[Verb[Any]] = [module.VERB for module in modules if hasattr(module, "VERB")]
    return {verb.name: verb for verb in sorted(found, key=lambda verb: verb.order)}


def parse_command(text: str) -> Command[Any]:
    """Read what stands after /otl.

    Raises:
        Misunderstanding: it cannot be read; which one says why.
    """
    if len(text) > TEXT_LIMIT:
        raise TooLong(TEXT_LIMIT)
    word, rest = read_typed(text).first_word()
    verb = verbs().get(word.lower())
    if verb is None:
        raise UnknownVerb(word, find_near_verb(word))
    return Command(verb, verb.parse(rest))


def find_near_verb(word: str) -> str | None:
    """Return the name of the verb that was probably meant."""
    lowered = word.lower()
    for verb in verbs().values():
        if lowered in verb.other_words:
            return verb.name
    names = [name for name in verbs() if name]
    found = process.extractOne(lowered, names, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return None if found is None else found[0]
