"""The settings, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from otl.key_file import read_key_file
from otl.mail_settings import MailSettings, read_mail_settings
from scheduling.database.opening import is_sqlite, postgresql_dsn, sqlite_path
from scheduling.secrets.keyring import Keyring

DEFAULT_DATABASE: Final = "sqlite:///var/otl.sqlite3"
SLACK_API: Final = "https://slack.com/api/"
OUR_SUFFIXES: Final = frozenset({".key", ".lock"})
"""Files of ours beside SQLite's file have its name with one of these."""


class SettingsError(Exception):
    """Settings that cannot be; the message is for the operator, one line a problem, no secrets."""


@dataclass(frozen=True, slots=True)
class Settings:
    """See the table of settings in README.

    Attributes:
        public_url: where contacts reach the site, without a last slash; None if not set.
        mail: None: no mail is sent.
        quarantine: how long an unsure notification waits before Slack's history is asked.
        trusted_proxies: how many proxies of the operator's every request comes through.
        retention: how long what happened is kept after the end of what it is about.
    """

    database_url: str = field(repr=False)
    public_url: str | None
    host: str
    port: int
    secret_key: str | None = field(repr=False)
    mail: MailSettings | None
    slack_bot_token: str | None = field(repr=False)
    slack_signing_secret: str | None = field(repr=False)
    slack_app_token: str | None = field(repr=False)
    slack_api_url: str
    quarantine: timedelta
    trusted_proxies: int
    retention: timedelta

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
            port=_port(env.get("OTL_PORT", "8080"), problems),
            secret_key=env.get("OTL_SECRET_KEY"),
            mail=read_mail_settings(env.get("OTL_SMTP_URL"), env.get("OTL_MAIL_FROM"), problems),
            slack_bot_token=env.get("SLACK_BOT_TOKEN"),
            slack_signing_secret=env.get("SLACK_SIGNING_SECRET"),
            slack_app_token=env.get("SLACK_APP_TOKEN"),
            slack_api_url=env.get("SLACK_API_URL", SLACK_API).rstrip("/") + "/",
            quarantine=_quarantine(env.get("OTL_QUARANTINE_SECONDS", "60"), problems),
            trusted_proxies=_proxies(env.get("OTL_TRUSTED_PROXIES", "0"), problems),
            retention=_retention(env.get("OTL_RETENTION_DAYS", "400"), problems),
        )
        _check_database(settings.database_url, problems)
        if problems:
            raise SettingsError("\n".join(problems))
        return settings

    @property
    def key_file(self) -> Path | None:
        """The file that takes the place of OTL_SECRET_KEY; None where there can be none."""
        if self.secret_key is not None or not is_sqlite(self.database_url):
            return None
        return sqlite_path(self.database_url).with_suffix(".key")

    def keyring(self) -> Keyring | None:
        """Return the keys that make links: OTL_SECRET_KEY, or what is in the key file.

        None: there is no key file. `otl.keys` makes it where none is missed.

        Raises:
            SettingsError: the key cannot be used, or PostgreSQL is set without OTL_SECRET_KEY.
        """
        if self.key_file is not None:
            try:
                return read_key_file(self.key_file)
            except ValueError as error:
                raise SettingsError(
                    f"The key file {self.key_file} cannot be used: {error}. Bring it back from a "
                    "backup; without its key all links are dead."
                ) from None
        if self.secret_key is None:
            raise SettingsError(
                "OTL_SECRET_KEY is missing. With PostgreSQL every process needs the same key: "
                "make one with `openssl rand -hex 32` and set it everywhere."
            )
        try:
            return Keyring.parse(self.secret_key)
        except UnicodeError:
            raise SettingsError("OTL_SECRET_KEY cannot be used: it is not plain text.") from None
        except ValueError as error:
            raise SettingsError(f"OTL_SECRET_KEY cannot be used: {error}.") from None


def _check_database(url: str, problems: list[str]) -> None:
    try:
        if not is_sqlite(url):
            postgresql_dsn(url)
        elif sqlite_path(url).suffix in OUR_SUFFIXES:
            problems.append("OTL_DATABASE_URL must not end in .key or .lock: these are OTL's own.")
    except ValueError as error:
        problems.append(f"{error}.")


def _port(text: str, problems: list[str]) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    problems.append("OTL_PORT must be a whole number from 0 to 65535.")
    return 0


def _proxies(text: str, problems: list[str]) -> int:
    if text.isascii() and text.isdecimal() and len(text) == 1:
        return int(text)
    problems.append("OTL_TRUSTED_PROXIES must be a whole number from 0 to 9.")
    return 0


def _retention(text: str, problems: list[str]) -> timedelta:
    if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) > 0:
        return timedelta(days=int(text))
    problems.append("OTL_RETENTION_DAYS must be a whole number from 1 to 99999.")
    return timedelta(0)


def _quarantine(text: str, problems: list[str]) -> timedelta:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        problems.append("OTL_QUARANTINE_SECONDS must be a number from 0 to 86400.")
        return timedelta(0)
    return timedelta(seconds=seconds)


def _public_url(text: str | None, problems: list[str]) -> str | None:
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        is_site = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # [::1, or a port that is none
        is_site = False
    if not is_site or not set("?#@ \t").isdisjoint(text):
        problems.append("OTL_PUBLIC_URL must be the site's address, like https://book.example.com.")
        return None
    return text.rstrip("/")
