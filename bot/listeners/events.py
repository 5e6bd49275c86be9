"""Events: somebody opened the App Home, left Slack or is back; the bot came into a channel."""

import re
from typing import Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.context import Context
from bot.greeting import Greeter, is_about_us
from bot.home.homes import Homes
from bot.listeners.requests import acknowledge, invocation_of
from scheduling.calendars.leaving import differs, note_presence

HOME_OPENED: Final = "app_home_opened"
MEMBER_JOINED: Final = "member_joined_channel"
USER_CHANGED: Final = "user_change"
EVENTS: Final = (HOME_OPENED, MEMBER_JOINED, USER_CHANGED)


def register(bolt: AsyncApp, context: Context, homes: Homes) -> None:
    """Listen to these, and hear what else comes."""
    greeter = Greeter(context.slack)

    async def open_home(request: AsyncBoltRequest) -> None:
        if request.body["event"].get("tab") == "home":
            await homes.open(invocation_of(request))

    async def greet(request: AsyncBoltRequest) -> None:
        if is_about_us(request.body):
            await greeter.greet(request.body["event"]["channel"])

    async def note_change(request: AsyncBoltRequest) -> None:
        """Look whether a host's account was deactivated; Slack tells every change of a profile."""
        user = request.body["event"]["user"]
        found = {
            "workspace_id": context.workspace.id,
            "user_id": user["id"],
            "has_left": bool(user.get("deleted")),
        }
        if await context.database.read(differs, **found):
            await context.database.write(note_presence, **found, now=context.now())

    bolt.event(HOME_OPENED)(ack=acknowledge, lazy=[open_home])
    bolt.event(MEMBER_JOINED)(ack=acknowledge, lazy=[greet])
    bolt.event(USER_CHANGED)(ack=acknowledge, lazy=[note_change])
    bolt.event(re.compile(".*"))(acknowledge)
