"""The fields of forms, and what was filled in. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.models.blocks import InputBlock, Option
from slack_sdk.models.blocks.basic_components import PlainTextObject
from slack_sdk.models.blocks.block_elements import (
    ExternalDataSelectElement,
    InputInteractiveElement,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.grammar.typed_text import TEXT_LIMIT
from bot.messages.message import LABEL_LENGTH, plain
from bot.modals.shown import TITLE_LENGTH
from bot.text.buttons import CANCEL
from scheduling.plain_text import clean

VALUE_LENGTH: Final = 150  # of an option; https://docs.slack.dev/reference/block-kit/composition-objects/option-object
HINT_LENGTH: Final = 150
NO_CHOICE: Final = "-"
"""The value of an option that only says something."""

Values = Mapping[str, Any]
"""`view.state.values`: by block_id, then by action_id."""


class Misfilled(Exception):
    """A form cannot be read; errors are sentences by block_id."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("form misfilled")
        self.errors = dict(errors)


def form(
    *, callback_id: str, title: str, submit: str, blocks: list[InputBlock], channel_id: str
) -> View:
    """Return a form; channel_id is where it was opened, and all that its metadata holds."""
    return View(
        type="modal",
        callback_id=callback_id,
        title=plain(title, TITLE_LENGTH),
        submit=plain(submit, TITLE_LENGTH),
        close=plain(CANCEL, TITLE_LENGTH),
        blocks=list(blocks),
        private_metadata=channel_id,
    )


def field(
    block_id: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str = "",
    optional: bool = False,
) -> InputBlock:
    """Return one field with its label."""
    return InputBlock(
        block_id=block_id,
        label=plain(label, LABEL_LENGTH),
        element=element,
        hint=plain(hint, HINT_LENGTH) if hint else None,
        optional=optional,
    )


def text_input(action_id: str, *, typed: str, placeholder: str) -> PlainTextInputElement:
    """Return a line to type in; it holds whatever a command can, so nothing typed is lost."""
    return PlainTextInputElement(
        action_id=action_id,
        initial_value=typed[:TEXT_LIMIT] or None,
        placeholder=_plain(placeholder),
        max_length=TEXT_LIMIT,
    )


def search_menu(
    action_id: str, *, chosen: Option | None = None, placeholder: str
) -> ExternalDataSelectElement:
    """Return a menu whose options are asked for as the person types."""
    return ExternalDataSelectElement(
        action_id=action_id,
        initial_option=chosen,
        min_query_length=0,
        placeholder=_plain(placeholder),
    )


def option(label: str, value: str) -> Option:
    """Return an option of a menu."""
    return Option(text=plain(label, LABEL_LENGTH), value=value[:VALUE_LENGTH])


def typed_in(values: Values, block_id: str, action_id: str) -> str:
    """Return what stands in a line, clean; "" if nothing."""
    return clean(str(_entry(values, block_id, action_id).get("value") or ""), limit=TEXT_LIMIT)


def chosen_in(values: Values, block_id: str, action_id: str) -> str:
    """Return the value that was chosen in a menu; "" if none."""
    entry = _entry(values, block_id, action_id)
    selected = entry.get("selected_option")
    if isinstance(selected, dict):
        value = str(selected.get("value") or "")
        return "" if value == NO_CHOICE else value
    return str(entry.get("selected_user") or "")


def _entry(values: Values, block_id: str, action_id: str) -> Mapping[str, Any]:
    block = values.get(block_id)
    entry = block.get(action_id) if isinstance(block, dict) else None
    return entry if isinstance(entry, dict) else {}


def _plain(text: str) -> PlainTextObject:
    return plain(text, HINT_LENGTH)
