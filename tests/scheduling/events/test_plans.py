"""What is due is found by its partial index, however much was delivered before."""

from datetime import timedelta

from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.database.models import DeliveryRow, EventRow
from scheduling.events.deliveries import State
from scheduling.events.kinds import EventKind
from scheduling.events.queue import Terms, claim, next_due
from tests.given import NOW, given_calendar, given_link, when_booked

DELIVERED = 3000
TERMS = Terms({"slack": NOW}, busy_lanes={"C0BUSY"}, held={7, 8}, limit=16)


async def test_the_worker_s_queries_read_what_is_open_and_nothing_else(
    database: Database,
) -> None:
    await given_calendar(database)
    await when_booked(database, await given_link(database))
    await database.write(deliver_many)
    await database.write(lambda session: session.execute(text("ANALYZE")) and None)

    plans = await database.write(plans_of_the_worker)

    assert len(plans) == 2
    for plan in plans:
        assert "ix_delivery_due" in plan
        walked = plan.replace("SCAN delivery USING INDEX ix_delivery_due", "")
        assert "SCAN delivery" not in walked
        assert "Seq Scan on delivery" not in walked


def deliver_many(session: Session) -> None:
    """Have so much delivered that a planner would rather not read it all."""
    for number in range(DELIVERED):
        event_id = session.execute(
            insert(EventRow)
            .values(
                workspace_id=1,
                kind=EventKind.BOOKING_MOVED,
                subject_id=number,
                version=1,
                at=NOW,
            )
            .returning(EventRow.id)
        ).scalar_one()
        session.execute(
            insert(DeliveryRow).values(
                workspace_id=1,
                event_id=event_id,
                destination="slack",
                recipient="channel",
                topic=f"booking:{number}",
                notification_id=f"delivered-{number}",
                state=State.DONE,
                created_at=NOW,
                not_before=NOW,
                claims=1,
                failures=0,
                place=0,
                lane="C0SALES",
                plain=False,
                wanted=1,
                shown=1,
                closed_at=NOW,
            )
        )


def plans_of_the_worker(session: Session) -> list[str]:
    """Return how the database finds what `next_due` and `claim` ask for."""
    said: list[tuple[str, object]] = []
    connection = session.connection()

    def note(_1: object, _2: object, statement: str, parameters: object, *_: object) -> None:
        if "FROM delivery" in statement:
            said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    next_due(session, TERMS)
    claim(session, TERMS, now=NOW, lease=timedelta(minutes=2))
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return [
        "\n".join(
            str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)
        )
        for statement, parameters in said[:2]
    ]
