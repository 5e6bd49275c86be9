"""The stand-in for Slack, as people use it: they type, press, fill in; the app is told."""

import re
from dataclasses import replace
from typing import Final

from otl.practice import payloads
from otl.practice.answers import Filled, Given, action_of, missing_of, state_of
from otl.practice.api.account import describe
from otl.practice.blocks import find_element
from otl.practice.delivery import Answer, Delivery, Kind
from otl.practice.escaping import escape_typed
from otl.practice.limits import check_blocks
from otl.practice.messages import Message
from otl.practice.people import Channel, Person
from otl.practice.retries import Retries
from otl.practice.state import PracticeState
from otl.practice.submission import Submitted, read_submission_answer
from otl.practice.suggestions import read_suggestions
from otl.practice.views import View
from otl.practice.wire import Json, SlackError
from otl.practice.workspace import SLACKBOT

_COMMAND: Final = re.compile(r"(/\S+)\s*(.*)", re.DOTALL)
_INVITE: Final = re.compile(r"/invite\s+@(\S+)\s*")

COMMAND_FAILED: Final = '`{command}` failed with the error "{error}"\n{reason}'
NO_SUCH_COMMAND: Final = "`{command}` is not a valid command."
REASONS: Final = {
    "dispatch_failed": "The app could not be reached, or it refused. Is it running?",
    "operation_timeout": "The app did not answer within 3 seconds. Try again in a moment.",
    "invalid_command_response": "The app answered with something that Slack cannot show.",
}


