"""What the host of a class reads privately: one message for each meeting, edited as people book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.messages.message import Message, button, context, joined, section
from bot.messages.places import place_of
from bot.text import buttons
from bot.text import classes as words
from bot.text.mrkdwn import escape, is_slack_id, shortened
from bot.text.places import place
from scheduling.bookings.classes import Attendee, ClassDetails

Text = RichTextElementParts.Text
TextStyle = RichTextElementParts.TextStyle
User = RichTextElementParts.User

EVERYBODY: Final = "class_everybody"
TURN: Final = ("class_newer", "class_older")

MOST_SHOWN: Final = 40
"""A rich text block takes 100 parts; a person takes two, and their note is the second."""

NOTES_SHOWN: Final = 8000
"""Characters of notes in one message; Slack does not say how large a message may be."""

NOTE_CUT: Final = 100
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A page of a meeting's people: how many later ones come before."""

    appointment_id: int
    skip: int = 0

    def as_value(self) -> str:
        """Return it as a button's value."""
        return f"{self.appointment_id} {self.skip}"

    @classmethod
    def of_value(cls, value: str) -> "ClassPage | None":
        """Read a button's value; None where it cannot be read."""
        parts = value.split(" ")
        if len(parts) != 2 or not all(one.isdecimal() and len(one) < 19 for one in parts):
            return None
        return cls(int(parts[0]), int(parts[1]))


def class_booked(
    meeting: ClassDetails, *, reader: str | None, reroutes: Sequence[str] = ()
) -> Message:
    """Tell who comes: the last first, address and note too, and how many seats are left.

    Args:
        reader: Slack user id of whom it is meant for; None: it was rerouted to somebody else.
        reroutes: why somebody or the channel is not told, and this reader instead.
    """
    shown = meeting.people[:MOST_SHOWN]
    notes = _fitting(shown)
    is_whole = len(shown) == len(meeting.people) and notes == _notes(shown)
    more = words.and_more(len(meeting.people) - len(shown))
    small = context(more, words.LIVES, *reroutes)
    hosts = {host.slack_user_id for host in meeting.hosts}
    blocks = [
        *_head(meeting, reader, is_host=reader in hosts),
        *_people(shown, notes),
        small,
    ]
    if not is_whole:
        value = ClassPage(meeting.appointment_id).as_value()
        everybody = button(buttons.EVERYBODY, action_id=EVERYBODY, value=value)
        blocks.append(ActionsBlock(elements=[everybody]))
    facts = [*_facts(meeting, reader), *filter(None, reroutes), *_said(shown, notes)]
    return Message(text=joined(facts), blocks=tuple(blocks))


def class_people(meeting: ClassDetails, *, skip: int) -> Message:
    """Show a page of the people, each note in full."""
    total = len(meeting.people)
    skip = min(skip, max(total - 1, 0) // PAGE * PAGE)
    shown = meeting.people[skip : skip + PAGE]
    notes = _notes(shown)
    small = [words.which(skip + 1, skip + len(shown), total)]
    if any(one.is_hidden for one in shown):
        small.append(words.HIDDEN)
    small = [line for line in small if line]
    blocks = [*_head(meeting, None), *_people(shown, notes)]
    if small:
        blocks.append(context(*small))
    offered = [
        button(label, action_id=action_id, value=ClassPage(meeting.appointment_id, to).as_value())
        for label, action_id, to in (
            (buttons.NEWER, TURN[0], skip - PAGE),
            (buttons.OLDER, TURN[1], skip + PAGE),
        )
        if 0 <= to < total
    ]
    if offered:
        blocks.append(ActionsBlock(elements=offered))
    facts = [*_facts(meeting, None), *_said(shown, notes)]
    return Message(text=joined(facts), blocks=tuple(blocks))


def _head(meeting: ClassDetails, reader: str | None, *, is_host: bool = False) -> list[Block]:
    news, when = words.booked(meeting, bold=True), words.when(meeting, reader=reader, bold=True)
    place = place_of(
        meeting.place, phone="", appointment_id=meeting.appointment_id, is_host=is_host
    )
    return [section(f"{news}\n{when}"), *place]


def _facts(meeting: ClassDetails, reader: str | None) -> list[str]:
    return [
        words.booked(meeting, bold=False),
        words.when(meeting, reader=reader, bold=False),
        place(meeting.place, phone=""),
    ]


def _said(people: Sequence[Attendee], notes: Sequence[str]) -> Iterator[str]:
    for one, note in zip(people, notes, strict=True):
        yield words.person(one)
        if note:
            yield escape(note, len(note))


def _notes(people: Sequence[Attendee]) -> list[str]:
    return [one.booker.notes for one in people]


def _fitting(people: Sequence[Attendee]) -> list[str]:
    """Return the notes, in full as long as there is room, then their beginnings."""
    left, notes = NOTES_SHOWN, []
    for note in _notes(people):
        fits = len(note) <= left
        notes.append(note if fits else shortened(note, NOTE_CUT))
        left -= len(note) if fits else 0
    return notes


def _people(people: Sequence[Attendee], notes: Sequence[str]) -> list[Block]:
    elements: list[RichTextElement] = []
    for one, note in zip(people, notes, strict=True):
        elements.append(RichTextSectionElement(elements=list(_person(one))))
        if note:
            elements.append(RichTextQuoteElement(elements=[Text(text=note)]))
    return [RichTextBlock(elements=elements)] if elements else []


def _person(one: Attendee) -> Iterator[RichTextElement]:
    """Yield a person's line; what they typed has no meaning in it."""
    yield Text(text=words.name(one), style=TextStyle(bold=True))
    yield Text(text=words.between(one))
    yield Text(text=one.link_public_id, style=TextStyle(code=True))
    yield Text(text=", issued by ")
    if is_slack_id(one.link_issued_by):
        yield User(user_id=one.link_issued_by)
    else:
        yield Text(text=one.link_issued_by)
