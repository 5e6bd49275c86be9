"""JSON as it travels between Slack, the app and the page."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal as Slack words it.

    Attributes:
        code: Slack's error code, such as `channel_not_found`.
        details: further fields of the answer, such as `needed` or `response_metadata`.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, Any] = details

    def as_answer(self) -> Json:
        """Return the body that the caller gets."""
        return {"ok": False, "error": self.code, **self.details}


def refusal_with(code: str, problems: list[str]) -> SlackError:
    """Return a refusal that names each problem, as Slack does for blocks and views."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return SlackError(code, errors=problems, response_metadata={"messages": messages})
