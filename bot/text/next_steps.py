"""What the bot says to who typed nothing, who is new, or who has just let it in."""

from typing import Final

from bot.text.links import opened, who
from bot.text.mrkdwn import code, escape, moment
from scheduling.calendars.find import CalendarDetails
from scheduling.links.details import LinkDetails
from scheduling.times.words import duration_words

FIRST_LINES: Final = (
    "*One-time booking links: each works for one booking, then never again.*",
    "Only you see the link. Send it to your contact; they pick a time.",
    "The channel reads “Link used” as soon as they have booked.",
)
ARRIVAL_LINES: Final = (
    "*One-time booking links: each works for one booking, then never again.*",
    "Type `/otl issue` to make one here; only you see its address.",
    "Everybody here reads “Link used” as soon as a contact has booked.",
)
MORE: Final = "`/otl help` shows all commands, `/otl status` what became of your links."


def headline(active: int) -> str:
    """Return how many links wait for their contacts."""
    if active == 0:
        return "You have no active link"
    return "You have 1 active link" if active == 1 else f"You have {active} active links"


def link(link: LinkDetails) -> str:
    """Return one active link of the reader's own: whom it is for, of which calendar."""
    name = who(link.contact, with_address=True) or "no name"
    until = f" · until {moment(link.expires_at)}" if link.expires_at else ""
    return f"*{name}* · {escape(link.calendar.name)}\n{code(link.public_id)}{until}{opened(link)}"


def calendar(calendar: CalendarDetails) -> str:
    """Return a calendar that the reader has used."""
    return f"*{escape(calendar.name)}* · {duration_words(calendar.duration)}"
