"""What an app may answer to a submitted modal: errors, update, push, clear, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from otl.practice.delivery import Answer
from otl.practice.views import View, Views
from otl.practice.wire import Json, SlackError

FAILURE: Final = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission.

    Attributes:
        errors: sentences by block_id; the modal stays open.
        failure: what the person is told where the app failed, or None; the modal stays open.
        reason: Slack's error code behind that, or None.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    failure: str | None = None
    reason: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the app took it."""
        return not self.errors and self.failure is None


def read_submission_answer(views: Views, view: View, answer: Answer) -> Submitted:
    """Carry out the app's answer and say what became of it."""
    if answer.error is not None:
        return Submitted(failure=FAILURE, reason=answer.error)
    body = answer.body
    if body is None or body == "":
        views.close(view)
        return Submitted()
    if not isinstance(body, dict):
        return Submitted(failure=FAILURE, reason="invalid_response")
    try:
        return _carry_out(views, view, body)
    except SlackError as refusal:
        return Submitted(failure=FAILURE, reason=refusal.code)


def _carry_out(views: Views, view: View, body: Json) -> Submitted:
    match body.get("response_action"):
        case None:
            views.close(view)
        case "clear":
            views.clear(view.user)
        case "update":
            views.update(view, body.get("view") or {})
        case "push":
            views.push(view.user, body.get("view") or {})
        case "errors":
            return Submitted(errors=_read_errors(view, body.get("errors")))
        case _:
            raise SlackError("invalid_response_action")
    return Submitted()


def _read_errors(view: View, errors: object) -> Mapping[str, str]:
    """Return errors by block_id; Slack knows no others than those of the view's inputs."""
    inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_errors")
    return errors
