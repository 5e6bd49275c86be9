"""A message as the workspace keeps it and as the Web API shows it."""

from dataclasses import dataclass, field

from otl.practice.people import App, Team
from otl.practice.wire import Json


@dataclass(slots=True)
class Message:
    """One message.

    Attributes:
        ts: its id within the channel, "epoch.micro".
        stored_at: when it was stored, by the workspace's own running clock; history shows it later.
        ephemeral_for: the one person who may see it, or None.
        metadata: event_type and event_payload; the page never gets it.
    """

    ts: str
    channel: str
    user: str
    text: str
    stored_at: float
    blocks: list[Json] = field(default_factory=list)
    by_app: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    ephemeral_for: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None

    def is_reply(self) -> bool:
        """Say whether it lives in a thread only."""
        return self.thread_ts is not None and self.thread_ts != self.ts and not self.broadcast


def as_slack(message: Message, *, team: Team, app: App, include_metadata: bool = False) -> Json:
    """Write the message as `conversations.history` and payloads carry it."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text}
    shown |= {"ts": message.ts, "team": team.id}
    if message.by_app:
        icons = {"image_36": "", "image_48": "", "image_72": ""}
        shown |= {"bot_id": app.bot_id, "app_id": app.id}
        profile = {"id": app.bot_id, "app_id": app.id, "name": app.name, "deleted": False}
        shown["bot_profile"] = {**profile, "icons": icons, "team_id": team.id}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts is not None:
        shown["thread_ts"] = message.thread_ts
    if message.edited_ts is not None:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if include_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown
