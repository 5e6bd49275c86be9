"""Modals (a stack for each person) and App Homes."""

import copy
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from otl.practice.blocks import with_ids
from otl.practice.limits.views import check_view, is_too_large
from otl.practice.people import App, Team
from otl.practice.wire import Json, SlackError, refusal_with

DEEPEST_STACK: Final = 3


@dataclass(slots=True, eq=False)
class View:
    """One view of one person; `body` is what the app sent, with ids filled in."""

    id: str
    user: str
    body: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks shown."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        """The app's own name for this kind of view, "" if it gave none."""
        return str(self.body.get("callback_id", ""))


class Views:
    """What is open before whom. `changed(user, is_home)` is called after each change."""

    def __init__(self, changed: Callable[[str, bool], None]) -> None:
        self._changed = changed
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def top(self, user: str) -> View | None:
        """Return the modal that this person sees."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def depth(self, user: str) -> int:
        """Return how many modals lie on top of each other."""
        return len(self._stacks.get(user, ()))

    def home(self, user: str) -> View | None:
        """Return what the app has published for this person."""
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """Return an open modal or a published home."""
        open_ones = (view for stack in self._stacks.values() for view in stack)
        return next((v for v in (*open_ones, *self._homes.values()) if v.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        """Return the open view to which the app gave this id."""
        open_ones = (view for stack in self._stacks.values() for view in stack)
        return next((v for v in open_ones if v.body.get("external_id") == external_id), None)

    def open(self, user: str, body: Json) -> View:
        """Show a first modal; whatever was open gives way."""
        view = self._new(user, self._accepted(body, "modal"))
        self._stacks[user] = [view]
        self._changed(user, False)  # noqa: FBT003  # a callback has no keywords
        return view

    def push(self, user: str, body: Json) -> View:
        """Lay a modal on top of the one that is open."""
        stack = self._stacks.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        view = self._new(user, self._accepted(body, "modal"))
        view.root_view_id = stack[0].id
        view.previous_view_id = stack[-1].id
        stack.append(view)
        self._changed(user, False)  # noqa: FBT003
        return view

    def update(self, view: View, body: Json, *, expected_hash: str | None = None) -> View:
        """Replace what a view shows."""
        if expected_hash is not None and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        view.body = self._accepted(body, str(view.body["type"]), instead_of=view)
        view.hash = _new_hash()
        self._changed(view.user, view.body["type"] == "home")
        return view

    def publish(self, user: str, body: Json, *, expected_hash: str | None = None) -> View:
        """Show an App Home."""
        known = self._homes.get(user)
        if known is not None:
            return self.update(known, body, expected_hash=expected_hash)
        self._homes[user] = self._new(user, self._accepted(body, "home"))
        self._changed(user, True)  # noqa: FBT003
        return self._homes[user]

    def close(self, view: View) -> None:
        """Take the modal away; the one below is seen again."""
        stack = self._stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)
            self._changed(view.user, False)  # noqa: FBT003

    def clear(self, user: str) -> None:
        """Take all modals of this person away."""
        if self._stacks.pop(user, None):
            self._changed(user, False)  # noqa: FBT003

    def _accepted(self, body: Json, kind: str, *, instead_of: View | None = None) -> Json:
        if is_too_large(body):
            raise SlackError("view_too_large")
        problems = check_view(body)
        if not problems and body["type"] != kind:
            problems = [f"must be a {kind} [json-pointer:/view/type]"]
        if problems:
            raise refusal_with("invalid_arguments", problems)
        external_id = body.get("external_id")
        if external_id and self.find_external(external_id) not in {None, instead_of}:
            raise SlackError("duplicate_external_id")
        return copy.deepcopy(body) | {"blocks": with_ids(body["blocks"])}

    def _new(self, user: str, body: Json) -> View:
        view_id = "V" + secrets.token_hex(5).upper()
        return View(view_id, user, body, _new_hash(), view_id)


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10):010d}.{secrets.token_hex(4)}"


def view_as_slack(view: View, *, team: Team, app: App, values: Json | None = None) -> Json:
    """Write the view as `views.open` answers it and payloads carry it."""
    body = view.body
    shown: Json = {
        "id": view.id,
        "team_id": team.id,
        "type": body["type"],
        "blocks": body["blocks"],
    }
    for key in ("private_metadata", "callback_id", "external_id"):
        shown[key] = body.get(key, "")
    for key in ("clear_on_close", "notify_on_close"):
        shown[key] = bool(body.get(key, False))
    for key in ("title", "close", "submit"):
        shown[key] = body.get(key)
    shown["state"] = {"values": values or {}}
    shown |= {"hash": view.hash, "root_view_id": view.root_view_id}
    shown |= {"previous_view_id": view.previous_view_id, "app_id": app.id}
    return shown | {"bot_id": app.bot_id, "app_installed_team_id": team.id}
