"""The labels of buttons, and what is asked before one acts."""

from typing import Final

ALL: Final = "All"
ALL_MY_LINKS: Final = "All my links"
CANCEL: Final = "Cancel"
CHOOSE_LINK: Final = "Choose a link"
CLOSE: Final = "Close"
COPY: Final = "Copy"
DELETE: Final = "Delete"
FILL_IN: Final = "Fill in a form"
FILTER: Final = "Filter"
ISSUE: Final = "Issue link"
ISSUE_ANOTHER: Final = "Issue another"
KEEP: Final = "Keep it"
NEWER: Final = "Newer"
NEW_LINK: Final = "New link"
OLDER: Final = "Older"
REGENERATE: Final = "Regenerate"
STATUS: Final = "Status"

ASKED_BEFORE_DELETING: Final = "Delete this link?"
ASKED_BEFORE_REGENERATING: Final = "Make a new link?"
