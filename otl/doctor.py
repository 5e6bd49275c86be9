"""`otl doctor`: looks at everything that OTL stands on, and says for each trouble what to do."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.manifest import BOT_SCOPES, OPTIONAL_SCOPES
from bot.slack_client import SLACK_TROUBLE, error_code, is_refusal, open_slack_client
from otl.database_file import UnusableFile, exposed
from otl.departed import departed
from otl.existing_database import (
    NoDatabaseYet,
    OldSchema,
    existing_database,
    why_unavailable,
)
from otl.findings import Finding, Mark, fine, mend, note
from otl.keys import BadKeys, check_keyring
from otl.mail_doctor import examine_mail, send_trial
from otl.program import ALL_ROLES, require_settings
from otl.settings import Settings, SettingsError
from otl.slack_workspace import check_app_token
from scheduling.calendars.find import CalendarDetails, list_calendars
from scheduling.database import Database
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.errors import DatabaseUnavailable
from scheduling.events.mail_health import mails_waiting
from scheduling.workspaces import find_workspace

SAFE_SQLITE: Final = (3, 51, 3)
CLOCK_TOLERANCE: Final = timedelta(seconds=60)
SITE_SECONDS: Final = 10.0
# Slack tells it only to whoever publishes a Home, and that would overwrite somebody's.
HOME: Final = (
    "Slack does not say whether the app's Home tab is on. Look in Slack: without a tab Home in "
    "OTL's own conversation, switch it on on your app's page, App Home, Show Tabs."
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds, and what was found about it."""

    findings: list[Finding]
    calendars: tuple[CalendarDetails, ...] = ()
    mails_waiting: int = 0


async def examine(
    settings: Settings, say: Callable[[str], None], *, mail_to: str | None = None
) -> bool:
    """Look at everything and say what was found; return False if something must be mended.

    Args:
        mail_to: an address to which a mail is sent, to see whether it arrives.
    """
    findings = [*_settings(settings), *_key(settings)]
    stored = await _database(settings)
    calendars = stored.calendars
    findings += stored.findings
    findings += await examine_mail(settings.mail, calendars, waiting=stored.mails_waiting)
    if mail_to is not None:
        findings.append(await send_trial(settings.mail, mail_to))
    if settings.slack_bot_token is not None:
        async with open_slack_client(
            settings.slack_bot_token, base_url=settings.slack_api_url
        ) as slack:
            findings += await _slack(slack, calendars)
            if settings.slack_app_token is not None:
                findings.append(await _app_token(slack, settings.slack_app_token))
    if settings.public_url is not None:
        findings.append(await _site(settings.public_url))
    for finding in findings:
        say(f"{finding.mark}  {finding.words}")
    return all(finding.mark is not Mark.MEND for finding in findings)


def _settings(settings: Settings) -> list[Finding]:
    try:
        require_settings(settings, ALL_ROLES)
    except SettingsError as error:
        lines = [line for line in str(error).splitlines() if not line.startswith("To try")]
        return [mend(line) for line in lines]
    findings = [fine("All settings that `otl serve` needs are there.")]
    parts = urlsplit(settings.public_url or "")
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        findings.append(mend("OTL_PUBLIC_URL is not https: links are secrets. Put TLS in front."))
    return findings


def _key(settings: Settings) -> list[Finding]:
    try:
        settings.keyring()
    except SettingsError as error:
        return [mend(str(error))]
    return []


async def _known_keys(settings: Settings, database: Database) -> Finding | None:
    """Compare the keys with the database's; None: they cannot be read, which was said already."""
    try:
        keyring = await check_keyring(settings, database)
    except BadKeys as error:
        return mend(str(error))
    except SettingsError:
        return None
    if keyring is None:
        file = settings.key_file
        return note(f"There is no key file {file} yet, and none is missed: `otl serve` makes it.")
    return fine("The keys are those of the database.")


async def _database(settings: Settings) -> "Stored":
    try:
        async with existing_database(settings.database_url) as database:
            found = await _stored(database)
            keys = await _known_keys(settings, database)
    except UnusableFile as error:
        return Stored([mend(str(error))])
    except NoDatabaseYet:
        return Stored([note("The database does not exist yet; `otl serve` makes it, and its key.")])
    except OldSchema:
        words = "The database's schema is not the newest. Run `otl migrate`, or start `otl serve`."
        return Stored([mend(words)])
    except DatabaseUnavailable as error:
        return Stored([mend(why_unavailable(error))])
    stored = found.findings
    if keys is not None:
        stored.append(keys)
    if is_sqlite(settings.database_url):
        files = exposed(sqlite_path(settings.database_url))
        stored += [
            note(f"Others can open {file}. `otl serve` hides it as it starts.") for file in files
        ]
    if is_sqlite(settings.database_url) and sqlite3.sqlite_version_info < SAFE_SQLITE:
        words = (
            f"SQLite {sqlite3.sqlite_version} is older than 3.51.3, which mended a rare fault of "
            "WAL files. OTL keeps to one writer, which avoids it; upgrade when you can."
        )
        stored.append(note(words))
    return found


