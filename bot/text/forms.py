"""The words of forms. Errors beside a field are plain text: no mention, no formatting."""

import re
from typing import Final

ONE_MOMENT: Final = "One moment…"
ISSUE_TITLE: Final = "New one-time link"
ISSUE: Final = "Issue link"
CALENDAR: Final = "Calendar"
SEARCH_CALENDARS: Final = "Search by name or group"
CONTACT: Final = "For whom"
SOME_CONTACT: Final = "Jane Doe jane@acme.com"
CONTACT_HINT: Final = "A name, an e-mail address, or both. The link works without it, too."
DEADLINE: Final = "Expires after"
SOME_DEADLINE: Final = "7d"
DEADLINE_HINT: Final = "12h, 7d or 2w. Left empty, it works until it is used or deleted."
DEADLINE_UNREADABLE: Final = "Write hours, days or weeks, like 12h, 7d or 2w."
DEADLINE_OUT_OF_BOUNDS: Final = (
    "A link can expire after one hour at the earliest, a year at the latest."
)

LINK: Final = "Link"
SEARCH_LINKS: Final = "Search by id, contact or calendar"

STATUS_TITLE: Final = "Status of links"
SHOW: Final = "Show"
ISSUED_BY: Final = "Issued by"
STATUS: Final = "Status"
EVERY_STATUS: Final = "All"
EVERY_CALENDAR: Final = "All calendars"
EVERYBODY: Final = "Everybody"
NO_GROUP: Final = "Without a group"

MENU_IS_FOR_MEMBERS: Final = "Only members of this workspace can use OTL."
MENU_HAS_NO_DATABASE: Final = "OTL's database does not answer. Wait a minute, then search again."
"""An option holds 75 characters."""

CHOOSE_ONE: Final = "Choose one."
ONE_OF_BOTH: Final = "Choose a calendar or a person, not both."
TOO_SLOW: Final = "That takes longer than usual. Press again: it is done once, however often."
NOT_YOURS: Final = (
    "Somebody else issued it. Ask them, the calendar's owner or a workspace admin to do that."
)

_SLACK_DATE: Final = re.compile(r"<!date\^-?\d+\^[^|<>]*\|([^<>]*)>")
_MENTION: Final = re.compile(r"<[@#][A-Z0-9]+>")


def menu_failed(reference: str) -> str:
    """Return why a menu is empty after an error that nobody expected."""
    return f"Something went wrong on my side. Tell whoever runs OTL: {reference}"


def inline(sentence: str) -> str:
    """Return a refusal's words without Slack's signs, for the line under a field."""
    said = _SLACK_DATE.sub(r"\1", sentence)
    said = _MENTION.sub("somebody else", said)
    said = said.replace("`", "").replace("*", "")
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
