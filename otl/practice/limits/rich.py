"""Slack's limits on the richer blocks: rich text, markdown, tables, charts. Pure."""

from typing import Any, Final

from otl.practice.limits.report import Report

_RICH_PARTS: Final = {
    "rich_text_section",
    "rich_text_list",
    "rich_text_quote",
    "rich_text_preformatted",
}
_CHARTS: Final = {"bar", "line", "area"}
_SERIES: Final = 6  # Slack's own page; newer secondary sources say 12
_LABEL: Final = 20


def check_rich_text(report: Report, pointer: str, block: dict[str, Any]) -> None:
    """Check the parts of a rich text block; texts inside must not be empty."""
    parts = report.items(f"{pointer}/elements", block.get("elements"), 100)
    for number, part in enumerate(parts):
        here = f"{pointer}/elements/{number}"
        if not isinstance(part, dict) or part.get("type") not in _RICH_PARTS:
            report.add(f"{here}/type", "unsupported type")
            continue
        for place, piece in enumerate(report.items(f"{here}/elements", part.get("elements"), 500)):
            if isinstance(piece, dict) and piece.get("type") == "text":
                report.length(f"{here}/elements/{place}/text", piece.get("text"), 12_000)


def check_markdown(report: Report, pointer: str, block: dict[str, Any]) -> None:
    """Check a markdown block: 12,000 characters."""
    report.length(f"{pointer}/text", block.get("text"), 12_000)


def check_table(report: Report, pointer: str, block: dict[str, Any]) -> None:
    """Check a table: 100 rows of 20 cells."""
    rows = report.items(f"{pointer}/rows", block.get("rows"), 100)
    for number, row in enumerate(rows):
        for place, cell in enumerate(report.items(f"{pointer}/rows/{number}", row, 20)):
            if isinstance(cell, dict) and cell.get("type") == "raw_text":
                report.length(f"{pointer}/rows/{number}/{place}/text", cell.get("text"), 10_000)


def check_chart(report: Report, pointer: str, block: dict[str, Any]) -> None:
    """Check a chart: title 50, 6 series or segments, 20 categories, labels of 20 characters."""
    report.length(f"{pointer}/title", block.get("title"), 50)
    chart = block.get("chart")
    here = f"{pointer}/chart"
    if not isinstance(chart, dict):
        report.add(here, "must provide an object")
        return
    if chart.get("type") == "pie":
        _check_points(report, f"{here}/segments", chart.get("segments"), _SERIES)
        return
    if chart.get("type") not in _CHARTS:
        report.add(f"{here}/type", f"unsupported type: {chart.get('type')}")
        return
    axis = chart.get("axis_config") or {}
    categories = report.items(f"{here}/axis_config/categories", axis.get("categories"), 20)
    for number, series in enumerate(report.items(f"{here}/series", chart.get("series"), _SERIES)):
        there = f"{here}/series/{number}"
        report.length(f"{there}/name", series.get("name"), _LABEL)
        labels = _check_points(report, f"{there}/data", series.get("data"), 20)
        if labels != set(categories):
            report.add(f"{there}/data", "every category needs one value")


def _check_points(report: Report, pointer: str, points: Any, most: int) -> set[str]:
    labels = set()
    for number, point in enumerate(report.items(pointer, points, most)):
        report.length(f"{pointer}/{number}/label", point.get("label"), _LABEL)
        labels.add(point.get("label"))
    return labels
