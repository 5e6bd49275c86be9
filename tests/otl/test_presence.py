"""A host who left while OTL was down is noticed within a day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from otl.presence import Presence
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from tests.given import ANA, KIM, NOW, SAM, given_calendar
from tests.stored import rows

KINDS = "SELECT kind FROM event ORDER BY id"
LEFT = "SELECT slack_user_id FROM resource WHERE left_at IS NOT NULL"


@pytest.fixture
async def presence(database: Database, client: SlackClient) -> Presence:
    await given_calendar(database, type=CalendarType.COLLECTIVE, hosts=(SAM, ANA), owner=KIM)
    nothing = timedelta(0)
    return Presence(database, client, workspace_id=1, between_questions=nothing)


def unheard(slack: PracticeSlack, user: str, *, is_there: bool = False) -> None:
    """Deactivate an account, or activate it, while nobody hears of it."""
    people = slack.workspace.people
    people[user] = replace(people[user], deleted=not is_there)


async def test_who_left_or_is_back_is_noticed_once(
    database: Database, slack: PracticeSlack, presence: Presence
) -> None:
    await presence.one_round(NOW)
    unheard(slack, ANA)
    for _ in range(2):
        await presence.one_round(NOW)
    gone = await database.read(rows, LEFT)
    unheard(slack, ANA, is_there=True)
    await presence.one_round(NOW)

    assert gone == [(ANA,)]
    assert await database.read(rows, KINDS) == [("host.left",), ("host.returned",)]


@pytest.mark.parametrize("trouble", ["missing_scope", "user_not_found", "internal_error"])
async def test_where_slack_says_nothing_nobody_is_taken_for_gone(
    database: Database, slack: PracticeSlack, presence: Presence, trouble: str
) -> None:
    slack.fault("users.info", trouble, times=None)

    await presence.one_round(NOW)

    assert await database.read(rows, LEFT) == []


async def test_one_of_whom_slack_says_nothing_hides_no_other(
    database: Database, slack: PracticeSlack, presence: Presence
) -> None:
    unheard(slack, ANA)
    slack.fault("users.info", "user_not_visible", where=lambda fields: fields["user"] == SAM)

    await presence.one_round(NOW)

    assert await database.read(rows, LEFT) == [(ANA,)]
