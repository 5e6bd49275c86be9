"""What a contact reads goes through gettext: no template holds a bare word."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from jinja2 import nodes

from booking_web.rendering import FOLDER, make_environment

ENVIRONMENT = make_environment()
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*"))

READ_BY_PEOPLE = ("aria-label", "title", "placeholder", "alt", "label", "data-plain")
GETTEXT = frozenset({"gettext", "ngettext", "_"})

A_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
A_TAG = re.compile(r"<[^<>]*>")
AN_ENTITY = re.compile(r"&[a-z]+;")
ATTRIBUTES = re.compile(r'(\s*(data|aria)-[a-z-]+(="[^"]*")?)+\s*')
A_WORD = re.compile(r"[^\W\d_]{2,}")
A_SENTENCE = re.compile(r"^[A-Z][a-z]+|[a-z] [a-z]")


def parsed(template: str) -> nodes.Template:
    return ENVIRONMENT.parse((FOLDER / template).read_text())


def markup_of(template: str) -> str:
    """Return what the template writes itself, all else left out."""
    return "".join(data.data for data in parsed(template).find_all(nodes.TemplateData))


def strings_of(node: nodes.Node) -> Iterator[str]:
    """Yield the texts in a template's expressions, but those of gettext and of comparisons."""
    if isinstance(node, nodes.Compare):
        return
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in GETTEXT:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from strings_of(child)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_word_of_a_template_goes_through_gettext(template: str) -> None:
    words = A_TAG.sub("\n", AN_ENTITY.sub("", A_STYLE.sub("", markup_of(template))))

    bare = [line.strip() for line in words.splitlines() if A_WORD.search(line)]

    assert [one for one in bare if not ATTRIBUTES.fullmatch(one)] == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_attribute_that_people_read_holds_a_bare_word(template: str) -> None:
    written = markup_of(template)

    for name in READ_BY_PEOPLE:
        assert A_WORD.findall("".join(re.findall(rf'\s{name}="([^"]*)"', written))) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_expression_of_a_template_holds_a_bare_sentence(template: str) -> None:
    assert [text for text in strings_of(parsed(template)) if A_SENTENCE.search(text)] == []


def test_the_script_has_its_words_from_the_page() -> None:
    script = Path(FOLDER.parent, "static", "site.js").read_text()
    code = re.sub(r"^\s*//.*$", "", script, flags=re.MULTILINE)

    assert [text for text in re.findall(r'"([^"]*)"', code) if A_SENTENCE.search(text)] == [
        "use strict"
    ]


def test_translators_get_every_sentence_with_named_placeholders() -> None:
    methods, options = parse_mapping_cfg(StringIO((FOLDER.parent / "babel.cfg").read_text()))

    messages = {
        message
        for _, _, message, _, _ in extract_from_dir(str(FOLDER.parent), methods, options)
        if isinstance(message, str)
    }

    used = {text for name in TEMPLATES for text in asked_of(parsed(name))}
    assert messages >= used >= {"Book this time", "Times in <b>%(zone)s</b>", "Write your name."}
    placeholders = [re.sub(r"%\([a-z_]+\)s|%%", "", message) for message in messages]
    assert [text for text in placeholders if "%" in text or "{" in text] == []
    assert not messages - used


def asked_of(template: nodes.Template) -> Iterator[str]:
    """Yield what a template asks gettext for."""
    for call in template.find_all(nodes.Call):
        if getattr(call.node, "name", "") in GETTEXT:
            (message, *_) = call.args
            assert isinstance(message, nodes.Const)
            yield message.value
