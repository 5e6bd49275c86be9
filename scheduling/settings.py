"""The settings, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.link_token import Keyring
from scheduling.secret_key import keyring_from_file

DEFAULT_DATABASE: Final = "sqlite:///var/otl.sqlite3"
SLACK_API: Final = "https://slack.com/api/"


class SettingsError(Exception):
    """Settings that cannot be; the message is for the operator, one line a problem, no secrets."""


@dataclass(frozen=True, slots=True)
class Settings:
    """See the table of settings in README.

    Attributes:
        public_url: where contacts reach the site, without a last slash; None if not set.
        quarantine: how long an unsure notification waits before Slack's history is asked.
    """

    database_url: str = field(repr=False)
    public_url: str | None
    host: str
    port: int
    secret_key: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    slack_bot_token: str | None = field(repr=False)
    slack_signing_secret: str | None = field(repr=False)
    slack_app_token: str | None = field(repr=False)
    slack_api_url: str
    quarantine: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read them; an empty variable counts as not set.

        Raises:
            SettingsError: one of them cannot be read.
        """
        env = {name: value.strip() for name, value in environment.items() if value.strip()}
        problems: list[str] = []
        settings = cls(
            database_url=env.get("OTL_DATABASE_URL", DEFAULT_DATABASE),
            public_url=_public_url(env.get("OTL_PUBLIC_URL"), problems),
            host=env.get("OTL_HOST", "127.0.0.1"),
            port=int(_number(env, "OTL_PORT", 8080, problems, most=65535)),
            secret_key=env.get("OTL_SECRET_KEY"),
            smtp_url=env.get("OTL_SMTP_URL"),
            slack_bot_token=env.get("SLACK_BOT_TOKEN"),
            slack_signing_secret=env.get("SLACK_SIGNING_SECRET"),
            slack_app_token=env.get("SLACK_APP_TOKEN"),
            slack_api_url=env.get("SLACK_API_URL", SLACK_API).rstrip("/") + "/",
            quarantine=timedelta(seconds=_number(env, "OTL_QUARANTINE_SECONDS", 60, problems)),
        )
        try:
            is_sqlite(settings.database_url) and sqlite_path(settings.database_url)
        except ValueError as error:
            problems.append(str(error))
        if problems:
            raise SettingsError("\n".join(problems))
        return settings

    def keyring(self) -> Keyring:
        """Return the keys that make links: OTL_SECRET_KEY, or the key file beside SQLite's file.

        Raises:
            SettingsError: the key cannot be used, or PostgreSQL is set without OTL_SECRET_KEY.
        """
        try:
            if self.secret_key is not None:
                return Keyring.parse(self.secret_key)
            if not is_sqlite(self.database_url):
                raise SettingsError(
                    "OTL_SECRET_KEY is missing. With PostgreSQL every process needs the same key: "
                    "make one with `openssl rand -hex 32` and set it everywhere."
                )
            return keyring_from_file(sqlite_path(self.database_url).with_suffix(".key"))
        except ValueError as error:
            raise SettingsError(f"OTL_SECRET_KEY cannot be used: {error}.") from error


def _number(
    env: Mapping[str, str],
    name: str,
    default: float,
    problems: list[str],
    *,
    most: float = 86_400,
) -> float:
    text = env.get(name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        problems.append(f"{name} must be a number from 0 to {most:g}.")
        return default
    return number


def _public_url(text: str | None, problems: list[str]) -> str | None:
    if text is None:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        problems.append("OTL_PUBLIC_URL must be the site's address, like https://book.example.com.")
        return None
    return text.rstrip("/")
