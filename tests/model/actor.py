"""One person in a process of its own, who is stopped at places inside the transaction.

`python -m tests.model.actor URL` says its backend's process id, then carries out an order a line
and answers with a line. It stops itself (SIGSTOP) before and after the UPDATE that decides about
the link, with `everywhere` behind the URL also before each COMMIT, until it is sent SIGCONT.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime
from typing import Any, Final

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from scheduling.bookings.book import book
from scheduling.database.opening import postgresql_dsn
from scheduling.database.postgresql import PostgresqlDatabase
from scheduling.errors import LinkNotActive
from scheduling.failpoints import arm
from scheduling.links.delete import delete_link
from scheduling.links.regenerate import regenerate_link
from scheduling.secrets.keyring import Purpose
from tests.arguments import deleting, regenerating
from tests.given import KEYRING, NOW, a_booker
from tests.model.use_cases import new_secret

STOPS: Final = {
    "book": "before_redeem=stop,redeemed=stop",
    "delete": "before_commit=stop",
    "regenerate": "before_commit=stop",
}
EVERYWHERE: Final = "before_redeem=stop,redeemed=stop,before_commit=stop"


async def main(url: str) -> None:
    database = PostgresqlDatabase(postgresql_dsn(url), pool=1)
    tell(await database.read(backend))
    event.listen(database._engine.sync_engine, "before_cursor_execute", stop_before_ending_a_link)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        arm(EVERYWHERE if "everywhere" in sys.argv else STOPS[order["verb"]])
        tell(await carry_out(database, order))
    arm("")
    await database.close()


def backend(session: Session) -> int:
    number: int = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return number


def stop_before_ending_a_link(_1: Any, _2: Any, statement: str, *_: Any) -> None:
    # Booking has failpoints around its own UPDATE.
    if statement.startswith("UPDATE one_time_link SET deleted_at"):
        os.kill(os.getpid(), signal.SIGSTOP)


async def carry_out(database: PostgresqlDatabase, order: dict[str, str]) -> str:
    try:
        match order["verb"]:
            case "book":
                token = order["token"]
                booked = await database.write(
                    book,
                    lookups=KEYRING.lookups(Purpose.LINK, token),
                    submission_id=order["submission"],
                    start=datetime.fromisoformat(order["start"]),
                    booker=a_booker(),
                    secret=new_secret(Purpose.BOOKING),
                    now=NOW,
                )
                return "booked before" if booked.replay else "booked"
            case "delete":
                await database.write(delete_link, **deleting(order["link"]))
                return "deleted"
            case "regenerate":
                done = await database.write(regenerate_link, **regenerating(order["link"]))
                return f"regenerated {done.replaced.status}"
            case verb:
                return f"nobody knows how to {verb}"
    except LinkNotActive as refusal:
        return f"gone {refusal.status}"
    except Exception as error:  # noqa: BLE001  # the test must hear of it
        return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def tell(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
