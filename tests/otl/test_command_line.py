"""The script `otl`, as an operator uses it: what it does, and what it says when it cannot."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from otl.practice import PracticeSlack
from otl.practice.people import Team
from otl.process_lock import process_lock
from scheduling.database import Database
from tests.given import SECRET_KEY, given_calendar
from tests.otl.commands import Run, in_slack


def test_the_installed_script_knows_its_commands_and_its_version() -> None:
    script = str(Path(sys.executable).with_name("otl"))

    helped = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    told = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)

    commands = re.findall(r"^  ([a-z]+)  ", helped.stdout, re.MULTILINE)
    assert commands == [
        "backup",
        "calendars",
        "demo",
        "doctor",
        "erase",
        "keys",
        "manifest",
        "migrate",
        "restore",
        "serve",
    ]
    assert helped.stdout.startswith("Usage: otl [OPTIONS] COMMAND")
    assert version("otl") in told.stdout


async def test_migrate_makes_the_newest_schema_and_may_run_again(
    otl: Run, empty_database_url: str
) -> None:
    first = await otl("migrate", OTL_DATABASE_URL=empty_database_url)
    second = await otl("migrate", OTL_DATABASE_URL=empty_database_url)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.stdout == "The database has the newest schema.\n"


@pytest.mark.parametrize("command", ["migrate", "calendars list"])
async def test_a_database_server_that_is_down_is_told_in_words_without_its_password(
    otl: Run, command: str
) -> None:
    refused = await otl(
        *command.split(),
        OTL_DATABASE_URL="postgresql://otl:hidden-word@127.0.0.1:1/otl",
    )

    assert refused.exit_code == 1
    assert "The database cannot be reached (ConnectionRefusedError). Check" in refused.stderr
    assert "hidden-word" not in refused.output


async def test_a_database_that_is_not_on_the_server_is_told_in_words(
    otl: Run, postgresql_server: str
) -> None:
    url = re.sub(r"/[^/?]*\?", "/no_such_database?", postgresql_server)

    for command in ("migrate", "calendars list"):
        refused = await otl(*command.split(), OTL_DATABASE_URL=url)

        assert refused.exit_code == 1
        assert (
            "The database cannot be reached (InvalidCatalogNameError 3D000)." in refused.stderr
        ), refused.output


@pytest.mark.parametrize("command", ["migrate", "calendars load"])
async def test_what_would_write_beside_the_running_program_is_refused(
    otl: Run, slack: PracticeSlack, sqlite_url: str, calendars: str, command: str
) -> None:
    words = [*command.split(), *([calendars] if command == "calendars load" else [])]

    with process_lock(sqlite_url):
        refused = await otl(*words, **in_slack(slack, sqlite_url))

    assert refused.exit_code == 1
    assert refused.stderr == "Error: OTL is running on this database: stop it first.\n"
    assert slack.calls == []


async def test_serving_without_settings_names_each_and_where_to_get_it(
    otl: Run, tmp_path: Path
) -> None:
    refused = await otl("serve")

    assert refused.exit_code == 1
    lines = refused.stderr.removeprefix("Error: ").splitlines()
    assert [line.split(" is missing")[0] for line in lines] == [
        "OTL_PUBLIC_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
        "To try OTL without Slack: otl demo",
    ]
    assert list(tmp_path.iterdir()) == []


async def test_the_site_alone_needs_nothing_of_slack_but_postgresql(otl: Run) -> None:
    refused = await otl("serve", "--only", "web", OTL_PUBLIC_URL="https://book.example.com")

    assert refused.exit_code == 1
    assert "`--only` needs PostgreSQL: SQLite belongs to one process." in refused.stderr
    assert "SLACK" not in refused.stderr


@pytest.mark.parametrize("role", ["bot", "web", "worker"])
async def test_one_role_alone_on_sqlite_is_refused(
    otl: Run, slack: PracticeSlack, sqlite_url: str, role: str
) -> None:
    settings = in_slack(slack, sqlite_url) | {
        "OTL_PUBLIC_URL": "https://book.example.com",
        "SLACK_APP_TOKEN": slack.tokens.app,
    }

    refused = await otl("serve", "--only", role, **settings)

    assert refused.exit_code == 1
    assert "`--only` needs PostgreSQL" in refused.stderr


async def test_calendars_cannot_be_loaded_by_the_site_alone(otl: Run, calendars: str) -> None:
    refused = await otl(
        "serve",
        "--only",
        "web",
        "--calendars",
        calendars,
        OTL_DATABASE_URL="postgresql://otl@127.0.0.1:1/otl",
        OTL_SECRET_KEY=SECRET_KEY,
        OTL_PUBLIC_URL="https://book.example.com",
    )

    assert refused.exit_code == 1
    assert "`--calendars` needs Slack" in refused.stderr


async def test_postgresql_without_a_key_is_refused(otl: Run) -> None:
    refused = await otl(
        "serve",
        "--only",
        "web",
        OTL_DATABASE_URL="postgresql://otl@127.0.0.1:1/otl",
        OTL_PUBLIC_URL="https://book.example.com",
    )

    assert refused.exit_code == 1
    assert "OTL_SECRET_KEY is missing. With PostgreSQL every process" in refused.stderr


async def test_a_setting_that_cannot_be_is_refused_by_every_command(otl: Run) -> None:
    for command in ("serve", "demo", "migrate", "doctor", "calendars list"):
        refused = await otl(*command.split(), OTL_PORT="http")

        assert refused.exit_code == 1
        assert refused.stderr == "Error: OTL_PORT must be a whole number from 0 to 65535.\n"


async def test_the_token_of_a_second_workspace_is_refused(
    otl: Run, slack: PracticeSlack, database: Database, database_url: str, calendars: str
) -> None:
    await given_calendar(database)
    slack.workspace.team = Team("T0ANOTHER", "Another")

    refused = await otl("calendars", "load", calendars, **in_slack(slack, database_url))

    assert refused.exit_code == 1
    assert "belongs to the Slack workspace Practice (T0PRACTICE)" in refused.stderr


async def test_the_manifest_is_the_file_in_the_repository(otl: Run) -> None:
    printed = await otl("manifest")

    file = Path(__file__).parents[2] / "manifest.yml"
    assert printed.stdout == file.read_text(encoding="utf-8")
    assert yaml.safe_load(printed.stdout)["settings"]["socket_mode_enabled"] is True


async def test_the_manifest_for_http_names_the_one_door(otl: Run) -> None:
    printed = await otl("manifest", "--url", "https://book.example.com/")

    manifest = yaml.safe_load(printed.stdout)
    door = "https://book.example.com/slack/events"
    assert manifest["features"]["slash_commands"][0]["url"] == door
    assert manifest["settings"]["interactivity"]["request_url"] == door
    assert manifest["settings"]["socket_mode_enabled"] is False


async def test_a_manifest_for_an_address_that_slack_refuses_is_refused(otl: Run) -> None:
    refused = await otl("manifest", "--url", "http://book.example.com")

    assert refused.exit_code == 2
    assert "Slack needs an address that begins with https://." in refused.stderr


async def test_the_doctor_says_what_to_mend_and_the_shell_sees_it(
    otl: Run, slack: PracticeSlack, sqlite_database: Database, sqlite_url: str
) -> None:
    await given_calendar(sqlite_database)
    settings = in_slack(slack, sqlite_url) | {
        "OTL_PUBLIC_URL": "http://127.0.0.1:1",
        "SLACK_APP_TOKEN": slack.tokens.app,
    }

    well = await otl("doctor", **settings)
    slack.revoke_token()
    ill = await otl("doctor", **settings)

    assert well.exit_code == 0, well.output
    assert "MEND" not in well.stdout
    assert ill.exit_code == 1
    assert "MEND  Slack does not take SLACK_BOT_TOKEN (token_revoked)" in ill.stdout
