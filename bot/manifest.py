"""The app manifest: one source for Socket Mode (no addresses) and for HTTP (one address)."""

import math
from collections.abc import Mapping
from typing import Any, Final

import yaml

from bot.commands.registry import verbs
from bot.doors.http import PATH
from bot.listeners.commands import COMMAND
from bot.listeners.events import EVENTS
from bot.text.notices import BOT_NAME

BOT_SCOPES: Final = (
    "channels:read",  # conversations.info: can "Link used" be posted where a link is issued?
    "chat:write",
    "commands",
    "groups:read",
    "im:write",  # conversations.open: a direct message when the channel is gone
    "users:read",  # users.info: who is an admin, who a guest; the hosts' names and zones
)
_MAY_COME_TWICE: Final = (
    "{where} whose answer got lost cannot be looked up: it is sent again after the quarantine, and "
    "may come twice"
)
OPTIONAL_SCOPES: Final[Mapping[str, str]] = {
    "channels:history": _MAY_COME_TWICE.format(where="a message in a public channel"),
    "groups:history": _MAY_COME_TWICE.format(where="a message in a private channel"),
    "im:history": _MAY_COME_TWICE.format(where="a private message"),
    "users:read.email": (
        "hosts get no invitation by mail until each has said their address: `/otl me` in Slack"
    ),
}
"""With what happens where one is missing; all else works."""

_HEADER: Final = """\
# The Slack app of OTL. At https://api.slack.com/apps: "Create New App", "From a manifest".
# This is the form for Socket Mode, which needs no public address for Slack.
# For HTTP: otl manifest --url https://book.example.com
"""
_HTTP_HEADER: Final = """\
# The Slack app of OTL. At https://api.slack.com/apps: "Create New App", "From a manifest".
# This is the form for HTTP: Slack posts to the address below.
"""


def manifest(url: str | None = None) -> str:
    """Return the manifest as YAML.

    Args:
        url: where Slack reaches OTL, "https://book.example.com"; None: over Socket Mode.

    Raises:
        ValueError: Slack accepts https:// addresses only.
    """
    if url is None:
        return _HEADER + _yaml(content(None))
    if not url.startswith("https://"):
        raise ValueError("Slack needs an address that begins with https://")
    return _HTTP_HEADER + _yaml(content(url.rstrip("/") + PATH))


def content(request_url: str | None) -> dict[str, Any]:
    """Return what the manifest says; https://docs.slack.dev/reference/app-manifest."""
    address = {} if request_url is None else {"request_url": request_url}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": BOT_NAME,
            "description": "One-time booking links: each works for one booking, then never again",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": BOT_NAME, "always_online": True},
            "slash_commands": [_command(request_url)],
        },
        "oauth_config": {
            # Slack wants an optional scope in both lists.
            "scopes": {
                "bot": [*BOT_SCOPES, *OPTIONAL_SCOPES],
                "bot_optional": list(OPTIONAL_SCOPES),
            }
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **address},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _command(request_url: str | None) -> dict[str, Any]:
    return {
        "command": COMMAND,
        "description": "One-time booking links: issue, copy, regenerate, delete, status",
        "usage_hint": " | ".join(verb.usage for verb in verbs().values() if verb.usage),
        "should_escape": True,  # people, channels and addresses come with their ids
        **({} if request_url is None else {"url": request_url}),
    }


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, width=math.inf)
