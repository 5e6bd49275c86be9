"""More than 2,000 hostile texts in every field: what is made of them is parsed again by others.

Pages by html5lib, Slack's JSON by the stand-in's strict checker, files by icalendar. This is the
pure part, for all texts; `test_hostile_requests.py` sends some hundred of them over HTTP.
"""

import json
import logging
from collections.abc import Iterator

import pytest

from booking_web.link_page.form import Incomplete, read_start
from otl.logs import JsonLines
from tests.booking_web.reading import parse
from tests.journeys.forms_of_texts import (
    GENUINE,
    TEXTS,
    answers_in,
    as_received,
    checked,
    given_back,
    harmless_skeleton,
    posted,
    skeleton,
)
from tests.journeys.hostile_texts import LONG, hostile_texts
from tests.journeys.test_hostile_bookings import LINE_END


def test_there_are_more_than_2000_texts() -> None:
    assert len(TEXTS) == len(set(TEXTS)) >= 2000
    assert sum(len(text) == LONG for text in TEXTS) >= 5


def pages_of_texts() -> Iterator[dict[str, str]]:
    """Yield the fields of each page: over all of them, each field holds each text.

    The fields of one page hold different texts; only the long ones stand in all at once.
    """
    short = hostile_texts(longest=LONG // 10)
    for number, _ in enumerate(short):
        places = enumerate(GENUINE)
        yield {name: short[(number + 311 * place) % len(short)] for place, name in places}
    yield from (dict.fromkeys(GENUINE, text) for text in TEXTS if text not in short)


def test_every_text_in_every_field_comes_back_as_text() -> None:
    for texts in pages_of_texts():
        fields = posted(**texts)
        wrong = checked(fields)
        assert isinstance(wrong, Incomplete), texts

        root = parse(given_back(fields, wrong))

        expected = harmless_skeleton(
            tuple(wrong.problems.items()),
            genuine=wrong.genuine,
            has_start=read_start(fields.start) is not None,
        )
        assert skeleton(root) == expected, texts
        assert not wrong.genuine
        for name, answer in answers_in(root).items():
            assert answer == as_received(texts[name], lines=name == "notes"), texts


@pytest.mark.parametrize("field", GENUINE)
def test_every_text_alone_in_a_field_is_taken_or_marked_and_never_breaks_the_reader(
    field: str,
) -> None:
    for text in TEXTS:
        outcome = checked(posted(**{field: text}))

        if isinstance(outcome, Incomplete):
            assert outcome.problems or not outcome.genuine
            continue
        booker = outcome.booker
        for kept in (booker.name, booker.email, booker.zone):
            assert kept
            assert not LINE_END.search(kept), text
        assert (len(booker.name), len(booker.notes)) <= (200, 2000)


def test_every_text_is_one_line_in_the_log() -> None:
    lines = JsonLines()
    for text in TEXTS:
        record = logging.LogRecord("site", logging.INFO, "", 0, "typed: %s", (text,), None)

        line = lines.format(record)

        assert line.isascii()
        assert line.isprintable()
        assert json.loads(line).keys() == {"at", "level", "from", "message"}


def test_a_text_in_an_error_is_one_line_in_the_log_too() -> None:
    for text in TEXTS[::10]:
        error = ValueError(text)
        info = (ValueError, error, error.__traceback__)
        record = logging.LogRecord("site", logging.ERROR, "", 0, "failed", None, info)

        line = JsonLines().format(record)

        assert line.isascii()
        assert line.isprintable()
        assert json.loads(line)["message"] == "failed"
