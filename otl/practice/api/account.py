"""auth.test, apps.connections.open, users.info."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from otl.practice.api.method import Arguments, Method
from otl.practice.people import Person
from otl.practice.state import PracticeState
from otl.practice.wire import Json


def answer_auth_test(slack: PracticeState, _arguments: Arguments) -> Json:
    """Answer auth.test."""
    team, app = slack.workspace.team, slack.workspace.app
    answer: Json = {"ok": True, "url": f"https://{team.domain}.slack.com/", "team": team.name}
    answer |= {"user": app.handle, "team_id": team.id, "user_id": app.bot_user_id}
    return answer | {"bot_id": app.bot_id, "is_enterprise_install": False}


def open_connection(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer apps.connections.open: a WebSocket address that is good for one connection."""
    origin = arguments.origin.replace("http", "ws", 1)
    return {"ok": True, "url": f"{origin}/practice/socket?ticket={slack.sockets.issue_ticket()}"}


def user_info(slack: PracticeState, arguments: Arguments) -> Json:
    """Answer users.info; the address only with users:read.email."""
    person = slack.workspace.person(arguments.text("user"))
    return {"ok": True, "user": describe(slack, person)}


def describe(slack: PracticeState, person: Person) -> Json:
    """Return a person as Slack does; the address only with users:read.email."""
    offset = datetime.now(ZoneInfo(person.tz)).utcoffset()
    profile: Json = {"real_name": person.real_name, "display_name": person.name}
    profile |= {"title": person.title, "team": slack.workspace.team.id}
    if person.email is not None and "users:read.email" in slack.tokens.scopes:
        profile["email"] = person.email
    team = "T0STRANGER" if person.is_stranger else slack.workspace.team.id
    user: Json = {"id": person.id, "team_id": team, "name": person.name}
    user |= {"real_name": person.real_name, "deleted": person.deleted, "profile": profile}
    user |= {"tz": person.tz, "tz_label": person.tz, "is_stranger": person.is_stranger}
    user["tz_offset"] = int(offset.total_seconds()) if offset is not None else 0
    user |= {"is_admin": person.is_admin, "is_owner": False, "is_primary_owner": False}
    user |= {"is_restricted": person.is_restricted, "is_ultra_restricted": False}
    return user | {"is_bot": person.is_bot, "is_app_user": False, "updated": 1_700_000_000}


METHODS: Final = {
    "auth.test": Method(answer_auth_test),
    "apps.connections.open": Method(open_connection, app_level=True),
    "users.info": Method(user_info, ("users:read",)),
}
