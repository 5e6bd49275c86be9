"""Where a meeting is, for those whom it concerns: its URL or number is in it."""

from typing import Final

from bot.text.mrkdwn import escape
from scheduling.bookings.change_place import PlaceChanged
from scheduling.places import PLACE_LENGTH, Place, for_team

ADD: Final = "Add the place"
CHANGE: Final = "Change"
TITLE: Final = "Place of the meeting"
SAVE: Final = "Save"
PLACE: Final = "Where do you meet?"
SOME_PLACE: Final = "https://meet.example.com/sam"
PLACE_HINT: Final = "An address on the web, or words. Whoever booked reads it."
PLACE_MISSING: Final = "Write an address on the web, or words: at most 500 characters."

MOST_NAMED: Final = 3


def place(where: Place | None, *, phone: str) -> str:
    """Return "Online meeting: https://…", "By phone: +49 30 123456", an address; "": nothing."""
    words = escape(for_team(where, phone=phone), PLACE_LENGTH)
    url = where.url if where else ""
    return f"{words}: {_link(url)}" if url else words


def way_to(where: Place | None) -> str:
    """Return a place for a list: "Online meeting" that leads there, an address; "": nothing."""
    words = escape(for_team(where, phone=""))
    url = where.url if where else ""
    return f"<{url.replace('&', '&amp;')}|{words}>" if url else words


def changed(where: Place, done: PlaceChanged) -> str:
    """Return what became of it, and who is told."""
    if not done.meetings:
        return f"It was so already: {place(where, phone='')}"
    return f"Saved: {place(where, phone='')}\n{told(done)}"


def told(done: PlaceChanged) -> str:
    """Return who is told how, or that somebody must tell them."""
    match done.contacts:
        case ():
            return "Nobody has booked, so nobody is told."
        case (one,):
            who, gets, they = escape(one), "gets", "their page shows it"
        case several:
            named = ", ".join(escape(one) for one in several[:MOST_NAMED])
            more = len(several) - MOST_NAMED
            who = f"{named} and {more} more" if more > 0 else named
            gets, they = "get", "their pages show it"
    if done.by_mail:
        return f"{who} {gets} a mail with it."
    return f"OTL sends no mail here, so please tell {who}; {they} too."


def _link(url: str) -> str:
    """Return a URL as a link that shows all of itself; `read_web_address` left no sign in it."""
    return f"<{url.replace('&', '&amp;')}>"
