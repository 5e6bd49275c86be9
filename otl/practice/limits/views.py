"""Slack's limits on views: modals and the App Home. Pure."""

import json
from typing import Any, Final

from otl.practice.limits.blocks import check_blocks
from otl.practice.limits.report import Report, Surface
from otl.practice.limits.text import check_text

LARGEST_VIEW: Final = 250_000
_KEYS: Final = {
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
}


def check_view(view: Any) -> list[str]:
    """Return what Slack would refuse in this view, [] if nothing."""
    report = Report(Surface.MODAL)
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        report.add("/view/type", "must be one of ['home', 'modal']")
        return report.problems
    for key in view.keys() - _KEYS:
        report.add("/view", f"invalid additional property: {key}")
    if "blocks" not in view:
        report.add("/view", "missing required field: blocks")
    report.optional_length("/view", view, "private_metadata", 3000)
    report.optional_length("/view", view, "callback_id", 255)
    report.optional_length("/view", view, "external_id", 255)
    if view["type"] == "modal":
        _check_modal(report, view)
    surface = Surface.MODAL if view["type"] == "modal" else Surface.HOME
    return [
        *report.problems,
        *check_blocks(view.get("blocks", []), surface, pointer="/view/blocks"),
    ]


def is_too_large(view: Any) -> bool:
    """Say whether Slack would answer view_too_large."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_VIEW


def _check_modal(report: Report, view: dict[str, Any]) -> None:
    if "title" not in view:
        report.add("/view", "missing required field: title")
    for key in ("title", "submit", "close"):
        if view.get(key) is not None:
            check_text(report, f"/view/{key}", view[key], 24, plain=True)
    blocks = view.get("blocks")
    asks = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if asks and view.get("submit") is None:
        report.add("/view", "`submit` is required when an input block is within the blocks array")
