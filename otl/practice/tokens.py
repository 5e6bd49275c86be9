"""The app's two tokens and what they may do."""

from collections.abc import Iterable
from typing import Final

from otl.practice.wire import SlackError

SCOPES: Final = frozenset(
    {
        "commands",
        "chat:write",
        "channels:read",
        "groups:read",
        "im:read",
        "im:write",
        "users:read",
        "users:read.email",
        "channels:history",
        "groups:history",
        "im:history",
    }
)


class Tokens:
    """Knows the bot token and the app-level token, and which scopes the bot has."""

    def __init__(self, *, bot: str, app: str) -> None:
        self.bot = bot
        self.app = app
        self.scopes = set(SCOPES)
        self.revoked = False

    def check(self, token: str | None, *, app_level: bool = False) -> None:
        """Let the right token pass.

        Raises:
            SlackError: not_authed, invalid_auth, token_revoked, not_allowed_token_type.
        """
        if not token:
            raise SlackError("not_authed")
        if token not in {self.bot, self.app}:
            raise SlackError("invalid_auth")
        if (token == self.app) != app_level:
            raise SlackError("not_allowed_token_type")
        if self.revoked and token == self.bot:
            raise SlackError("token_revoked")

    def require(self, scopes: Iterable[str]) -> None:
        """Let pass if the bot has one of these scopes.

        Raises:
            SlackError: missing_scope, with what is needed and what there is.
        """
        needed = list(scopes)
        if needed and not self.scopes.intersection(needed):
            provided = ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", needed=",".join(needed), provided=provided)
