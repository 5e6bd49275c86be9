"""The checker refuses what Slack refuses, and nothing at the limit itself."""

from typing import Any

import pytest

from otl.practice import check_blocks, check_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**parts: Any) -> Json:
    return {"type": "section", **parts}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**parts: Any) -> Json:
    return {"type": "button", "text": plain("Press"), **parts}


def menu(count: int, *, kind: str = "static_select", text: str = "t", value: str = "v") -> Json:
    options = [{"text": plain(text), "value": f"{value}{n}"[-150:]} for n in range(count)]
    return {"type": kind, "options": options}


def confirm(**parts: Any) -> Json:
    words = {
        "title": plain("Sure"),
        "text": plain("Gone"),
        "confirm": plain("Do"),
        "deny": plain("No"),
    }
    return button(confirm={**words, **parts})


def modal(**parts: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [], **parts}


ASK = {
    "type": "input",
    "label": plain("Name"),
    "element": {"type": "plain_text_input", "action_id": "name"},
}
DIVIDER = {"type": "divider"}


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([DIVIDER] * 50, id="50 blocks"),
        pytest.param([section(text=mrkdwn("a" * 3000))], id="section of 3000"),
        pytest.param([section(fields=[mrkdwn("a" * 2000)] * 10)], id="10 fields of 2000"),
        pytest.param([{"type": "header", "text": plain("a" * 150)}], id="header of 150"),
        pytest.param([actions(button(text=plain("a" * 75)))], id="button text of 75"),
        pytest.param([actions(button(value="a" * 2000))], id="button value of 2000"),
        pytest.param([actions(button(action_id="a" * 255))], id="action_id of 255"),
        pytest.param([actions(*[button()] * 25)], id="25 elements"),
        pytest.param([{"type": "context", "elements": [plain("a")] * 10}], id="10 in context"),
        pytest.param([actions(menu(100, text="a" * 75, value="a" * 150))], id="100 options"),
        pytest.param([section(text=plain("a"), accessory=menu(5, kind="overflow"))], id="overflow"),
        pytest.param([actions(confirm(text=plain("a" * 300)))], id="confirm text of 300"),
        pytest.param([ASK], id="input in a message"),
        pytest.param(
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_preformatted",
                            "elements": [{"type": "text", "text": "https://x.example"}],
                        }
                    ],
                }
            ],
            id="preformatted",
        ),
    ],
)
def test_what_slack_takes_passes(blocks: list[Json]) -> None:
    assert check_blocks(blocks, "message") == []


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        pytest.param([DIVIDER] * 51, "/blocks", id="51 blocks"),
        pytest.param([section(text=mrkdwn("a" * 3001))], "/blocks/0/text/text", id="3001"),
        pytest.param([section(text=mrkdwn(""))], "/blocks/0/text/text", id="empty text"),
        pytest.param([section()], "/blocks/0", id="empty section"),
        pytest.param([section(text="a")], "/blocks/0/text", id="text is no object"),
        pytest.param(
            [section(text={"type": "html", "text": "a"})], "/blocks/0/text/type", id="html"
        ),
        pytest.param(
            [section(text={**mrkdwn("a"), "emoji": True})], "/blocks/0/text", id="emoji in mrkdwn"
        ),
        pytest.param([section(fields=[mrkdwn("a")] * 11)], "/blocks/0/fields", id="11 fields"),
        pytest.param(
            [section(fields=[mrkdwn("a" * 2001)])], "/blocks/0/fields/0/text", id="field of 2001"
        ),
        pytest.param(
            [{"type": "header", "text": plain("a" * 151)}], "/blocks/0/text/text", id="151"
        ),
        pytest.param([{"type": "header", "text": mrkdwn("a")}], "/blocks/0/text/type", id="mrkdwn"),
        pytest.param([actions()], "/blocks/0/elements", id="no elements"),
        pytest.param([actions(*[button()] * 26)], "/blocks/0/elements", id="26 elements"),
        pytest.param(
            [actions(button(text=plain("a" * 76)))], "/blocks/0/elements/0/text/text", id="76"
        ),
        pytest.param(
            [actions(button(value="a" * 2001))], "/blocks/0/elements/0/value", id="value of 2001"
        ),
        pytest.param(
            [actions(button(action_id="a" * 256))], "/blocks/0/elements/0/action_id", id="256"
        ),
        pytest.param(
            [actions(button(style="default"))], "/blocks/0/elements/0/style", id="odd style"
        ),
        pytest.param(
            [{**DIVIDER, "block_id": "a" * 256}], "/blocks/0/block_id", id="block_id of 256"
        ),
        pytest.param([{**DIVIDER, "block_id": "a"}] * 2, "/blocks", id="block_id twice"),
        pytest.param(
            [actions(button(action_id="a"), button(action_id="a"))],
            "/blocks/0/elements",
            id="action_id twice",
        ),
        pytest.param([actions(menu(101))], "/blocks/0/elements/0/options", id="101 options"),
        pytest.param([actions(menu(0))], "/blocks/0/elements/0/options", id="no options"),
        pytest.param(
            [actions(menu(1, text="a" * 76))], "/blocks/0/elements/0/options/0/text/text", id="o76"
        ),
        pytest.param(
            [
                actions(
                    {"type": "static_select", "options": [{"text": plain("a"), "value": "b" * 151}]}
                )
            ],
            "/blocks/0/elements/0/options/0/value",
            id="option value of 151",
        ),
        pytest.param(
            [actions(menu(6, kind="overflow"))], "/blocks/0/elements/0/options", id="overflow of 6"
        ),
        pytest.param(
            [actions(confirm(title=plain("a" * 101)))],
            "/blocks/0/elements/0/confirm/title/text",
            id="confirm title of 101",
        ),
        pytest.param(
            [actions(confirm(text=plain("a" * 301)))],
            "/blocks/0/elements/0/confirm/text/text",
            id="confirm text of 301",
        ),
        pytest.param(
            [actions(confirm(deny=plain("a" * 31)))],
            "/blocks/0/elements/0/confirm/deny/text",
            id="confirm button of 31",
        ),
        pytest.param([{"type": "context", "elements": [plain("a")] * 11}], "/blocks/0", id="11"),
        pytest.param([{"type": "image", "image_url": "https://x"}], "/blocks/0/alt_text", id="alt"),
        pytest.param([{"type": "marquee"}], "/blocks/0/type", id="unknown block"),
        pytest.param([{"type": "alert", "text": plain("a")}], "/blocks/0/type", id="alert"),
        pytest.param(
            [actions({"type": "plain_text_input"})], "/blocks/0/elements/0/type", id="misplaced"
        ),
        pytest.param("divider", "/blocks", id="no list"),
        pytest.param(["divider"], "/blocks/0", id="no object"),
    ],
)
def test_what_slack_refuses_is_refused_with_its_place(blocks: Any, pointer: str) -> None:
    problems = check_blocks(blocks, "message")

    assert any(f"[json-pointer:{pointer}" in problem for problem in problems), problems