class PracticeSlack(PracticeState):
    """See PracticeState for the arguments. Each verb here returns when the app has acknowledged."""

    async def type(
        self, user: str, channel: str, line: str, *, thread_ts: str | None = None
    ) -> None:
        """Do what a line in the composer means: a command, or a message."""
        command = _COMMAND.fullmatch(line.strip())
        if command is None:
            self.say(user, channel, line, thread_ts=thread_ts)
        elif _INVITE.fullmatch(line.strip() + " "):
            await self._invite(user, channel, line)
        elif command[1] in self.workspace.app.commands:
            await self.command(user, channel, line)
        else:
            self._whisper(user, channel, NO_SUCH_COMMAND.format(command=command[1]))

    def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Post what a person says."""
        self._open_place(user, channel)
        return self.workspace.say(channel, user, self._escape(text), thread_ts=thread_ts)

    async def command(self, user: str, channel: str, line: str) -> Answer:
        """Send a slash command; `line` is what was typed, "/otl issue onboarding for Jane"."""
        person, place = self._open_place(user, channel)
        words = _COMMAND.fullmatch(line.strip())
        if words is None:
            raise ValueError(f"not a command: {line!r}")
        payload = payloads.command_payload(
            self.envelope,
            person,
            place,
            command=words[1],
            text=self._escape(words[2]),
            trigger_id=self.tickets.issue_trigger(user),
            response_url=self._response_url(user, channel, None),
        )
        answer = await self.courier.send(Delivery(Kind.COMMAND, payload))
        self._show_answer(user, channel, words[1], answer)
        return answer

    async def press(
        self,
        user: str,
        message: Message,
        action_id: str,
        *,
        block_id: str | None = None,
        given: Given = None,
        filled: Filled | None = None,
    ) -> Answer:
        """Press a button or choose in a menu of a message.

        Args:
            given: what was chosen, for menus and pickers; an option's value is enough.
            filled: what stands in the message's other inputs.

        Raises:
            SlackError: action_not_found; this person cannot see or press that.
        """
        if user not in self.workspace.audience(message):
            raise SlackError("action_not_found")
        person, place = self._place(user, message.channel)
        block, element = find_element(message.blocks, action_id, block_id=block_id)
        payload = payloads.action_on_message(
            self.envelope,
            person,
            channel=place,
            message=message,
            action=action_of(block, element, given, ts=self.workspace.next_ts()),
            trigger_id=self.tickets.issue_trigger(user),
            response_url=self._response_url(user, message.channel, message.ts),
            values=state_of(message.blocks, filled or {}),
        )
        return await self.courier.send(Delivery(Kind.INTERACTION, payload))

    async def press_in_view(
        self,
        view: View,
        action_id: str,
        *,
        block_id: str | None = None,
        given: Given = None,
        filled: Filled | None = None,
    ) -> Answer:
        """Press or choose in a modal or in the App Home; the view knows whose it is."""
        block, element = find_element(view.blocks, action_id, block_id=block_id)
        entered = dict(filled or {})
        if given is not None:
            entered[block["block_id"], element["action_id"]] = given
        payload = payloads.action_in_view(
            self.envelope,
            self.workspace.person(view.user),
            view=view,
            action=action_of(block, element, given, ts=self.workspace.next_ts()),
            trigger_id=self.tickets.issue_trigger(view.user, view_id=view.id),
            values=state_of(view.blocks, entered),
        )
        return await self.courier.send(Delivery(Kind.INTERACTION, payload))

    async def submit(self, view: View, filled: Filled | None = None) -> Submitted:
        """Press a modal's submit button, and do what the app answers."""
        values = state_of(view.blocks, filled or {})
        missing = missing_of(view.blocks, values)
        if missing:
            return Submitted(errors=missing)
        payload = payloads.view_submission(
            self.envelope,
            self.workspace.person(view.user),
            view=view,
            values=values,
            trigger_id=self.tickets.issue_trigger(view.user, view_id=view.id),
        )
        answer = await self.courier.send(Delivery(Kind.INTERACTION, payload))
        return read_submission_answer(self.views, view, answer)

    async def close_view(self, view: View, *, all_of_them: bool = False) -> None:
        """Close a modal, or the whole stack; the app is told if it asked to be."""
        if all_of_them:
            self.views.clear(view.user)
        else:
            self.views.close(view)
        if view.body.get("notify_on_close"):
            person = self.workspace.person(view.user)
            payload = payloads.view_closed(self.envelope, person, view=view, is_cleared=all_of_them)
            await self.courier.send(Delivery(Kind.INTERACTION, payload))

    async def suggest(
        self,
        user: str,
        action_id: str,
        query: str = "",
        *,
        view: View | None = None,
        message: Message | None = None,
    ) -> list[Json]:
        """Ask the app for an external menu's options; groups come as they are.

        Raises:
            SlackError: the app did not answer, or with what Slack refuses.
        """
        shown = view.blocks if view is not None else message.blocks if message is not None else []
        block, _ = find_element(shown, action_id)
        payload = payloads.block_suggestion(
            self.envelope,
            self.workspace.person(user),
            action_id=action_id,
            block_id=block["block_id"],
            query=query,
            view=view,
            message=message,
        )
        return read_suggestions(await self.courier.send(Delivery(Kind.INTERACTION, payload)))

    async def open_home(self, user: str, *, tab: str = "home") -> Answer:
        """Open the conversation with the app at its Home tab, or at "messages"."""
        person, place = self._place(user, self.direct(user).id)
        ts = self.workspace.next_ts()
        payload = payloads.home_opened(
            self.envelope, person, channel=place, tab=tab, home=self.home(user), ts=ts
        )
        return await self._tell("app_home_opened", payload)

    async def invite(self, user: str, channel: str) -> Answer:
        """Add the app to a channel; it hears of that if it has subscribed."""
        _, place = self._open_place(user, channel)
        self.add_bot(channel)
        bot = self.workspace.app.bot_user_id
        self.workspace.say(channel, user, f"added <@{bot}> to this channel.")
        payload = payloads.member_joined(
            self.envelope, user=bot, channel=place, inviter=user, ts=self.workspace.next_ts()
        )
        return await self._tell("member_joined_channel", payload)

    async def deactivate(self, user: str, *, is_back: bool = False) -> Answer:
        """Deactivate somebody's account, or activate it again; the app hears of it."""
        person = replace(self.workspace.person(user), deleted=not is_back)
        self.workspace.people[user] = person
        payload = self.envelope.of_event(
            {"type": "user_change", "user": describe(self, person), "cache_ts": 1_700_000_000}
        )
        return await self._tell("user_change", payload)

    async def event(self, event: Json) -> Answer:
        """Send any event, such as {"type": "app_uninstalled"}, whether subscribed or not."""
        return await self.courier.send(Delivery(Kind.EVENT, self.envelope.of_event(event)))

    async def repeat(self, delivery: Delivery) -> Answer:
        """Send the same payload once more, as Slack does when an answer was late or lost."""
        return await self.courier.send(delivery)

    async def _tell(self, event_type: str, payload: Json) -> Answer:
        if event_type not in self.workspace.app.events:
            return Answer(None)
        answer = await self.courier.send(Delivery(Kind.EVENT, payload))
        if not answer.ok:
            retries = Retries(self.courier, payload)
            self.on_close.append(retries.close)
            retries.start()
        return answer

    def _show_answer(self, user: str, channel: str, command: str, answer: Answer) -> None:
        """Show what came back with the acknowledgement of a command, or why nothing did."""
        error, body = answer.error, answer.body
        content: Json = body if isinstance(body, dict) else {"text": body or ""}
        if error is None and check_blocks(content.get("blocks") or [], "message"):
            error = "invalid_command_response"
        if error is not None:
            words = COMMAND_FAILED.format(command=command, error=error, reason=REASONS[error])
            self._whisper(user, channel, words)
        elif content.get("text") or content.get("blocks"):
            self.workspace.say(
                channel,
                self.workspace.app.bot_user_id,
                str(content.get("text") or ""),
                blocks=content.get("blocks"),
                ephemeral_for=None if content.get("response_type") == "in_channel" else user,
            )

    async def _invite(self, user: str, channel: str, line: str) -> None:
        name = line.split("@", 1)[1].strip().lower()
        if name not in {self.workspace.app.handle, self.workspace.app.name.lower()}:
            self._whisper(user, channel, "Here only the app can be invited.")
            return
        if self.workspace.app.bot_user_id in self._place(user, channel)[1].members:
            self._whisper(user, channel, f"{self.workspace.app.name} is already in this channel.")
            return
        await self.invite(user, channel)

    def _whisper(self, user: str, channel: str, text: str) -> None:
        self.workspace.say(channel, SLACKBOT, text, ephemeral_for=user)

    def _place(self, user: str, channel: str) -> tuple[Person, Channel]:
        """Return a person and a channel they are in.

        Raises:
            SlackError: user_not_found, channel_not_found.
        """
        person = self.workspace.person(user)
        place = self.workspace.channels.get(channel)
        if place is None or user not in place.members:
            raise SlackError("channel_not_found")
        return person, place

    def _open_place(self, user: str, channel: str) -> tuple[Person, Channel]:
        """Return a person and a channel where they may write.

        Raises:
            SlackError: as _place, and is_archived.
        """
        person, place = self._place(user, channel)
        if place.archived:
            raise SlackError("is_archived")
        return person, place

    def _response_url(self, user: str, channel: str, original_ts: str | None) -> str:
        if not self.base_url:
            raise ValueError("serve_at() was not called: response URLs would lead nowhere")
        ticket = self.tickets.issue_response_url(user, channel, original_ts)
        return f"{self.base_url}/practice/response/{ticket}"

    def _escape(self, text: str) -> str:
        people = self.workspace.people.values()
        return escape_typed(text.strip(), people, self.workspace.channels.values())
