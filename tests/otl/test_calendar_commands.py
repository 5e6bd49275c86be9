"""`otl calendars`: loaded from a file and listed; what is refused, in words."""

from pathlib import Path

import pytest

from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from otl.process_lock import process_lock
from scheduling.database import Database, open_database
from scheduling.database.migrating import newest_revision
from scheduling.workspaces import find_workspace
from tests.given import KIM, SAM, given_calendar
from tests.otl.commands import CALENDARS, Run, in_slack
from tests.stored import count, rows


async def test_calendars_are_listed_a_line_each(
    otl: Run, database: Database, database_url: str
) -> None:
    await given_calendar(database, group="Customer Success")
    await given_calendar(database, slug="yoga", name="Morning Yoga", active=False)

    listed = await otl("calendars", "list", OTL_DATABASE_URL=database_url)

    assert listed.exit_code == 0, listed.output
    yoga, onboarding = listed.stdout.splitlines()
    assert yoga.split("  ")[0] == "yoga"
    assert "Deactivated" in yoga
    assert onboarding.startswith("onboarding-call")
    for words in ("Event", "30 min", "Active", "(Customer Success)", "with Sam Rivera"):
        assert words in onboarding


async def test_calendars_are_listed_while_the_program_runs(otl: Run, sqlite_url: str) -> None:
    with process_lock(sqlite_url):
        listed = await otl("calendars", "list", OTL_DATABASE_URL=sqlite_url)

    assert listed.exit_code == 0, listed.output
    assert listed.stdout == ""
    assert "There are no calendars." in listed.stderr


async def test_a_list_of_a_database_that_does_not_exist_makes_none(
    otl: Run, tmp_path: Path
) -> None:
    listed = await otl("calendars", "list")

    assert listed.exit_code == 1
    assert listed.stderr == "Error: There is no database yet. `otl serve` makes it.\n"
    assert list(tmp_path.iterdir()) == []


async def test_a_list_of_an_empty_database_says_to_migrate(
    otl: Run, empty_database_url: str
) -> None:
    if empty_database_url.startswith("sqlite"):
        Path(empty_database_url.removeprefix("sqlite:///")).touch()

    listed = await otl("calendars", "list", OTL_DATABASE_URL=empty_database_url)

    assert listed.exit_code == 1
    assert "schema is not the newest. Run `otl migrate`" in listed.stderr


async def test_loading_makes_changes_and_leaves_alone(
    otl: Run, slack: PracticeSlack, empty_database_url: str, calendars: str
) -> None:
    settings = in_slack(slack, empty_database_url)

    made = await otl("calendars", "load", calendars, **settings)
    again = await otl("calendars", "load", calendars, **settings)
    Path(calendars).write_text(CALENDARS.replace("= 30", "= 45"))
    changed = await otl("calendars", "load", calendars, **settings)

    assert made.stdout == "made: onboarding-call\n", made.output
    assert again.stdout == "unchanged: onboarding-call\n"
    assert changed.stdout == "changed: onboarding-call\n"
    listed = await otl("calendars", "list", OTL_DATABASE_URL=empty_database_url)
    assert "45 min" in listed.stdout
    assert "with Sam Rivera" in listed.stdout  # as users.info tells


async def test_loading_asks_whose_token_it_is_before_anything_else(
    otl: Run, slack: PracticeSlack, database: Database, database_url: str, calendars: str
) -> None:
    await otl("calendars", "load", calendars, **in_slack(slack, database_url))

    assert [call.method for call in slack.calls] == ["auth.test", *["users.info"] * 2]
    workspace = await database.read(find_workspace)
    assert workspace is not None
    assert (workspace.team_id, workspace.name) == ("T0PRACTICE", "Practice")


async def test_a_bad_field_is_named_and_nothing_is_changed(
    otl: Run, slack: PracticeSlack, sqlite_database: Database, sqlite_url: str, calendars: str
) -> None:
    good_then_bad = CALENDARS + CALENDARS.replace("onboarding-call", "b").replace("= 30", "= 0")
    Path(calendars).write_text(good_then_bad)

    refused = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    assert refused.exit_code == 1
    assert refused.stderr == (
        "Error: In calendar b, duration_minutes must be 1 to 1440. Nothing was changed.\n"
    )
    assert await sqlite_database.read(rows, "SELECT slug FROM calendar") == []


