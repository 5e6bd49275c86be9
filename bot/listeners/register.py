"""Registers all listeners with Bolt."""

from slack_bolt.app.async_app import AsyncApp

from bot.context import Context
from bot.home.homes import Homes
from bot.listeners import actions, commands, events, menus, views


def register_listeners(bolt: AsyncApp, context: Context, homes: Homes) -> None:
    """Let each kind register its own."""
    commands.register(bolt, context)
    actions.register(bolt, context, homes)
    menus.register(bolt, context)
    views.register(bolt, context)
    events.register(bolt, context, homes)
