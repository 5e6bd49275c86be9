"""Slack's limits on elements: buttons, menus, pickers, inputs. Pure."""

from collections.abc import Callable
from typing import Any, Final

from otl.practice.limits.report import Report
from otl.practice.limits.text import (
    OPTIONS_OF_A_MENU,
    check_confirm,
    check_option,
    check_option_groups,
    check_options,
    check_text,
)

_ASKING: Final = {
    f"{many}{source}_select"
    for many in ("", "multi_")
    for source in ("static", "external", "users", "conversations", "channels")
}
_PICKING: Final = {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
_TYPING: Final = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
IN_ACTIONS: Final = _ASKING | _PICKING | {"button", "overflow", "workflow_button"}
IN_SECTION: Final = (IN_ACTIONS - {"datetimepicker"}) | {"image"}
IN_INPUT: Final = _ASKING | _PICKING | _TYPING
LONGEST_INPUT: Final = 3000


def check_element(report: Report, pointer: str, element: Any, allowed: set[str]) -> None:
    """Check one element of a block that may hold the `allowed` types."""
    if not isinstance(element, dict):
        report.add(pointer, "must provide an object")
        return
    kind = element.get("type")
    if kind not in allowed:
        report.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if "action_id" in element:
        report.length(f"{pointer}/action_id", element["action_id"], 255)
    if "confirm" in element:
        check_confirm(report, f"{pointer}/confirm", element["confirm"])
    if "placeholder" in element:
        check_text(report, f"{pointer}/placeholder", element["placeholder"], 150, plain=True)
    check = _CHECKS.get(str(kind))
    if check is not None:
        check(report, pointer, element)


def check_image(report: Report, pointer: str, image: dict[str, Any]) -> None:
    """Check an image: address 3000, alternative text required, at most 2000."""
    if "slack_file" not in image:
        report.length(f"{pointer}/image_url", image.get("image_url"), 3000)
    report.length(f"{pointer}/alt_text", image.get("alt_text"), 2000)


def _check_button(report: Report, pointer: str, button: dict[str, Any]) -> None:
    check_text(report, f"{pointer}/text", button.get("text"), 75, plain=True)
    report.optional_length(pointer, button, "value", 2000)
    report.optional_length(pointer, button, "accessibility_label", 75)
    if button.get("url") is not None:
        report.length(f"{pointer}/url", button["url"], 3000)
    if "style" in button and button["style"] not in {"primary", "danger"}:
        report.add(f"{pointer}/style", "must be one of ['danger', 'primary']")


def _check_overflow(report: Report, pointer: str, menu: dict[str, Any]) -> None:
    check_options(report, f"{pointer}/options", menu.get("options"), most=5)


def _check_static_menu(report: Report, pointer: str, menu: dict[str, Any]) -> None:
    if ("options" in menu) == ("option_groups" in menu):
        report.add(pointer, "must define either `options` or `option_groups`")
        return
    if "options" in menu:
        check_options(report, f"{pointer}/options", menu["options"], most=OPTIONS_OF_A_MENU)
        _check_initial(report, pointer, menu)
        return
    check_option_groups(report, f"{pointer}/option_groups", menu["option_groups"])


def _check_initial(report: Report, pointer: str, menu: dict[str, Any]) -> None:
    initial = menu.get("initial_option")
    if initial is not None and isinstance(menu["options"], list) and initial not in menu["options"]:
        report.add(f"{pointer}/initial_option", "must match one of the options")


def _check_external_menu(report: Report, pointer: str, menu: dict[str, Any]) -> None:
    if menu.get("initial_option") is not None:
        check_option(report, f"{pointer}/initial_option", menu["initial_option"])


def _check_choices(report: Report, pointer: str, choices: dict[str, Any]) -> None:
    check_options(report, f"{pointer}/options", choices.get("options"), most=10, plain=False)


def _check_typed(report: Report, pointer: str, field: dict[str, Any]) -> None:
    initial = field.get("initial_value")
    if initial is not None:
        longest = min(field.get("max_length") or LONGEST_INPUT, LONGEST_INPUT)
        report.length(f"{pointer}/initial_value", initial, longest, shortest=0)
    for key in ("min_length", "max_length"):
        if field.get(key) is not None and not 0 <= field[key] <= LONGEST_INPUT:
            report.add(f"{pointer}/{key}", f"must be between 0 and {LONGEST_INPUT}")


_CHECKS: Final[dict[str, Callable[[Report, str, dict[str, Any]], None]]] = {
    "button": _check_button,
    "overflow": _check_overflow,
    "image": check_image,
    "static_select": _check_static_menu,
    "multi_static_select": _check_static_menu,
    "external_select": _check_external_menu,
    "checkboxes": _check_choices,
    "radio_buttons": _check_choices,
    "plain_text_input": _check_typed,
}
