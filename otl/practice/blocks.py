"""Reading Block Kit: ids that Slack adds, and where the elements are. Pure."""

import copy
import secrets
from collections.abc import Iterator

from otl.practice.wire import Json, SlackError


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy in which every block and interactive element has an id, as Slack stores it."""
    named = copy.deepcopy(blocks)
    for block in named:
        block.setdefault("block_id", secrets.token_hex(3))
        for element in elements_of(block):
            if is_interactive(element):
                element.setdefault("action_id", secrets.token_hex(3))
    return named


def elements_of(block: Json) -> Iterator[Json]:
    """Yield the elements of one block, in the order they are shown."""
    if isinstance(block.get("accessory"), dict):
        yield block["accessory"]
    if isinstance(block.get("element"), dict):
        yield block["element"]
    if block.get("type") in {"actions", "context_actions"}:
        yield from (e for e in block.get("elements", ()) if isinstance(e, dict))


def is_interactive(element: Json) -> bool:
    """Say whether a person can do something with it."""
    return element.get("type") != "image"


def find_element(
    blocks: list[Json], action_id: str, *, block_id: str | None = None
) -> tuple[Json, Json]:
    """Return the block and the element with this action_id.

    Raises:
        SlackError: action_not_found; no person could have pressed it.
    """
    for block in blocks:
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    raise SlackError("action_not_found", action_id=action_id)


def options_of(element: Json) -> Iterator[Json]:
    """Yield a menu's options, those in groups included."""
    yield from element.get("options") or ()
    for group in element.get("option_groups") or ():
        yield from group.get("options") or ()
