"""views.open, views.push, views.update, views.publish."""

from typing import Final

from otl.practice.api.method import Arguments, Method
from otl.practice.state import PracticeState
from otl.practice.views import View, view_as_slack
from otl.practice.wire import Json, SlackError


def open_view(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer views.open."""
    body = _read_view(arguments)
    trigger = slack.tickets.redeem_trigger(arguments.text("trigger_id"))
    return _answer(slack, slack.views.open(trigger.user, body))


def push(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer views.push; the trigger must come out of an open modal."""
    body = _read_view(arguments)
    trigger = slack.tickets.redeem_trigger(arguments.text("trigger_id"))
    return _answer(slack, slack.views.push(trigger.user, body))


def update(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer views.update, by view_id or external_id."""
    body = _read_view(arguments)
    external_id = arguments.find_text("external_id")
    if external_id is not None:
        view = slack.views.find_external(external_id)
    else:
        view = slack.views.find(arguments.text("view_id"))
    if view is None:
        raise SlackError("not_found")
    return _answer(slack, slack.views.update(view, body, expected_hash=arguments.find_text("hash")))


def publish(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer views.publish."""
    body = _read_view(arguments)
    user = slack.workspace.person(arguments.text("user_id")).id
    if not slack.workspace.app.has_home:
        raise SlackError("not_enabled")
    expected_hash = arguments.find_text("hash")
    return _answer(slack, slack.views.publish(user, body, expected_hash=expected_hash))


def _read_view(arguments: Arguments) -> Json:
    body = arguments.json("view", refusal="invalid_arguments")
    if not isinstance(body, dict):
        messages = ["[ERROR] missing required field: view"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    return body


def _answer(slack: PracticeState, view: View) -> Json:
    shown = view_as_slack(view, team=slack.workspace.team, app=slack.workspace.app)
    return {"ok": True, "view": shown}


METHODS: Final = {
    "views.open": Method(open_view),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
