"""The one workspace of an installation."""

import pytest

from scheduling.database import Database
from scheduling.errors import SecondWorkspace
from scheduling.workspaces import Workspace, ensure_workspace, find_workspace
from tests.given import NOW
from tests.rendezvous import all_of
from tests.stored import count


async def test_the_first_workspace_that_is_named_is_the_one(database: Database) -> None:
    before = await database.read(find_workspace)

    made = await database.write(ensure_workspace, team_id="T0ONE", name="One", now=NOW)

    again = await database.write(ensure_workspace, team_id="T0ONE", name="One", now=NOW)
    assert before is None
    assert made == again == Workspace(1, "T0ONE", "One")
    assert await database.read(find_workspace) == made


async def test_a_second_workspace_is_refused_by_the_name_of_the_first(database: Database) -> None:
    await database.write(ensure_workspace, team_id="T0ONE", name="One", now=NOW)

    with pytest.raises(SecondWorkspace) as refusal:
        await database.write(ensure_workspace, team_id="T0TWO", name="Two", now=NOW)

    assert (refusal.value.name, refusal.value.team_id) == ("One", "T0ONE")
    assert await database.read(count, "workspace") == 1


async def test_of_two_teams_that_start_at_once_one_becomes_it(database: Database) -> None:
    answers = await all_of(
        database.write(ensure_workspace, team_id=team_id, name=team_id, now=NOW)
        for team_id in ("T0ONE", "T0TWO") * 10
    )

    assert await database.read(count, "workspace") == 1
    assert [type(answer) for answer in answers].count(Workspace) == 10
    assert [type(answer) for answer in answers].count(SecondWorkspace) == 10
