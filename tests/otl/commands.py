"""Running `otl …` in this process, with settings of its own."""

from collections.abc import Awaitable, Callable

from click.testing import Result

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
