"""What people say of themselves with `/otl me`: the form's words, and what became of it."""

from typing import Final

from bot.text.mrkdwn import escape
from scheduling.calendars.own_settings import OwnSettings
from scheduling.contacts import EMAIL_LENGTH

TITLE: Final = "About you"
SAVE: Final = "Save"
CHANGE: Final = "Change"

ROOM: Final = "Your room"
SOME_ROOM: Final = "https://meet.example.com/sam"
ROOM_HINT: Final = (
    "Where calendars say “the host's room”, your meetings are here. Empty: you say it each time."
)
ROOM_UNREADABLE: Final = (
    "Copy the whole address of your room. It begins with https:// and has no spaces."
)
EMAIL: Final = "Where invitations go"
SOME_EMAIL: Final = "sam@example.com"
EMAIL_HINT: Final = "The address of your calendar. Contacts never see it."
EMAIL_UNREADABLE: Final = "This is not a whole e-mail address. It looks like sam@example.com."
ZONE: Final = "Your time zone"
SOME_ZONE: Final = "Europe/Berlin"
ZONE_HINT: Final = "For the times in your mails. In Slack every time is in your zone there."
ZONE_UNREADABLE: Final = "Write a continent and a city, like Europe/Berlin or America/New_York."

USE_TITLE: Final = "Your new room"
USE: Final = "Go on"
YES: Final = "Yes"
NO: Final = "No, only for what is booked from now on"

NO_HOST: Final = (
    "No calendar takes your time yet. What you say here holds as soon as one does: where you meet, "
    "where invitations go, and which time they name."
)
SAVED: Final = "Saved."
NOT_CHANGED: Final = "Your coming meetings stay where they are."
NOT_KNOWN: Final = "what Slack says"


def email_hint(settings: OwnSettings) -> str:
    """Return what an empty field means."""
    if settings.slack_email is None:
        return f"{EMAIL_HINT} Empty: the one in Slack, if it says one."
    return f"{EMAIL_HINT} Empty: the one in Slack."


def zone_hint(settings: OwnSettings) -> str:
    """Return what an empty field means."""
    return f"{ZONE_HINT} Empty: that one." if settings.slack_zone else ZONE_HINT


def use_it(number: int) -> str:
    """Return the question about the meetings that are in another room of theirs."""
    if number == 1:
        return "Use it for your coming meeting, too?"
    return f"Use it for your {number} coming meetings, too?"


def summary(settings: OwnSettings) -> list[str]:
    """Return what holds now, a line each."""
    room = f"<{settings.room_url.replace('&', '&amp;')}>" if settings.room_url else "none"
    email = escape(settings.email or "", EMAIL_LENGTH)
    email_of_slack = escape(settings.slack_email or "", EMAIL_LENGTH)
    return [
        f"Your room: {room}",
        f"Invitations go to: {_first(email, email_of_slack)}",
        f"Your time zone: {_first(settings.zone, settings.slack_zone)}",
    ]


def _first(own: str | None, of_slack: str | None) -> str:
    if own:
        return own
    return f"{of_slack} (from Slack)" if of_slack else NOT_KNOWN


def moved(number: int) -> str:
    """Return how many meetings are in the new room now."""
    if not number:
        return "Your coming meetings are all in it already."
    counted = "1 coming meeting is" if number == 1 else f"{number} coming meetings are"
    return f"{counted} in your new room."
