"""Who asks, where, and how they are answered: what is common to commands and buttons. Pure."""

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Invocation:
    """One command or one press.

    Attributes:
        team_ids: every workspace that the payload names for the person; one, unless they are a
            guest from elsewhere (Slack Connect).
        delivery_key: the same when Slack hands it over again.
        response_url: where the answer goes; it lets its holder write, so it is no text for a log.
        is_ephemeral: the button is on a message that only this person sees; it may be replaced.
        value: of the button: a public id or a slug; "" for a command.
    """

    user_id: str
    team_ids: frozenset[str]
    channel_id: str
    delivery_key: str
    response_url: str = field(repr=False)
    is_ephemeral: bool = False
    value: str = ""

    @classmethod
    def of_command(cls, payload: dict[str, Any], delivery_key: str) -> Self:
        """Read a slash command (`bot.payloads` has checked its shape)."""
        return cls(
            user_id=payload["user_id"],
            team_ids=frozenset({payload["team_id"]}),
            channel_id=payload["channel_id"],
            delivery_key=delivery_key,
            response_url=payload["response_url"],
        )

    @classmethod
    def of_action(cls, payload: dict[str, Any], delivery_key: str) -> Self:
        """Read the press of a button (`bot.payloads` has checked its shape)."""
        user = payload["user"]
        container = payload.get("container") or {}
        channel = payload.get("channel") or {}
        teams = {user.get("team_id"), (payload.get("team") or {}).get("id")}
        return cls(
            user_id=user["id"],
            team_ids=frozenset(team for team in teams if team),
            channel_id=channel.get("id") or container.get("channel_id") or user["id"],
            delivery_key=delivery_key,
            response_url=payload.get("response_url") or "",
            is_ephemeral=bool(container.get("is_ephemeral")),
            value=str(payload["actions"][0].get("value") or ""),
        )
