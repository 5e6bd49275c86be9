"""Slack's limits on text objects, options and confirm dialogs. Pure."""

from typing import Any

from otl.practice.limits.report import Report

OPTIONS_OF_A_MENU = 100


def check_text(
    report: Report, pointer: str, text: Any, longest: int, *, plain: bool = False
) -> None:
    """Check a text object: its type, and 1 to `longest` characters."""
    if not isinstance(text, dict):
        report.add(pointer, "must provide an object")
        return
    allowed = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if text.get("type") not in allowed:
        report.add(f"{pointer}/type", f"must be one of {sorted(allowed)}")
    unknown = text.keys() - {"type", "text", "emoji", "verbatim"}
    if unknown:
        report.add(pointer, f"invalid additional property: {min(unknown)}")
    if text.get("type") == "mrkdwn" and "emoji" in text:
        report.add(pointer, "invalid additional property: emoji")
    report.length(f"{pointer}/text", text.get("text"), longest)


def check_confirm(report: Report, pointer: str, confirm: Any) -> None:
    """Check a confirm dialog: title 100, text 300, buttons 30."""
    if not isinstance(confirm, dict):
        report.add(pointer, "must provide an object")
        return
    check_text(report, f"{pointer}/title", confirm.get("title"), 100, plain=True)
    check_text(report, f"{pointer}/text", confirm.get("text"), 300)
    check_text(report, f"{pointer}/confirm", confirm.get("confirm"), 30, plain=True)
    check_text(report, f"{pointer}/deny", confirm.get("deny"), 30, plain=True)
    _check_style(report, pointer, confirm)


def _check_style(report: Report, pointer: str, holder: dict[str, Any]) -> None:
    if "style" in holder and holder["style"] not in {"primary", "danger"}:
        report.add(f"{pointer}/style", "must be one of ['danger', 'primary']")


def check_options(
    report: Report, pointer: str, options: Any, *, most: int, plain: bool = True
) -> None:
    """Check a list of options: 1 to `most`, texts 75, values 150, no value twice."""
    values = []
    for number, option in enumerate(report.items(pointer, options, most)):
        check_option(report, f"{pointer}/{number}", option, plain=plain)
        if isinstance(option, dict):
            values.append(option.get("value"))
    report.unique(pointer, values, "value")


def check_option(report: Report, pointer: str, option: Any, *, plain: bool = True) -> None:
    """Check one option."""
    if not isinstance(option, dict):
        report.add(pointer, "must provide an object")
        return
    check_text(report, f"{pointer}/text", option.get("text"), 75, plain=plain)
    report.length(f"{pointer}/value", option.get("value"), 150)
    if "description" in option:
        check_text(report, f"{pointer}/description", option["description"], 75, plain=plain)
    report.optional_length(pointer, option, "url", 3000)


def check_option_groups(report: Report, pointer: str, groups: Any) -> None:
    """Check the groups of a menu: at most 100, labels 75."""
    for number, group in enumerate(report.items(pointer, groups, OPTIONS_OF_A_MENU)):
        here = f"{pointer}/{number}"
        if not isinstance(group, dict):
            report.add(here, "must provide an object")
            continue
        check_text(report, f"{here}/label", group.get("label"), 75, plain=True)
        check_options(report, f"{here}/options", group.get("options"), most=OPTIONS_OF_A_MENU)
