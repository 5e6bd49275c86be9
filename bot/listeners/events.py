"""Events: somebody opened the App Home, the bot came into a channel."""

import re
from typing import Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.context import Context
from bot.greeting import Greeter, is_about_us
from bot.home.homes import Homes
from bot.listeners.requests import acknowledge, invocation_of

HOME_OPENED: Final = "app_home_opened"
MEMBER_JOINED: Final = "member_joined_channel"
EVENTS: Final = (HOME_OPENED, MEMBER_JOINED)


def register(bolt: AsyncApp, context: Context, homes: Homes) -> None:
    """Listen to both, and hear what else comes."""
    greeter = Greeter(context.slack)

    async def open_home(request: AsyncBoltRequest) -> None:
        if request.body["event"].get("tab") == "home":
            await homes.open(invocation_of(request))

    async def greet(request: AsyncBoltRequest) -> None:
        if is_about_us(request.body):
            await greeter.greet(request.body["event"]["channel"])

    bolt.event(HOME_OPENED)(ack=acknowledge, lazy=[open_home])
    bolt.event(MEMBER_JOINED)(ack=acknowledge, lazy=[greet])
    bolt.event(re.compile(".*"))(acknowledge)
