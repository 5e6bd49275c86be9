"""What doctor finds with the stand-in in Slack's place."""

from otl.doctor import examine
from otl.practice import PracticeSlack
from otl.settings import Settings
from tests.given import SECRET_KEY

NOWHERE = "http://127.0.0.1:1"


def settings_for(slack: PracticeSlack, database_url: str, **other: str) -> Settings:
    return Settings.from_environment(
        {
            "OTL_DATABASE_URL": database_url,
            "OTL_PUBLIC_URL": NOWHERE,
            "OTL_SECRET_KEY": SECRET_KEY,
            "SLACK_BOT_TOKEN": slack.tokens.bot,
            "SLACK_APP_TOKEN": slack.tokens.app,
            "SLACK_API_URL": slack.api_url,
        }
        | other
    )


async def findings(settings: Settings) -> tuple[bool, list[str]]:
    said: list[str] = []
    well = await examine(settings, said.append)
    return well, said


def those_with(words: str, said: list[str]) -> list[str]:
    return [line for line in said if words in line]
