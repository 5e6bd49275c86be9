"""Nobody else gets at a database that is being served, whatever name they use for it."""

from pathlib import Path

from tests.crash.second_names import come_by_a_link
from tests.crash.starter import Starter

BOOKINGS = 5


async def test_a_second_program_and_a_restore_through_a_symbolic_link_harm_no_booking(
    starter: Starter, tmp_path: Path
) -> None:
    done = await come_by_a_link(starter, tmp_path, bookings=BOOKINGS)

    assert done.verdict.violations() == {}
    assert done.refused == 2
    assert done.verdict.acknowledged == done.verdict.notifications == 3 * BOOKINGS
