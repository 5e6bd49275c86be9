"""Who somebody is in the workspace: member, guest or stranger, and whether they administer it."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bot.doors.invocation import Invocation
from bot.errors import Guest, Outsider
from bot.slack_client import SLACK_TROUBLE, error_code
from scheduling.times.time_zones import is_zone, zone

ADMIN_FOR_SECONDS: Final = 60.0
MEMBER_FOR_SECONDS: Final = 900.0
MOST_REMEMBERED: Final = 5000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody; a stranger is of another workspace (Slack Connect).

    Attributes:
        zone: IANA name, in which Slack shows times to them; "" where it does not say.
    """

    is_admin: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    zone: str = ""


class People:
    """Asks Slack's users.info, and remembers for a short time."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._known: dict[str, tuple[float, Person]] = {}

    async def is_admin(self, user_id: str) -> bool:
        """Tell whether they administer the workspace; no, while Slack does not say."""
        return (await self._ask(user_id, ADMIN_FOR_SECONDS)).is_admin

    async def zone(self, user_id: str) -> ZoneInfo | None:
        """Return the zone in which Slack shows times to somebody; None: it does not say."""
        name = (await self._ask(user_id, MEMBER_FOR_SECONDS)).zone
        return zone(name) if is_zone(name) else None

    def may_be_member(self, invocation: Invocation, *, team_id: str) -> bool:
        """Tell, without asking Slack, whether nothing speaks against it."""
        _, person = self._known.get(invocation.user_id, (0.0, Person()))
        return invocation.team_ids == {team_id} and not (person.is_guest or person.is_stranger)

    async def require_member(self, invocation: Invocation, *, team_id: str) -> None:
        """Let members of the workspace through.

        Who comes while users.info fails is taken for an ordinary member: that it is our workspace
        stands in the payload, which Slack signed.

        Raises:
            Outsider: somebody of another workspace.
            Guest: a guest of this one.
        """
        if invocation.team_ids != {team_id}:
            raise Outsider
        person = await self._ask(invocation.user_id, MEMBER_FOR_SECONDS)
        if person.is_stranger:
            raise Outsider
        if person.is_guest:
            raise Guest

    async def _ask(self, user_id: str, for_seconds: float) -> Person:
        now = asyncio.get_running_loop().time()
        asked_at, person = self._known.get(user_id, (float("-inf"), Person()))
        if now - asked_at < for_seconds:
            return person
        try:
            answer = await self._slack.users_info(user=user_id)
        except SLACK_TROUBLE as error:
            log.warning("users.info did not answer: %s", error_code(error))
            return Person()
        person = _read(answer.get("user") or {})
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[user_id] = (now, person)
        return person


def _read(user: dict[str, Any]) -> Person:
    return Person(
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")),
        zone=str(user.get("tz") or ""),
    )
