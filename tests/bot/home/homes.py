"""What the tests of the App Home open, read and press."""

from typing import Any

from tests.bot.conftest import Office
from tests.given import SAM


async def opened(office: Office, user: str = SAM) -> str:
    """Open the App Home and return what it says."""
    answer = await office.slack.open_home(user)
    assert answer.ok, answer
    await office.slack.until(lambda: office.slack.home(user))
    return said(office, user)


def said(office: Office, user: str = SAM) -> str:
    home = office.slack.home(user)
    return "" if home is None else str(home.blocks)


async def pressed(office: Office, action_id: str, *, block: int = 0) -> None:
    home = office.slack.home(SAM)
    assert home is not None
    holding = [
        one for one in home.blocks if action_id in str([e.get("action_id") for e in _elements(one)])
    ]
    answer = await office.slack.press_in_view(home, action_id, block_id=holding[block]["block_id"])
    assert answer.ok, answer


def _elements(block: Any) -> list[Any]:
    return [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]


def modal_of(office: Office) -> str:
    view = office.slack.modal(SAM)
    return "" if view is None else str(view.blocks)
