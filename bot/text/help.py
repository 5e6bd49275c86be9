"""The help on one screen: each line is a command that can be pasted as it stands."""

from typing import Final

HEADLINE: Final = "One-time booking links: each works for one booking, then never again."
PRIVACY: Final = "Only you see what I answer. “Link used” is told where you issued the link."


def command_lines(*, calendar: str, link: str) -> list[tuple[str, str]]:
    """Return each command with what it does.

    Args:
        calendar: slug of a calendar that exists, so that the line works.
        link: public id, the newest of the reader's own if there is one.
    """
    return [
        ("/otl calendars", "what can be booked; add words to search"),
        (f"/otl issue {calendar} for Jane", "a link for Jane, shown to you alone"),
        (f"/otl issue {calendar} for Jane expires 7d", "with a deadline: 12h, 7d or 2w"),
        (f"/otl copy {link}", "its address again, while it is active"),
        (f"/otl regenerate {link}", "a new address; the old one stops working"),
        ("/otl status", "the newest links; add a calendar, a link, a person or “used”"),
        (f"/otl delete {link}", "nobody can book with it any more"),
        ("/otl health", "whether every notification arrived, and if not, why"),
    ]