async def _stored(database: Database) -> "Stored":
    findings = [fine("The database answers, and its schema is the newest.")]
    workspace = await database.read(find_workspace)
    calendars: tuple[CalendarDetails, ...] = ()
    if workspace is not None:
        calendars = await database.read(list_calendars, workspace_id=workspace.id)
    if not calendars:
        words = "There are no calendars. Write a TOML file and run `otl calendars load FILE.toml`."
        findings.append(mend(words))
    findings += [mend(words) for words in departed(calendars)]
    return Stored(findings, calendars, await database.read(mails_waiting))


async def _slack(slack: AsyncWebClient, calendars: tuple[CalendarDetails, ...]) -> list[Finding]:
    try:
        answer = await slack.auth_test()
    except SLACK_TROUBLE as error:
        if not is_refusal(error):
            words = f"Slack cannot be reached ({error_code(error)}). Check this machine's network."
            return [mend(words)]
        words = (
            f"Slack does not take SLACK_BOT_TOKEN ({error_code(error)}). Copy the bot token from "
            "your app's page, OAuth & Permissions; install the app again if it was removed."
        )
        return [mend(words)]
    findings = [fine(f"Slack takes the bot token; the workspace is {answer['team']}.")]
    findings += _scopes(answer)
    findings += _clock(answer)
    findings.append(note(HOME))
    for channel in sorted({c.notification_channel for c in calendars if c.notification_channel}):
        findings.append(await _channel(slack, channel))
    return findings


async def _app_token(slack: AsyncWebClient, app_token: str) -> Finding:
    try:
        await check_app_token(slack, app_token)
    except SettingsError as error:
        return mend(str(error))
    return fine("Slack does not refuse the app-level token.")


def _scopes(answer: AsyncSlackResponse) -> list[Finding]:
    named = _header(answer, "x-oauth-scopes")
    if named is None:
        return []
    granted = {scope.strip() for scope in named.split(",")}
    findings = []
    if missing := sorted(set(BOT_SCOPES) - granted):
        words = (
            f"Scopes are missing: {', '.join(missing)}. The manifest has changed since the app was "
            "installed: update it on your app's page (`otl manifest` prints it), App Manifest, and "
            "reinstall the app."
        )
        findings.append(mend(words))
    findings += [
        note(f"Without the scope {scope} {words}.")
        for scope, words in OPTIONAL_SCOPES.items()
        if scope not in granted
    ]
    return findings or [fine("All scopes are granted.")]


def _clock(answer: AsyncSlackResponse) -> list[Finding]:
    date = _header(answer, "date")
    if date is None:
        return []
    off = abs(datetime.now(UTC) - parsedate_to_datetime(date).astimezone(UTC))
    if off > CLOCK_TOLERANCE:
        words = f"This machine's clock is {off.total_seconds():.0f} s off Slack's. Set it (NTP)."
        return [mend(words)]
    return [fine("The clock agrees with Slack's.")]


def _header(answer: AsyncSlackResponse, name: str) -> str | None:
    headers = {key.lower(): value for key, value in dict(answer.headers).items()}
    value = headers.get(name)
    return value if isinstance(value, str) else None


async def _channel(slack: AsyncWebClient, channel: str) -> Finding:
    try:
        answer = await slack.conversations_info(channel=channel)
    except SLACK_TROUBLE as error:
        words = (
            f"The notification channel {channel} cannot be seen ({error_code(error)}). Invite the "
            "app there (/invite @OTL), or change notification_channel."
        )
        return mend(words)
    info = answer["channel"]
    name = info.get("name") or channel
    if info.get("is_archived"):
        return mend(f"#{name} is archived. Change notification_channel.")
    if not info.get("is_member"):
        return mend(f"OTL is not in #{name}. Type there: /invite @OTL")
    return fine(f"OTL is in #{name}.")


async def _site(public_url: str) -> Finding:
    try:
        timeout = aiohttp.ClientTimeout(total=SITE_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{public_url}/healthz") as answer,
        ):
            if answer.status == 200 and (await answer.text()).strip() == "ok":
                return fine(f"{public_url} reaches the booking site.")
            reason = f"HTTP {answer.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        reason = type(error).__name__
    words = (
        f"{public_url} does not reach the booking site ({reason}). Is `otl serve` running, and "
        "does your proxy lead there?"
    )
    return note(words)
