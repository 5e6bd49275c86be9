"""The Web API's door and the response URLs': token, scope, ordered trouble, then the method."""

import json
from typing import Any, Final

from aiohttp import web

from otl.practice.api import METHODS
from otl.practice.api.chat import read_content
from otl.practice.api.method import Arguments
from otl.practice.misbehaving import misbehave
from otl.practice.state import Call, PracticeState
from otl.practice.tickets import ResponseUrl
from otl.practice.wire import Json, SlackError

SLACK: Final = web.AppKey("slack", PracticeState)
RESPONSE_URL: Final = "response_url"


async def call_method(request: web.Request) -> web.StreamResponse:
    """Answer GET or POST /api/{method}."""
    slack = request.app[SLACK]
    method = request.match_info["method"]
    fields = await _read_fields(request)
    token = _read_token(request, fields)
    arguments = Arguments(fields, origin=str(request.url.origin()))

    def work() -> Json:
        return _note(slack, method, fields, _run(slack, method, token, arguments))

    order = slack.faults.take(method, fields)
    if order is not None:
        return await misbehave(request, slack, order, work)
    answer = work()
    return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(slack.tokens.scopes)})


def _run(slack: PracticeState, name: str, token: str | None, arguments: Arguments) -> Json:
    method = METHODS.get(name)
    if method is None:
        return SlackError("unknown_method", req_method=name).as_answer()
    try:
        slack.tokens.check(token, app_level=method.app_level)
        slack.tokens.require(method.scopes)
        return method.handler(slack, arguments)
    except SlackError as refusal:
        return refusal.as_answer()


def _note(slack: PracticeState, method: str, fields: Json, answer: Json) -> Json:
    slack.calls.append(Call(method, fields, answer))
    return answer


async def _read_fields(request: web.Request) -> Json:
    """Return the arguments of a call, without regard to how they were sent."""
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            sent = json.loads(await request.text() or "{}")
        except ValueError:
            sent = {}
        return fields | sent if isinstance(sent, dict) else fields
    return fields | dict(await request.post())


def _read_token(request: web.Request, fields: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_fields = fields.pop("token", None)
    return token if scheme.lower() == "bearer" and token else in_fields


async def answer_by_url(request: web.Request) -> web.StreamResponse:
    """Answer POST /response/{ticket}: five uses in thirty minutes."""
    slack = request.app[SLACK]
    fields = await _read_fields(request)
    ticket = request.match_info["ticket"]

    def work() -> Json:
        return _note(slack, RESPONSE_URL, fields, _use_response_url(slack, ticket, fields))

    order = slack.faults.take(RESPONSE_URL, fields)
    if order is not None:
        return await misbehave(request, slack, order, work)
    answer = work()
    if answer["ok"]:
        return web.json_response(answer)
    gone = answer["error"] in {"used_url", "expired_url", "invalid_url"}
    return web.json_response(answer, status=404 if gone else 400)


def _use_response_url(slack: PracticeState, ticket: str, fields: Json) -> Json:
    try:
        url = slack.tickets.redeem_response_url(ticket)
        _respond(slack, url, Arguments(fields))
    except SlackError as refusal:
        return refusal.as_answer()
    return {"ok": True}


def _respond(slack: PracticeState, url: ResponseUrl, arguments: Arguments) -> None:
    workspace = slack.workspace
    original = workspace.find_message(url.channel, url.original_ts) if url.original_ts else None
    if arguments.flag("delete_original"):
        if original is not None:
            workspace.delete(original)
        return
    text, blocks = read_content(arguments)
    if arguments.flag("replace_original") and original is not None:
        workspace.change(original, text=text, blocks=blocks or [])
        return
    in_channel = arguments.find_text("response_type") == "in_channel"
    workspace.say(
        url.channel,
        workspace.app.bot_user_id,
        text,
        blocks=blocks,
        thread_ts=arguments.find_text("thread_ts"),
        ephemeral_for=None if in_channel else url.user,
    )
