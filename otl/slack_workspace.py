"""Which workspace the token belongs to, and who is in it: asked of Slack at start."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import SLACK_TROUBLE, error_code
from otl.settings import SettingsError
from scheduling.calendars.hosts import NOT_SAID, Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.contacts import NAME_LENGTH, read_email
from scheduling.database import Database
from scheduling.plain_text import clean
from scheduling.times.time_zones import is_zone
from scheduling.workspaces import Workspace, ensure_workspace, find_workspace

log = logging.getLogger(__name__)

REFUSED_TOKEN: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
REFUSED_APP_TOKEN: Final = REFUSED_TOKEN | {"missing_scope", "not_allowed_token_type"}


async def identify_workspace(database: Database, slack: AsyncWebClient) -> Workspace:
    """Ask whose token it is; where Slack cannot be reached, the workspace of the last time serves.

    Raises:
        SettingsError: Slack refuses the token, or cannot be reached at the very first start.
        SecondWorkspace: the database belongs to another workspace.
    """
    try:
        answer = await slack.auth_test()
    except SLACK_TROUBLE as error:
        code = error_code(error)
        known = await database.read(find_workspace)
        if code in REFUSED_TOKEN or known is None:
            raise SettingsError(
                f"Slack did not take SLACK_BOT_TOKEN ({code}). Copy the bot token (xoxb-…) from "
                "your app's page, OAuth & Permissions, and check that this machine reaches Slack."
            ) from None
        log.warning("Slack cannot be reached (%s); going on as %s", code, known.team_id)
        return known
    return await database.write(
        ensure_workspace,
        team_id=str(answer["team_id"]),
        name=clean(str(answer.get("team") or answer["team_id"]), limit=NAME_LENGTH),
        now=datetime.now(UTC),
    )


async def check_app_token(slack: AsyncWebClient, app_token: str) -> None:
    """Ask Slack for a socket. Where it cannot be reached nothing is said: it is asked again.

    Raises:
        SettingsError: Slack refuses the token; slack_sdk would try it for ever.
    """
    try:
        await slack.apps_connections_open(app_token=app_token)
    except SLACK_TROUBLE as error:
        code = error_code(error)
        if code in REFUSED_APP_TOKEN:
            raise SettingsError(
                f"Slack did not take SLACK_APP_TOKEN ({code}). Make an app-level token (xapp-…) "
                "with the scope connections:write on your app's page, Basic Information."
            ) from None


async def people_of(
    slack: AsyncWebClient, calendars: Iterable[CalendarSettings]
) -> dict[str, Person]:
    """Ask Slack for all hosts and owners that the calendars name; the unknown are left out."""
    people: dict[str, Person] = {}
    named: set[str] = set()
    for calendar in calendars:
        named |= {*(calendar.hosts or ()), *filter(None, [calendar.owner])}
    for user_id in sorted(named):
        person = await _person(slack, user_id)
        if person is not None:
            people[user_id] = person
    return people


async def _person(slack: AsyncWebClient, user_id: str) -> Person | None:
    try:
        answer = await slack.users_info(user=user_id)
    except SLACK_TROUBLE as error:
        if error_code(error) in {"user_not_found", "user_not_visible"}:
            return None
        if error_code(error) == "missing_scope":
            log.warning("the name of %s is not known: the scope users:read is missing", user_id)
            return Person(user_id, NOT_SAID)
        raise SettingsError(f"Slack did not say who {user_id} is ({error_code(error)}).") from None
    user = answer["user"]
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or user.get("name") or user_id
    zone = user.get("tz")
    return Person(
        user_id,
        clean(str(name), limit=NAME_LENGTH) or user_id,
        read_email(str(profile.get("email") or "")),
        zone if isinstance(zone, str) and is_zone(zone) else None,
        has_left=bool(user.get("deleted")),
    )