async def test_a_host_whom_slack_does_not_know_is_named(
    otl: Run, slack: PracticeSlack, sqlite_url: str, calendars: str
) -> None:
    Path(calendars).write_text(CALENDARS.replace(SAM, "U0NOBODY"))

    refused = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    assert refused.exit_code == 1
    assert "onboarding-call, hosts cannot be: Slack knows nobody as U0NOBODY." in refused.stderr


async def test_an_owner_whom_slack_does_not_know_is_named(
    otl: Run, slack: PracticeSlack, sqlite_database: Database, sqlite_url: str, calendars: str
) -> None:
    Path(calendars).write_text(CALENDARS.replace(f'owner = "{KIM}"', 'owner = "U0NOBODY"'))

    refused = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    assert refused.exit_code == 1
    assert "onboarding-call, owner cannot be: Slack knows nobody as U0NOBODY." in refused.stderr
    assert await sqlite_database.read(rows, "SELECT slug FROM calendar") == []


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.HTTP_500, "http_500"), ("access_denied", "access_denied")]
)
async def test_slack_that_does_not_say_who_somebody_is_stops_the_loading(
    otl: Run,
    slack: PracticeSlack,
    sqlite_url: str,
    calendars: str,
    fault: Fault | str,
    code: str,
) -> None:
    slack.fault("users.info", fault)

    refused = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    assert refused.exit_code == 1
    assert refused.stderr == f"Error: Slack did not say who {KIM} is ({code}).\n"


async def test_a_file_that_is_not_there_is_told_in_words(
    otl: Run, slack: PracticeSlack, sqlite_url: str
) -> None:
    refused = await otl("calendars", "load", "nowhere.toml", **in_slack(slack, sqlite_url))

    assert refused.exit_code == 1
    assert refused.stderr == "Error: nowhere.toml cannot be opened: No such file or directory.\n"


async def test_loading_without_a_token_says_where_to_get_one(otl: Run, calendars: str) -> None:
    refused = await otl("calendars", "load", calendars)

    assert refused.exit_code == 1
    assert "SLACK_BOT_TOKEN is missing" in refused.stderr
    assert "OAuth & Permissions" in refused.stderr


async def test_an_old_schema_is_brought_up_by_loading(
    otl: Run, slack: PracticeSlack, empty_database_url: str, calendars: str
) -> None:
    loaded = await otl("calendars", "load", calendars, **in_slack(slack, empty_database_url))

    assert loaded.exit_code == 0, loaded.output
    listed = await otl("doctor", **in_slack(slack, empty_database_url))
    assert "its schema is the newest" in listed.stdout
    assert newest_revision() not in listed.stdout


async def test_loading_names_the_hosts_whose_room_is_missing(
    otl: Run, slack: PracticeSlack, sqlite_url: str, calendars: str
) -> None:
    Path(calendars).write_text(CALENDARS.replace("duration", 'place = "host-room"\nduration', 1))

    loaded = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    assert loaded.exit_code == 0, loaded.output
    assert loaded.stderr == (
        "onboarding-call meets in the host's room, and Sam Rivera named none yet: type `/otl me`"
        " in Slack. Until then contacts read that the host sends them the place.\n"
    )


async def test_loading_notices_a_host_who_has_left_and_tells_the_owner(
    otl: Run, slack: PracticeSlack, sqlite_url: str, calendars: str
) -> None:
    await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))
    await slack.deactivate(SAM)

    loaded = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    assert loaded.exit_code == 0, loaded.output
    assert "onboarding-call offers no times: Sam Rivera left Slack. Name other" in loaded.stderr
    database = open_database(sqlite_url)
    assert await database.read(count, "event", "kind = 'host.left'") == 1
    await database.close()


async def test_without_the_scope_for_names_calendars_load_and_known_names_stay(
    otl: Run, slack: PracticeSlack, sqlite_url: str, calendars: str
) -> None:
    slack.drop_scope("users:read")
    await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))
    unnamed = await otl("calendars", "list", **in_slack(slack, sqlite_url))
    slack.tokens.scopes.add("users:read")
    await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))
    slack.drop_scope("users:read")

    loaded = await otl("calendars", "load", calendars, **in_slack(slack, sqlite_url))

    named = await otl("calendars", "list", **in_slack(slack, sqlite_url))
    assert loaded.exit_code == 0, loaded.output
    assert f"with {SAM}" in unnamed.stdout
    assert "with Sam Rivera" in named.stdout
