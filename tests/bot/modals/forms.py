"""What the tests of forms open and read."""

from bot.modals import issue_form
from otl.practice.views import View
from tests.bot.conftest import Office
from tests.given import SALES, SAM

MENU = issue_form.CHOOSE_CALENDAR


async def opens(office: Office, line: str, user: str = SAM) -> View:
    """Type a line in which something is missing, and return the form."""
    answer = await office.slack.command(user, SALES, line)
    assert answer.ok, answer
    form: View = await office.slack.until(lambda: office.slack.modal(user))
    return form


def said_in(view: View | None) -> str:
    return "" if view is None else str(view.blocks)