def test_a_modal_may_hold_a_hundred_blocks_and_not_one_more() -> None:
    assert check_view(modal(blocks=[DIVIDER] * 100)) == []
    assert check_view(modal(blocks=[DIVIDER] * 101)) != []


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        pytest.param({"type": "modal", "blocks": []}, "/view", id="no title"),
        pytest.param(modal(title=plain("a" * 25)), "/view/title/text", id="title of 25"),
        pytest.param(modal(submit=plain("a" * 25)), "/view/submit/text", id="submit of 25"),
        pytest.param(modal(close=plain("a" * 25)), "/view/close/text", id="close of 25"),
        pytest.param(modal(blocks=[ASK]), "/view", id="input without submit"),
        pytest.param(modal(private_metadata="a" * 3001), "/view/private_metadata", id="metadata"),
        pytest.param(modal(callback_id="a" * 256), "/view/callback_id", id="callback_id of 256"),
        pytest.param(modal(colour="red"), "/view", id="unknown field"),
        pytest.param({"type": "sheet", "blocks": []}, "/view/type", id="unknown type"),
        pytest.param(
            modal(blocks=[{"type": "markdown", "text": "a"}]), "/view/blocks/0/type", id="surface"
        ),
    ],
)
def test_a_view_that_slack_refuses_is_refused(view: Json, pointer: str) -> None:
    assert any(f"[json-pointer:{pointer}]" in problem for problem in check_view(view))


def test_a_chart_needs_every_category_in_every_series() -> None:
    series = {"name": "Used", "data": [{"label": "Mon", "value": 1}]}
    chart = {"type": "bar", "series": [series], "axis_config": {"categories": ["Mon", "Tue"]}}
    block = {"type": "data_visualization", "title": "Links", "chart": chart}

    problems = check_blocks([block], "message")

    assert problems == [
        "every category needs one value [json-pointer:/blocks/0/chart/series/0/data]"
    ]


CELL = {"type": "raw_text", "text": "Joe"}
COUNT = {"type": "raw_number", "value": 3, "text": "3"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({}, None, id="as it should be"),
        pytest.param({"caption": ""}, "/caption", id="no caption"),
        pytest.param({"page_size": 0}, "/page_size", id="empty pages"),
        pytest.param({"rows": [[CELL]]}, "no less than 2 items", id="a header alone"),
        pytest.param({"rows": [[CELL]] * 102}, "no more than 101 items", id="too many rows"),
        pytest.param({"rows": [[CELL], [CELL, COUNT]]}, "as many cells", id="uneven rows"),
        pytest.param(
            {"rows": [[{"type": "rich_text"}], [CELL]]}, "unsupported type", id="a rich header"
        ),
        pytest.param(
            {"rows": [[CELL], [{"type": "raw_number", "text": "3"}]]},
            "must be a number",
            id="a number without its value",
        ),
        pytest.param(
            {"rows": [[CELL], *[[{"type": "raw_text", "text": "x" * 2001}]] * 5]},
            "no more than 10000 characters",
            id="too many characters",
        ),
    ],
)
def test_a_data_table_has_a_caption_and_even_rows(change: Json, problem: str | None) -> None:
    table = {"type": "data_table", "caption": "Links", "rows": [[CELL, CELL], [CELL, COUNT]]}

    found = check_blocks([table | change], "message")

    assert (problem is None and found == []) or (problem is not None and problem in str(found))
