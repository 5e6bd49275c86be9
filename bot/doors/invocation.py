"""Who asks, where, and how they are answered: common to commands, buttons and forms. Pure."""

from dataclasses import dataclass, field
from typing import Any, Self

from bot.text.mrkdwn import is_slack_id


@dataclass(frozen=True, slots=True)
class Invocation:
    """One command, one press or one submitted form.

    Attributes:
        team_ids: every workspace that the payload names for the person; one, unless they are a
            guest from elsewhere (Slack Connect).
        channel_id: where it happened; the person's own id where it was in no channel.
        request_key: the same when Slack hands it over again.
        response_url: where the answer goes; it lets its holder write, so it is no text for a log.
            "" where it happened in a modal or in the App Home.
        is_ephemeral: the button is on a message that only this person sees; it may be replaced.
        value: of the button: ids, or a line to run; "" for a command.
        trigger_id: opens one view within three seconds.
        modal_id: of the modal that the button is in; "" elsewhere.
    """

    user_id: str
    team_ids: frozenset[str]
    channel_id: str
    request_key: str
    response_url: str = field(repr=False)
    is_ephemeral: bool = False
    value: str = field(default="", repr=False)
    trigger_id: str = field(default="", repr=False)
    modal_id: str = ""

    @property
    def is_for_one(self) -> bool:
        """Whether the button is where only this person sees it, so that its card may change."""
        return self.is_ephemeral or self.modal_id != ""

    @classmethod
    def of_command(cls, payload: dict[str, Any], request_key: str) -> Self:
        """Read a slash command (`bot.doors.payloads` has checked its shape)."""
        return cls(
            user_id=payload["user_id"],
            team_ids=frozenset({payload["team_id"]}),
            channel_id=payload["channel_id"],
            request_key=request_key,
            response_url=payload["response_url"],
            trigger_id=payload["trigger_id"],
        )

    @classmethod
    def of_action(cls, payload: dict[str, Any], request_key: str) -> Self:
        """Read the press of a button (`bot.doors.payloads` has checked its shape)."""
        user = payload["user"]
        container = payload.get("container") or {}
        channel = payload.get("channel") or {}
        view = payload.get("view") or {}
        place = channel.get("id") or container.get("channel_id") or channel_of(view)
        return cls(
            user_id=user["id"],
            team_ids=_teams(payload),
            channel_id=place or user["id"],
            request_key=request_key,
            response_url=payload.get("response_url") or "",
            is_ephemeral=bool(container.get("is_ephemeral")),
            value=str(payload["actions"][0].get("value") or ""),
            trigger_id=payload.get("trigger_id") or "",
            modal_id=str(view.get("id") or "") if view.get("type") == "modal" else "",
        )

    @classmethod
    def of_submission(cls, payload: dict[str, Any]) -> Self:
        """Read a submitted form; it has its effect once, however often it is submitted."""
        view = payload["view"]
        return cls(
            user_id=payload["user"]["id"],
            team_ids=_teams(payload),
            channel_id=channel_of(view) or payload["user"]["id"],
            request_key=f"view:{view['id']}",
            response_url="",
            modal_id=view["id"],
        )

    @classmethod
    def of_event(cls, payload: dict[str, Any], request_key: str) -> Self:
        """Read an event that a person caused."""
        user_id = payload["event"]["user"]
        teams = frozenset({payload.get("team_id") or ""})
        return cls(user_id, teams, user_id, request_key, response_url="")

    @classmethod
    def of_question(cls, payload: dict[str, Any]) -> Self:
        """Read the question for a menu's options."""
        user_id = payload["user"]["id"]
        return cls(user_id, _teams(payload), user_id, "", "", value=payload["value"])


def channel_of(view: dict[str, Any]) -> str:
    """Return the channel that a view of ours was opened in; its metadata holds that alone."""
    metadata = str(view.get("private_metadata") or "")
    return metadata if is_slack_id(metadata) else ""


def _teams(payload: dict[str, Any]) -> frozenset[str]:
    teams = {payload["user"].get("team_id"), (payload.get("team") or {}).get("id")}
    return frozenset(team for team in teams if team)
