"""What a person does on the page: POST /practice/do/{verb}?as=U…, JSON in and out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from otl.practice.delivery import Answer
from otl.practice.slack import REASONS, PracticeSlack
from otl.practice.views import View
from otl.practice.wire import Json, SlackError

WORDS: Final[Mapping[str, str]] = {
    **REASONS,
    "channel_not_found": "You are not in this channel.",
    "is_archived": "This channel is archived.",
    "action_not_found": "This is no longer there. Reload the page.",
    "not_found": "This is no longer open. Reload the page.",
    "invalid_options": "The app answered with options that Slack cannot show.",
}
SOMETHING_WRONG: Final = "That did not work ({code})."


async def do(slack: PracticeSlack, verb: str, user: str, body: Json) -> Json:
    """Do it, and say how it went: {"ok": true, …} or {"ok": false, "error", "words"}."""
    try:
        return {"ok": True, **await _VERBS[verb](slack, user, body)}
    except SlackError as refusal:
        return _failed(refusal.code)


def _failed(code: str) -> Json:
    words = WORDS.get(code, SOMETHING_WRONG.format(code=code))
    return {"ok": False, "error": code, "words": words}


def _raise_unless_taken(answer: Answer) -> Json:
    if answer.error is not None:
        raise SlackError(answer.error)
    return {}


async def _type(slack: PracticeSlack, user: str, body: Json) -> Json:
    await slack.type(user, body["channel"], body["text"], thread_ts=body.get("thread_ts"))
    return {}


async def _press(slack: PracticeSlack, user: str, body: Json) -> Json:
    filled = _read_filled(body)
    if "view" in body:
        view = _own_view(slack, user, body)
        answer = await slack.press_in_view(
            view,
            body["action_id"],
            block_id=body["block_id"],
            given=body.get("given"),
            filled=filled,
        )
        return _raise_unless_taken(answer)
    message = slack.workspace.find_message(body["channel"], body["ts"])
    if message is None:
        raise SlackError("action_not_found")
    answer = await slack.press(
        user,
        message,
        body["action_id"],
        block_id=body["block_id"],
        given=body.get("given"),
        filled=filled,
    )
    return _raise_unless_taken(answer)


async def _submit(slack: PracticeSlack, user: str, body: Json) -> Json:
    submitted = await slack.submit(_own_view(slack, user, body), _read_filled(body))
    return {"errors": dict(submitted.errors), "failure": submitted.failure}


async def _close(slack: PracticeSlack, user: str, body: Json) -> Json:
    view = _own_view(slack, user, body)
    await slack.close_view(view, all_of_them=bool(body.get("all")))
    return {}


async def _suggest(slack: PracticeSlack, user: str, body: Json) -> Json:
    view = _own_view(slack, user, body) if "view" in body else None
    message = None
    if view is None:
        message = slack.workspace.find_message(body["channel"], body["ts"])
        if message is None or user not in slack.workspace.audience(message):
            raise SlackError("action_not_found")
    options = await slack.suggest(
        user, body["action_id"], str(body.get("query", "")), view=view, message=message
    )
    return {"options": options}


async def _home(slack: PracticeSlack, user: str, body: Json) -> Json:
    return _raise_unless_taken(await slack.open_home(user, tab=str(body.get("tab", "home"))))


async def _dismiss(slack: PracticeSlack, user: str, body: Json) -> Json:
    message = slack.workspace.find_message(body["channel"], body["ts"])
    if message is not None and message.ephemeral_for == user:
        slack.workspace.delete(message)
    return {}


def _own_view(slack: PracticeSlack, user: str, body: Json) -> View:
    view = slack.views.find(body["view"])
    if view is None or view.user != user:
        raise SlackError("not_found")
    return view


def _read_filled(body: Json) -> dict[tuple[str, str], Json | str | None]:
    """Return what was filled in, by block_id and action_id; it travels as a list of triples."""
    return {(block, action): given for block, action, given in body.get("filled", [])}


_VERBS: Final[Mapping[str, Callable[[PracticeSlack, str, Json], Awaitable[Json]]]] = {
    "type": _type,
    "press": _press,
    "submit": _submit,
    "close": _close,
    "suggest": _suggest,
    "home": _home,
    "dismiss": _dismiss,
}
KNOWN_VERBS: Final = frozenset(_VERBS)
