"""Slack's limits on blocks, by surface. Pure."""

from collections.abc import Callable
from typing import Any, Final

from otl.practice.limits.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from otl.practice.limits.report import BLOCKS_OF_A_SURFACE, Report, Surface
from otl.practice.limits.rich import (
    check_chart,
    check_data_table,
    check_markdown,
    check_rich_text,
    check_table,
)
from otl.practice.limits.text import check_text


def check_blocks(blocks: Any, surface: str, *, pointer: str = "/blocks") -> list[str]:
    """Return what Slack would refuse in these blocks, [] if nothing.

    Args:
        blocks: as JSON, not as slack_sdk's models.
        surface: "message", "modal" or "home".
        pointer: where the blocks stand in what is sent.
    """
    report = Report(Surface(surface))
    found = report.items(pointer, blocks, BLOCKS_OF_A_SURFACE[report.surface], fewest=0)
    for number, block in enumerate(found):
        _check_block(report, f"{pointer}/{number}", block)
    ids = [block.get("block_id") for block in found if isinstance(block, dict)]
    report.unique(pointer, ids, "block_id")
    return report.problems


def _check_block(report: Report, pointer: str, block: Any) -> None:
    if not isinstance(block, dict):
        report.add(pointer, "must provide an object")
        return
    kind = str(block.get("type"))
    if kind not in _CHECKS or report.surface not in _SURFACES.get(kind, frozenset(Surface)):
        report.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if "block_id" in block:
        report.length(f"{pointer}/block_id", block["block_id"], 255)
    _CHECKS[kind](report, pointer, block)


def _check_section(report: Report, pointer: str, block: dict[str, Any]) -> None:
    if "text" not in block and "fields" not in block:
        report.add(pointer, "must define either `fields` or `text`")
    if "text" in block:
        check_text(report, f"{pointer}/text", block["text"], 3000)
    if "fields" in block:
        for number, field in enumerate(report.items(f"{pointer}/fields", block["fields"], 10)):
            check_text(report, f"{pointer}/fields/{number}", field, 2000)
    if "accessory" in block:
        check_element(report, f"{pointer}/accessory", block["accessory"], IN_SECTION)


def _check_actions(report: Report, pointer: str, block: dict[str, Any]) -> None:
    elements = report.items(f"{pointer}/elements", block.get("elements"), 25)
    for number, element in enumerate(elements):
        check_element(report, f"{pointer}/elements/{number}", element, IN_ACTIONS)
    ids = [element.get("action_id") for element in elements if isinstance(element, dict)]
    report.unique(f"{pointer}/elements", ids, "action_id")


def _check_context(report: Report, pointer: str, block: dict[str, Any]) -> None:
    elements = report.items(f"{pointer}/elements", block.get("elements"), 10)
    for number, element in enumerate(elements):
        here = f"{pointer}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(report, here, element)
        else:
            check_text(report, here, element, 2000)


def _check_header(report: Report, pointer: str, block: dict[str, Any]) -> None:
    check_text(report, f"{pointer}/text", block.get("text"), 150, plain=True)


def _check_image_block(report: Report, pointer: str, block: dict[str, Any]) -> None:
    check_image(report, pointer, block)
    if "title" in block:
        check_text(report, f"{pointer}/title", block["title"], 2000, plain=True)


def _check_input(report: Report, pointer: str, block: dict[str, Any]) -> None:
    check_text(report, f"{pointer}/label", block.get("label"), 2000, plain=True)
    check_element(report, f"{pointer}/element", block.get("element"), IN_INPUT)
    if "hint" in block:
        check_text(report, f"{pointer}/hint", block["hint"], 2000, plain=True)


def _check_alert(report: Report, pointer: str, block: dict[str, Any]) -> None:
    check_text(report, f"{pointer}/text", block.get("text"), 3000)


def _check_nothing(_report: Report, _pointer: str, _block: dict[str, Any]) -> None:
    """A divider has nothing to check."""


_CHECKS: Final[dict[str, Callable[[Report, str, dict[str, Any]], None]]] = {
    "section": _check_section,
    "actions": _check_actions,
    "context": _check_context,
    "header": _check_header,
    "divider": _check_nothing,
    "image": _check_image_block,
    "input": _check_input,
    "alert": _check_alert,
    "rich_text": check_rich_text,
    "markdown": check_markdown,
    "table": check_table,
    "data_table": check_data_table,
    "data_visualization": check_chart,
}
_SURFACES: Final[dict[str, frozenset[Surface]]] = {
    "markdown": frozenset({Surface.MESSAGE}),
    "table": frozenset({Surface.MESSAGE}),
    "data_table": frozenset({Surface.MESSAGE}),
    "data_visualization": frozenset({Surface.MESSAGE, Surface.HOME}),
    "alert": frozenset({Surface.MODAL}),
}
