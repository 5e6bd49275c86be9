"""A destination that refuses us as a whole."""

from datetime import timedelta

from scheduling.database import Database
from scheduling.events.destinations import SLACK
from scheduling.events.refusing import Refusing, clear_refusal, note_refusal, refusing
from tests.given import NOW, given_workspace
from tests.stored import count

MAIL = "mail"


async def test_slack_refuses_our_token_from_the_first_time_until_it_takes_it(
    database: Database,
) -> None:
    await given_workspace(database)
    at_first = await database.read(refusing)
    for reason, hours in (("token_revoked", 0), ("invalid_auth", 1)):
        await database.write(
            note_refusal,
            workspace_id=1,
            destination=SLACK,
            reason=reason,
            now=NOW + timedelta(hours=hours),
        )
    meanwhile = await database.read(refusing)

    await database.write(clear_refusal, workspace_id=1, destination=SLACK)

    assert (at_first, meanwhile) == ({}, {SLACK: Refusing("token_revoked", NOW)})
    assert await database.read(refusing) == {}
    assert await database.read(count, "destination_refusal") == 0


async def test_one_destination_takes_us_again_while_the_other_still_refuses(
    database: Database,
) -> None:
    await given_workspace(database)
    for destination in (SLACK, MAIL):
        await database.write(
            note_refusal, workspace_id=1, destination=destination, reason="no", now=NOW
        )

    await database.write(clear_refusal, workspace_id=1, destination=SLACK)

    assert await database.read(refusing) == {MAIL: Refusing("no", NOW)}


async def test_before_there_is_a_workspace_nothing_refuses_us(database: Database) -> None:
    assert await database.read(refusing) == {}
