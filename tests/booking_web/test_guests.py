"""The form asks for guests where there is mail, and gives them back with what is wrong."""

from scheduling.database import Database
from scheduling.workspaces import set_mail_sender
from tests.booking_web.reading import posted_fields, words_of
from tests.booking_web.site import Site
from tests.given import MONDAY_NINE, given_calendar, given_link

ANSWERS = {"name": "Jane Doe", "email": "jane@example.com"}
START = f"{MONDAY_NINE:%Y-%m-%dT%H:%M:%SZ}"


async def test_guests_are_kept_where_something_is_wrong_and_named_on_the_confirmation(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    await sqlite_database.write(set_mail_sender, workspace_id=1, address="meetings@acme.com")
    link = await given_link(sqlite_database)
    form = posted_fields(await (await sqlite_site.get(f"/otl/{link.token}")).text()) | ANSWERS
    form["start"] = START

    wrong = await sqlite_site.post(f"/otl/{link.token}", data=form | {"guests": "joe@acme"})
    page = await wrong.text()
    booked = await sqlite_site.post(f"/otl/{link.token}", data=form | {"guests": "joe@acme.com"})

    assert wrong.status == 422
    assert posted_fields(page)["guests"] == "joe@acme"
    assert "One of your guests has no whole e-mail address." in words_of(page)
    assert booked.status == 200
    assert "Guestsjoe@acme.com" in words_of(await booked.text())


async def test_where_there_is_no_mail_nobody_is_asked_for_guests(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    page = await (await sqlite_site.get(f"/otl/{link.token}")).text()

    assert "guests" not in posted_fields(page)
