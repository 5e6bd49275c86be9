"""What went wrong, said to whoever waits, wherever they wait: for every listener."""

import logging

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.context import Context
from bot.home.homes import Homes
from bot.listeners.events import HOME_OPENED
from bot.listeners.menus import options_saying
from bot.listeners.requests import answered_in_modal, invocation_of
from bot.messages.notes import RUN_LINES
from bot.modals.submissions import answer_error
from bot.replies import Reply, send, words_for

log = logging.getLogger(__name__)


class ErrorHandler:
    """Answers the errors of both parts of a listener."""

    def __init__(self, context: Context, homes: Homes) -> None:
        self._context = context
        self._homes = homes

    def answer(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        """Answer Slack, which waits: a menu with an option that says it, a form with its errors.

        Commands and buttons have a lazy part, which runs all the same and speaks to the person.
        """
        body = request.body
        match body.get("type"):
            case "block_suggestion":
                return BoltResponse(status=200, body=options_saying(error))
            case "view_submission":
                channel_id = invocation_of(request).channel_id
                said = answer_error(error, body["view"]["callback_id"], channel_id)
                return BoltResponse(status=200, body=said)
            case _:
                log.error("a request was heard, and more was not done", exc_info=error)
                return BoltResponse(status=200)

    async def tell(self, error: Exception, request: AsyncBoltRequest) -> None:
        """Tell the person what came of their command, button or App Home."""
        match request.body:
            case {"event": {"type": event}} if event != HOME_OPENED:
                words_for(error)  # in the log; nobody waits
            case {"event": _}:
                await self._homes.show(invocation_of(request).user_id, words_for(error))
            case _:
                opened = answered_in_modal(request)
                invocation = opened or invocation_of(request)
                typed = not invocation.action_id or invocation.action_id in RUN_LINES
                message = words_for(error, text=invocation.value if typed else "")
                reply = Reply(message, replaces=opened is not None)
                await send(reply, invocation, self._context.slack)
