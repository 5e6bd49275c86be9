"""The connection breaks at COMMIT: whoever booked sees the confirmation all the same."""

from tests.crash.postgresql_server import PostgresqlServer
from tests.crash.unsure_commits import cut_commits

BOOKINGS = 24


async def test_whose_commit_was_cut_sees_the_confirmation_when_the_form_is_sent_again(
    mortal_postgresql: PostgresqlServer,
) -> None:
    url = await mortal_postgresql.new_database()

    done = await cut_commits(url, mortal_postgresql.socket, bookings=BOOKINGS, seed=20261209)

    assert done.verdict.violations() == {}
    assert done.confirmed == done.verdict.bookings == BOOKINGS
    assert 0 < done.resubmitted < BOOKINGS
    assert done.cuts > BOOKINGS
