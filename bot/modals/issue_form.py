"""The form for a link: filled in with what was typed, read back as the command's value. Pure."""

from typing import Final

from slack_sdk.models.views import View

from bot.errors import DeadlineOutOfBounds, DeadlineUnreadable, Misunderstanding
from bot.grammar.issue import IssueDraft, IssueLink, read_contact, read_deadline
from bot.modals.fields import (
    Misfilled,
    Values,
    chosen_in,
    field,
    form,
    option,
    search_menu,
    text_input,
    typed_in,
)
from bot.text import forms as words
from bot.text.refusals import refusal
from scheduling.contacts import Contact

CALLBACK: Final = "issue_form"
CALENDAR: Final = "calendar"
CONTACT: Final = "contact"
DEADLINE: Final = "deadline"
CHOOSE_CALENDAR: Final = "choose_calendar"


def issue_form(draft: IssueDraft, *, channel_id: str) -> View:
    """Return the form. A calendar that was typed stays as it was; it is looked up when sent."""
    typed = option(draft.calendar, draft.calendar) if draft.calendar else None
    calendar = search_menu(CHOOSE_CALENDAR, chosen=typed, placeholder=words.SEARCH_CALENDARS)
    contact = text_input(CONTACT, typed=draft.contact, placeholder=words.SOME_CONTACT)
    deadline = text_input(DEADLINE, typed=draft.deadline, placeholder=words.SOME_DEADLINE)
    return form(
        callback_id=CALLBACK,
        title=words.ISSUE_TITLE,
        submit=words.ISSUE,
        blocks=[
            field(CALENDAR, words.CALENDAR, calendar),
            field(CONTACT, words.CONTACT, contact, hint=words.CONTACT_HINT, optional=True),
            field(DEADLINE, words.DEADLINE, deadline, hint=words.DEADLINE_HINT, optional=True),
        ],
        channel_id=channel_id,
    )


def read_issue_form(values: Values) -> IssueLink:
    """Read what was filled in.

    Raises:
        Misfilled: with a sentence for each field that cannot be read.
    """
    errors = {}
    calendar = chosen_in(values, CALENDAR, CHOOSE_CALENDAR)
    if not calendar:
        errors[CALENDAR] = words.CHOOSE_ONE
    contact: Contact | None = None
    named = typed_in(values, CONTACT, CONTACT)
    try:
        contact = read_contact(named) if named else None
    except Misunderstanding as error:
        errors[CONTACT] = words.inline(refusal(error))
    deadline = None
    until = typed_in(values, DEADLINE, DEADLINE)
    try:
        deadline = read_deadline(until) if until else None
    except DeadlineOutOfBounds:
        errors[DEADLINE] = words.DEADLINE_OUT_OF_BOUNDS
    except DeadlineUnreadable:
        errors[DEADLINE] = words.DEADLINE_UNREADABLE
    if errors:
        raise Misfilled(errors)
    return IssueLink(calendar, contact, deadline)
