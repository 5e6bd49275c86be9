"""How the mail stands, read from its deliveries."""

from datetime import timedelta

from scheduling.database import Database
from scheduling.events.deliveries import DestinationRefused, Done, NotSent, Outcome, Refused
from scheduling.events.mail_health import MailHealth, mail_health
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from scheduling.workspaces import set_mail_sender
from tests.given import NOW, given_calendar, given_link, given_workspace, when_booked

FROM = "meetings@acme.com"
HOUR = timedelta(hours=1)


async def given_mails(database: Database, *outcomes: Outcome | None) -> None:
    """Book once for each pair, and settle the mails so; None: it was not tried."""
    await given_calendar(database)
    await database.write(set_mail_sender, workspace_id=1, address=FROM)
    for number in range(len(outcomes) // 2):
        link = await given_link(database)
        start = NOW.replace(day=7, hour=9) + number * HOUR
        await when_booked(database, link, start=start)
    terms = Terms({"mail": NOW}, busy_lanes=(), held=(), limit=len(outcomes))
    claimed = await database.write(claim, terms, now=NOW, lease=HOUR)
    times = {"began_at": NOW, "ended_at": NOW, "now": NOW, "quarantine": HOUR}
    for delivery, outcome in zip(claimed, outcomes, strict=True):
        if outcome is not None:
            await database.write(settle, delivery, outcome, **times)


async def health(database: Database, *, after: timedelta = HOUR) -> MailHealth:
    return await database.read(mail_health, now=NOW + after)


async def test_without_mail_there_is_nothing_to_tell(database: Database) -> None:
    await given_workspace(database)

    assert await health(database) == MailHealth()


async def test_what_waits_is_counted_with_its_commonest_reason(database: Database) -> None:
    later = NotSent("450 4.2.0")

    await given_mails(database, None, NotSent("ConnectionRefusedError"), later, later)

    assert await health(database) == MailHealth(
        is_on=True, waiting=4, waiting_since=NOW, reason="450 4.2.0"
    )


async def test_what_came_of_the_others_is_told_for_a_week(database: Database) -> None:
    await given_mails(
        database,
        Done("mail", "1"),
        Done("mail", "2"),
        Refused("550 5.1.1"),
        Refused("the meeting is over"),
    )

    assert await health(database) == MailHealth(is_on=True, sent=2, unreached=1, too_late=1)
    assert await health(database, after=timedelta(days=8)) == MailHealth(is_on=True)


async def test_a_server_that_refuses_us_is_told_with_its_code(database: Database) -> None:
    await given_mails(database, DestinationRefused("535 5.7.8"), Done("mail", "1"))

    assert await health(database) == MailHealth(
        is_on=True,
        waiting=1,
        waiting_since=NOW,
        reason="535 5.7.8",
        refusal="535 5.7.8",
        refused_at=NOW,
        sent=1,
    )
