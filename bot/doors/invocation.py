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
        action_id: of the button; "" elsewhere.
        value: of the button: ids, or a line to run; of a command: what was typed after /otl; of a
            menu: what is searched for.
        trigger_id: opens one view within three seconds.
        modal_id: of the modal that the button is in; "" elsewhere.
    """

    user_id: str
    team_ids: frozenset[str]
    channel_id: str
    request_key: str
    response_url: str = field(repr=False)
    action_id: str = ""
    is_ephemeral: bool = False
    value: str = field(default="", repr=False)
    trigger_id: str = field(default="", repr=False)
    modal_id: str = ""

    @property
    def is_for_one(self) -> bool:
        """Whether the button is where only this person sees it, so that its card may change."""
        return self.is_ephemeral or self.modal_id != ""

    @classmethod
    def of(cls, payload: dict[str, Any], request_key: str) -> Self | None:
        """Read what a person did (`bot.doors.payloads` has checked its shape); None: nobody did."""
        match payload:
            case {"command": _}:
                return cls._of_command(payload, request_key)
            case {"type": "block_actions"}:
                return cls._of_action(payload, request_key)
            case {"type": "view_submission"}:
                return cls._of_submission(payload, request_key)
            case {"type": "block_suggestion"}:
                user_id = payload["user"]["id"]
                return cls(user_id, _teams(payload), user_id, "", "", value=payload["value"])
            case {"type": "event_callback", "event": {"user": str(user_id)}}:
                teams = frozenset({payload.get("team_id") or ""})
                return cls(user_id, teams, user_id, request_key, response_url="")
            case _:
                return None

    @classmethod
    def _of_command(cls, payload: dict[str, Any], request_key: str) -> Self:
        return cls(
            user_id=payload["user_id"],
            team_ids=frozenset({payload["team_id"]}),
            channel_id=payload["channel_id"],
            request_key=request_key,
            response_url=payload["response_url"],
            value=payload.get("text", ""),
            trigger_id=payload["trigger_id"],
        )

    @classmethod
    def _of_action(cls, payload: dict[str, Any], request_key: str) -> Self:
        user = payload["user"]
        action = payload["actions"][0]
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
            action_id=action["action_id"],
            is_ephemeral=bool(container.get("is_ephemeral")),
            value=str(action.get("value") or _chosen(action)),
            trigger_id=payload.get("trigger_id") or "",
            modal_id=str(view.get("id") or "") if view.get("type") == "modal" else "",
        )

    @classmethod
    def _of_submission(cls, payload: dict[str, Any], request_key: str) -> Self:
        view = payload["view"]
        return cls(
            user_id=payload["user"]["id"],
            team_ids=_teams(payload),
            channel_id=channel_of(view) or payload["user"]["id"],
            request_key=request_key,
            response_url="",
            modal_id=view["id"],
        )


def channel_of(view: dict[str, Any]) -> str:
    """Return the channel that a view of ours was opened in; its metadata holds that alone."""
    metadata = str(view.get("private_metadata") or "")
    return metadata if is_slack_id(metadata) else ""


def _teams(payload: dict[str, Any]) -> frozenset[str]:
    teams = {payload["user"].get("team_id"), (payload.get("team") or {}).get("id")}
    return frozenset(team for team in teams if team)


def _chosen(action: dict[str, Any]) -> str:
    """Return the value of what was chosen in a menu; "" if it was a button."""
    option = action.get("selected_option")
    return str(option.get("value") or "") if isinstance(option, dict) else ""
