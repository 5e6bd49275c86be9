"""The App Home: for now what OTL does, and the commands."""

import logging

from slack_sdk.models.views import View

from bot.commands.help import show_help
from bot.desk import Desk
from bot.slack_client import SLACK_TROUBLE, error_code

log = logging.getLogger(__name__)


async def publish_home(user_id: str, desk: Desk) -> None:
    """Publish it for one person; to publish again changes nothing."""
    message = await show_help(user_id, desk)
    try:
        await desk.slack.views_publish(
            user_id=user_id, view=View(type="home", blocks=list(message.blocks))
        )
    except SLACK_TROUBLE as error:
        log.warning("the App Home was not published: %s", error_code(error))
