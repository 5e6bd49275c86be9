"""A line an event, JSON, no secrets: whatever text comes from outside."""

import json
import logging
from typing import Any

import pytest

from otl.logs import JsonLines

TOKEN = "abcdefghijkmnpqrstuvwxyz23456789"


def line_of(message: str, *args: object, error: Exception | None = None) -> str:
    trace = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("otl.test", logging.WARNING, __file__, 1, message, args, trace)
    return JsonLines().format(record)


def entry_of(message: str, *args: object) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(line_of(message, *args))
    return entry


def test_an_entry_tells_when_how_grave_where_from_and_what() -> None:
    entry = entry_of("served %s times", 3)

    assert entry["level"] == "warning"
    assert entry["from"] == "otl.test"
    assert entry["message"] == "served 3 times"
    assert entry["at"][:2] == "20"
    assert entry["at"][-5] in "+-"
    assert "trace" not in entry


@pytest.mark.parametrize(
    "break_",
    ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"],
    ids=lambda text: ascii(text).strip("'"),
)
def test_no_text_from_outside_begins_a_line_of_its_own(break_: str) -> None:
    forged = f'Jane{break_}{{"level": "info", "message": "all is well"}}'

    line = line_of("booked by %s", forged)

    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == f"booked by {forged}"


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x9b", "\u202e", "\ud800", "é"], ids=ascii)
def test_no_character_moves_a_terminals_cursor_or_breaks_its_encoding(character: str) -> None:
    line = line_of("name %s", character)

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"name {character}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(f"GET /otl/{TOKEN} 200", "GET /otl/[secret] 200", id="a link"),
        pytest.param(
            f"/booking/{TOKEN}/invitation.ics", "/booking/[secret]/invitation.ics", id="b"
        ),
        pytest.param(f"no row for {TOKEN!r}", "no row for '[secret]'", id="a token alone"),
        pytest.param(f"line\n{TOKEN}\nline", "line\n[secret]\nline", id="a token on its own line"),
        pytest.param("token xoxb-12-Ab_c!", "token [secret]!", id="bot token"),
        pytest.param("xoxe.xoxp-1-x and xapp-1-A0-f00", "xoxe.[secret] and [secret]", id="others"),
        pytest.param(
            "POST https://hooks.slack.com/commands/T0/12/abC failed",
            "POST https://hooks.slack.com/[secret] failed",
            id="a response URL",
        ),
        pytest.param(
            "wss://wss.slack.com/link/?ticket=ab-12.%20c&app_id=9 refused",
            "wss://wss.slack.com/link/?ticket=[secret]&app_id=9 refused",
            id="a socket's ticket",
        ),
        pytest.param(
            "cannot reach postgresql://otl:p4ss:w@db.example.com/otl",
            "cannot reach postgresql://[secret]@db.example.com/otl",
            id="a database's password",
        ),
    ],
)
def test_secrets_are_left_out_wherever_they_turn_up(text: str, kept: str) -> None:
    assert entry_of("%s", text)["message"] == kept


@pytest.mark.parametrize(
    "text",
    [
        "link L-7K2QXA was used",
        "delivery 8d7f2f4e-54e1-4e4b-9a6b-1f2f3b1c9a10 of kind slack.link_used failed",
        "GET /otl/{token} 200 1.2 ms",
        "serving at http://127.0.0.1:8080",
        "test_a_contact_who_comes_second_sees",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert entry_of("%s", text)["message"] == text


def test_an_errors_trace_is_kept_and_scrubbed_too() -> None:
    with pytest.raises(LookupError) as raised:
        raise LookupError(f"nothing at /otl/{TOKEN}")

    line = line_of("a page failed", error=raised.value)

    trace = json.loads(line)["trace"]
    assert "LookupError: nothing at /otl/[secret]" in trace
    assert "test_logs.py" in trace
    assert len(line.splitlines()) == 1
