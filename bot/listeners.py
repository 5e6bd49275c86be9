"""What Bolt listens for. The ack part only says that it was heard; the lazy part answers."""

import re
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.actions import PRESSES, Press, press_unknown
from bot.commands.run import run
from bot.desk import Desk
from bot.grammar import parse_command
from bot.home import publish_home
from bot.invocation import Invocation
from bot.replies import Reply, answer
from bot.typed_text import as_typed

COMMAND: Final = "/otl"
EVENTS: Final = ("app_home_opened",)
DELIVERY_KEY: Final = "otl_delivery_key"
"""Where `Bot.accept` leaves the key in Bolt's context."""


def listen(bolt: AsyncApp, desk: Desk) -> None:
    """Register every listener."""
    bolt.command(COMMAND)(ack=_heard, lazy=[_on_command(desk)])
    for action_id, press in PRESSES.items():
        bolt.block_action(action_id)(ack=_heard, lazy=[_on_press(press, desk)])
    bolt.block_action(re.compile(".*"))(ack=_heard, lazy=[_on_press(press_unknown, desk)])
    bolt.event("app_home_opened")(ack=_heard, lazy=[_on_home(desk)])
    bolt.event(re.compile(".*"))(_heard)


async def _heard(ack: AsyncAck) -> None:
    await ack()


def _on_command(desk: Desk) -> Any:
    async def command(body: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = Invocation.of_command(body, context[DELIVERY_KEY])
        text = body.get("text", "")

        async def work() -> Reply:
            await desk.people.require_member(asked, team_id=desk.workspace.team_id)
            return Reply(await run(parse_command(text), asked, desk))

        await answer(work(), asked, desk.slack, typed=as_typed(text))

    return command


def _on_press(press: Press, desk: Desk) -> Any:
    async def action(body: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = Invocation.of_action(body, context[DELIVERY_KEY])

        async def work() -> Reply:
            await desk.people.require_member(asked, team_id=desk.workspace.team_id)
            return await press(asked, desk)

        await answer(work(), asked, desk.slack)

    return action


def _on_home(desk: Desk) -> Any:
    async def home(body: dict[str, Any]) -> None:
        if body["event"].get("tab") == "home":
            await publish_home(body["event"]["user"], desk)

    return home
