"""What Bolt listens for: the ack part hears and opens forms, the lazy part answers."""

import re
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.commands.run import run
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.commands import parse_command
from bot.greeting import Greeter, is_about_us
from bot.home.homes import Homes
from bot.listeners.actions import PRESSES, Press, press_unknown
from bot.listeners.menus import MENU_OF, Menu, suggest
from bot.messages.home import TURN_ACTIVE, TURN_USED, HomePage
from bot.messages.notes import RUN_LINES
from bot.modals.opened import form_for_line, form_for_press, open_form, refuse_outsiders
from bot.modals.submissions import FORMS, submit
from bot.replies import Reply, answer

COMMAND: Final = "/otl"
EVENTS: Final = ("app_home_opened", "member_joined_channel")
REQUEST_KEY: Final = "otl_request_key"
"""Where `Bot.accept` leaves the key in Bolt's context."""

OPENED: Final = "otl_opened_view"
"""Where the ack part leaves the id of the form that it opened, for the lazy part."""


def listen(bolt: AsyncApp, context: Context, homes: Homes) -> None:
    """Register every listener."""
    bolt.command(COMMAND)(ack=_hear_command(context), lazy=[_on_command(context)])
    for action_id, press in PRESSES.items():
        bolt.block_action(action_id)(ack=_hear_press(context), lazy=[_on_press(press, context)])
    for action_id in (*TURN_ACTIVE, *TURN_USED):
        bolt.block_action(action_id)(ack=_heard, lazy=[_on_page_of_home(homes)])
    bolt.block_action(re.compile(".*"))(ack=_heard, lazy=[_on_press(press_unknown, context)])
    for action_id, menu in MENU_OF.items():
        bolt.options(action_id)(_on_question(menu, context))
    for callback_id in FORMS:
        bolt.view_submission(callback_id)(_on_submission(context))
    bolt.event("app_home_opened")(ack=_heard, lazy=[_on_home(homes)])
    bolt.event("member_joined_channel")(ack=_heard, lazy=[_on_arrival(Greeter(context.slack))])
    bolt.event(re.compile(".*"))(_heard)


async def _heard(ack: AsyncAck) -> None:
    await ack()


def _hear_command(context: Context) -> Any:
    async def hear(ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        await ack()
        invocation = Invocation.of_command(body, request.context[REQUEST_KEY])
        form = form_for_line(body.get("text", ""), invocation.channel_id)
        if form is not None:
            request.context[OPENED] = await open_form(form, invocation, context)

    return hear


def _on_command(context: Context) -> Any:
    async def command(body: dict[str, Any], request: AsyncBoltRequest) -> None:
        invocation = Invocation.of_command(body, request.context[REQUEST_KEY])
        text = body.get("text", "")
        if request.context.get(OPENED):
            await refuse_outsiders(request.context[OPENED], invocation, context)
            return

        async def work() -> Reply:
            await context.people.require_member(invocation, team_id=context.workspace.team_id)
            return Reply(await run(parse_command(text), invocation, context))

        await answer(work(), invocation, context.slack, text=text)

    return command


def _hear_press(context: Context) -> Any:
    async def hear(ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        await ack()
        invocation = Invocation.of_action(body, request.context[REQUEST_KEY])
        form = form_for_press(body["actions"][0]["action_id"], invocation)
        if form is not None:
            request.context[OPENED] = await open_form(form, invocation, context)

    return hear


def _on_press(press: Press, context: Context) -> Any:
    async def action(body: dict[str, Any], request: AsyncBoltRequest) -> None:
        invocation = Invocation.of_action(body, request.context[REQUEST_KEY])
        if request.context.get(OPENED):
            await refuse_outsiders(request.context[OPENED], invocation, context)
            return

        async def work() -> Reply:
            await context.people.require_member(invocation, team_id=context.workspace.team_id)
            return await press(invocation, context)

        line = invocation.value if body["actions"][0]["action_id"] in RUN_LINES else ""
        await answer(work(), invocation, context.slack, text=line)

    return action


def _on_question(menu: Menu, context: Context) -> Any:
    async def question(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(await suggest(menu, Invocation.of_question(body), context))

    return question


def _on_submission(context: Context) -> Any:
    async def submission(ack: AsyncAck, body: dict[str, Any]) -> None:
        view = body["view"]
        invocation = Invocation.of_submission(body)
        values = view["state"]["values"]
        await ack(await submit(view["callback_id"], values, invocation, context))

    return submission


def _on_home(homes: Homes) -> Any:
    async def home(body: dict[str, Any], request: AsyncBoltRequest) -> None:
        if body["event"].get("tab") == "home":
            await homes.open(Invocation.of_event(body, request.context[REQUEST_KEY]))

    return home


def _on_page_of_home(homes: Homes) -> Any:
    async def page(body: dict[str, Any], request: AsyncBoltRequest) -> None:
        invocation = Invocation.of_action(body, request.context[REQUEST_KEY])
        await homes.open(invocation, HomePage.of_value(invocation.value))

    return page


def _on_arrival(greeter: Greeter) -> Any:
    async def arrival(body: dict[str, Any]) -> None:
        if is_about_us(body):
            await greeter.greet(body["event"]["channel"])

    return arrival
