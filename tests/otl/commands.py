"""Running `otl …` in this process, with settings of its own, and a file that it loads."""

from collections.abc import Awaitable, Callable

from click.testing import Result

from otl.practice import PracticeSlack
from tests.given import KIM, SAM

Run = Callable[..., Awaitable[Result]]
SETTINGS = (
    "OTL_DATABASE_URL",
    "OTL_PUBLIC_URL",
    "OTL_HOST",
    "OTL_PORT",
    "OTL_SECRET_KEY",
    "OTL_SMTP_URL",
    "OTL_QUARANTINE_SECONDS",
    "OTL_RETENTION_DAYS",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_API_URL",
)
CALENDARS = f"""
[[calendar]]
slug = "onboarding-call"
name = "Onboarding Call"
type = "event"
duration_minutes = 30
group = "Customer Success"
timezone = "Europe/Berlin"
hosts = ["{SAM}"]
owner = "{KIM}"
[calendar.opening_hours]
mon = ["09:00-12:00"]
"""


def in_slack(slack: PracticeSlack, database_url: str) -> dict[str, str]:
    return {
        "OTL_DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": slack.tokens.bot,
        "SLACK_API_URL": slack.api_url,
    }
