"""An answer shown in a modal, where it was asked for in a modal or in the App Home."""

from slack_sdk.models.views import View

from bot.messages.message import Message, plain
from bot.text.buttons import CLOSE
from bot.text.notices import BOT_NAME

TITLE_LENGTH = 24  # https://docs.slack.dev/reference/views/modal-views


def as_modal(message: Message, *, channel_id: str) -> View:
    """Return the message as a modal.

    Args:
        channel_id: where its buttons act as if they were pressed there.
    """
    return View(
        type="modal",
        title=plain(BOT_NAME, TITLE_LENGTH),
        close=plain(CLOSE, TITLE_LENGTH),
        blocks=list(message.blocks),
        private_metadata=channel_id,
    )
