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
_CELLS: Final = 10_000


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


def check_data_table(report: Report, pointer: str, block: dict[str, Any]) -> None:
    """Check a data table: a caption, a header and 1 to 100 rows, as many cells in each.

    Source: docs.slack.dev/reference/block-kit/blocks/data-table-block.
    """
    report.length(f"{pointer}/caption", block.get("caption"), 2000)
    size = block.get("page_size", 5)
    if not isinstance(size, int) or not 1 <= size <= 100:
        report.add(f"{pointer}/page_size", "must be between 1 and 100")
    rows = report.items(f"{pointer}/rows", block.get("rows"), 101, fewest=2)
    letters = 0
    for number, row in enumerate(rows):
        here = f"{pointer}/rows/{number}"
        cells = report.items(here, row, 20)
        if len(cells) != len(rows[0]):
            report.add(here, "every row needs as many cells as the first")
        for place, cell in enumerate(cells):
            letters += _check_cell(report, f"{here}/{place}", cell, is_header=number == 0)
    if letters > _CELLS:
        report.add(f"{pointer}/rows", f"no more than {_CELLS} characters allowed")


def _check_cell(report: Report, pointer: str, cell: Any, *, is_header: bool) -> int:
    """Check one cell and return how many characters it has."""
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind not in {"raw_text", "raw_number"} | (set() if is_header else {"rich_text"}):
        report.add(f"{pointer}/type", f"unsupported type: {kind}")
        return 0
    if kind == "rich_text":
        check_rich_text(report, pointer, cell)
        return 0
    if kind == "raw_number" and not isinstance(cell.get("value"), int | float):
        report.add(f"{pointer}/value", "must be a number")
    if kind == "raw_text":
        report.length(f"{pointer}/text", cell.get("text"), _CELLS)
    return len(str(cell.get("text", cell.get("value", ""))))


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
