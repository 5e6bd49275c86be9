"""Each finding of `otl doctor`, against the stand-in and real databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from booking_web.app import create_site
from otl.health import PATHS as HEALTH
from otl.health import create_health
from otl.listening import listening
from otl.mounting import EVERYWHERE, create_root, mount
from otl.practice import PracticeSlack
from otl.practice.app import create_practice_app
from otl.practice.faults import Fault
from otl.settings import Settings
from scheduling.calendars.leaving import note_presence
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from tests.given import ANA, KEYRING, NOW, SALES, SAM, given_calendar
from tests.otl.examined import NOWHERE, findings, settings_for, those_with


@pytest.fixture
async def site(database: Database) -> AsyncIterator[str]:
    """The address of the real site."""
    app = create_site(database=database, keyring=KEYRING, urls=PublicUrls(NOWHERE))
    root = create_root(is_https=False)
    mount(root, create_health(database), *HEALTH)
    mount(root, app, EVERYWHERE)
    async with listening(root, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


async def test_where_all_is_well_nothing_has_to_be_mended(
    slack: PracticeSlack, database: Database, database_url: str, site: str
) -> None:
    await given_calendar(database, notification_channel=SALES)

    well, said = await findings(settings_for(slack, database_url, OTL_PUBLIC_URL=site))

    assert well
    notes = {line for line in said if not line.startswith("ok")}
    assert notes == {
        *those_with("Home tab", said),
        *those_with("SQLite 3.", said),
        *those_with("No mail is sent", said),
    }
    for words in (
        "All settings",
        "its schema is the newest",
        "The keys are those of the database.",
        "Slack takes the bot token; the workspace is Practice.",
        "All scopes are granted.",
        "The clock agrees",
        "OTL is in #sales.",
        "does not refuse the app-level token",
        f"{site} reaches the booking site.",
    ):
        assert len(those_with(words, said)) == 1, (words, said)


async def test_a_fresh_machine_is_told_what_is_missing_and_nothing_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/otl.sqlite3"

    well, said = await findings(Settings.from_environment({"OTL_DATABASE_URL": url}))

    assert not well
    for name in ("OTL_PUBLIC_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"):
        assert len(those_with(f"MEND  {name} is missing", said)) == 1, said
    assert those_with("note  The database does not exist yet", said)
    assert list(tmp_path.iterdir()) == []


async def test_a_token_that_slack_refuses(
    slack: PracticeSlack, database: Database, database_url: str
) -> None:
    slack.revoke_token()

    well, said = await findings(settings_for(slack, database_url))

    assert not well
    assert those_with("MEND  Slack does not take SLACK_BOT_TOKEN (token_revoked). Copy", said)
    assert not those_with(slack.tokens.bot, said)


async def test_slack_out_of_reach_is_not_the_tokens_fault(
    slack: PracticeSlack, database: Database, database_url: str
) -> None:
    slack.fault("auth.test", Fault.HTTP_503)

    well, said = await findings(settings_for(slack, database_url))

    assert not well
    assert those_with("MEND  Slack cannot be reached (http_503)", said)


@pytest.mark.parametrize(
    ("app_token", "code"),
    [("xapp-of-another-app", "invalid_auth"), ("xoxb-practice", "not_allowed_token_type")],
)
async def test_an_app_token_that_slack_refuses(
    slack: PracticeSlack, sqlite_database: Database, sqlite_url: str, app_token: str, code: str
) -> None:
    well, said = await findings(settings_for(slack, sqlite_url, SLACK_APP_TOKEN=app_token))

    assert not well
    assert those_with(f"MEND  Slack did not take SLACK_APP_TOKEN ({code})", said)


async def test_scopes_that_are_missing(
    slack: PracticeSlack, sqlite_database: Database, sqlite_url: str
) -> None:
    slack.drop_scope("im:write")
    optional = ["groups:history", "im:history", "users:read.email"]
    for scope in optional:
        slack.drop_scope(scope)

    well, said = await findings(settings_for(slack, sqlite_url))

    assert not well
    (line,) = those_with("MEND  Scopes are missing: im:write. The manifest has changed", said)
    assert line.endswith("reinstall the app.")
    for scope in optional:
        assert len(those_with(f"note  Without the scope {scope} ", said)) == 1, scope
    assert those_with("a private message whose answer got lost cannot be looked up", said)
    assert those_with("`/otl me` in Slack.", said)


async def test_doctor_changes_nothing_that_others_see(
    slack: PracticeSlack, sqlite_database: Database, sqlite_url: str
) -> None:
    await given_calendar(sqlite_database, notification_channel=SALES)

    _, said = await findings(settings_for(slack, sqlite_url))

    called = {call.method for call in slack.calls}
    assert called == {"auth.test", "conversations.info", "apps.connections.open"}
    assert slack.home(SAM) is None
    assert those_with("note  Slack does not say whether the app's Home tab is on.", said)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("archived", "MEND  #sales is archived."),
        ("removed", "MEND  OTL is not in #sales. Type there: /invite @OTL"),
        ("unknown", "MEND  The notification channel C0GONE cannot be seen (channel_not_found)."),
    ],
)
async def test_a_notification_channel_that_takes_nothing(
    slack: PracticeSlack, sqlite_database: Database, sqlite_url: str, trouble: str, words: str
) -> None:
    channel = "C0GONE" if trouble == "unknown" else SALES
    await given_calendar(sqlite_database, notification_channel=channel)
    if trouble == "archived":
        slack.archive(SALES)
    if trouble == "removed":
        slack.remove_bot(SALES)

    well, said = await findings(settings_for(slack, sqlite_url))

    assert not well
    assert those_with(words, said), said


@pytest.mark.parametrize(("off", "seconds"), [(-3600, 3600), (2 * 86_400, 172_800)])
async def test_a_clock_that_is_wrong(sqlite_url: str, off: int, seconds: int) -> None:
    slack = PracticeSlack(people=(), channels=())
    app = create_practice_app(slack)

    async def shift_clock(_: web.Request, response: web.StreamResponse) -> None:
        shifted = datetime.now(UTC) + timedelta(seconds=off)
        response.headers["Date"] = format_datetime(shifted, usegmt=True)

    app.on_response_prepare.append(shift_clock)
    async with listening(app, "127.0.0.1", 0) as port:
        slack.serve_at(f"http://127.0.0.1:{port}")
        well, said = await findings(settings_for(slack, sqlite_url))

    (line,) = those_with("MEND  This machine's clock is", said)
    assert not well
    assert abs(int(line.split()[5]) - seconds) < 60


async def test_a_calendar_whose_host_has_left(
    slack: PracticeSlack, database: Database, database_url: str
) -> None:
    await given_calendar(database)
    await given_calendar(
        database, slug="team", type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA), owner=ANA
    )
    await database.write(note_presence, workspace_id=1, user_id=SAM, has_left=True, now=NOW)

    well, said = await findings(settings_for(slack, database_url))

    assert not well
    assert those_with("MEND  onboarding-call offers no times: Sam Rivera left Slack. Name", said)
    assert those_with("MEND  team goes on without them: Sam Rivera left Slack. Name", said)


async def test_a_public_address_without_tls(slack: PracticeSlack, sqlite_url: str) -> None:
    well, said = await findings(
        settings_for(slack, sqlite_url, OTL_PUBLIC_URL="http://127.0.0.2:1")
    )

    assert not well
    assert those_with("MEND  OTL_PUBLIC_URL is not https: links are secrets.", said)
    assert those_with("note  http://127.0.0.2:1 does not reach the booking site", said)


async def test_an_address_where_something_else_answers(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    async with listening(web.Application(), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}"
        _, said = await findings(settings_for(slack, sqlite_url, OTL_PUBLIC_URL=url))

    assert those_with(f"note  {url} does not reach the booking site (HTTP 404)", said)
