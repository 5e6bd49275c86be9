"""POST /booking/{secret}/address: a mistyped address is corrected on the confirmation."""

from typing import Any

import pytest
from playwright.async_api import expect

from scheduling.bookings.book import Booked
from scheduling.bookings.details import booking_by_id
from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from scheduling.secrets.keyring import Purpose
from tests.booking_web.reading import forms, headings, words_of
from tests.booking_web.site import Site
from tests.booking_web.test_browser import browser
from tests.given import KEYRING, given_calendar, given_link, when_booked

__all__ = ["browser"]


async def given_booking(
    database: Database, email: str = "jane@gmial.com", contact: Contact | None = None
) -> tuple[Booked, str]:
    """Book; return the booking and its page."""
    await given_calendar(database)
    link = await given_link(database, contact=contact)
    booker = Booker("Jane Doe", email, "", "Europe/Berlin")
    booked = await when_booked(database, link, booker=booker)
    return booked, f"/booking/{KEYRING.token(Purpose.BOOKING, booked.secret)}"


def hidden(page: str) -> list[dict[str, str]]:
    """Return what each form of a page sends as it stands."""
    return [
        {
            str(one.get("name")): str(one.get("value", ""))
            for one in form.iter("input")
            if one.get("name")
        }
        for form in forms(page, "post")
    ]


async def address_of(database: Database, booked: Booked) -> str:
    return (await database.read(booking_by_id, booking_id=booked.booking_id)).booker.email


async def test_without_scripts_the_page_offers_what_was_probably_meant(
    site: Site, database: Database
) -> None:
    booked, path = await given_booking(database)
    page = await (await site.get(path)).text()
    suggestion, _ = hidden(page)

    answer = await site.post(f"{path}/address", data=suggestion, allow_redirects=False)

    new = answer.headers["Location"]
    assert suggestion["email"] == "jane@gmail.com"
    assert answer.status == 303
    assert new != path
    assert await address_of(database, booked) == "jane@gmail.com"
    assert (await site.get(path)).status == 404
    assert (await site.get(f"{path}/invitation.ics")).status == 404
    again = await site.get(new)
    assert headings(await again.text()) == ["You're booked."]
    assert forms(await again.text(), "post") == []


async def test_a_double_press_is_led_to_the_new_page_twice(site: Site, database: Database) -> None:
    _, path = await given_booking(database)
    suggestion, _ = hidden(await (await site.get(path)).text())

    answers = [
        await site.post(f"{path}/address", data=suggestion, allow_redirects=False) for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [303, 303]
    assert len({answer.headers["Location"] for answer in answers}) == 1


async def test_any_address_can_be_corrected_though_nothing_looks_wrong(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    booked, path = await given_booking(sqlite_database, email="joe@acme.example")
    [form] = hidden(await (await sqlite_site.get(path)).text())

    answer = await sqlite_site.post(f"{path}/address", data=form | {"email": "jo@acme.example"})

    assert answer.status == 200
    assert await address_of(sqlite_database, booked) == "jo@acme.example"


async def test_what_is_no_address_is_kept_and_said(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    booked, path = await given_booking(sqlite_database, email="joe@acme.example")
    [form] = hidden(await (await sqlite_site.get(path)).text())

    answer = await sqlite_site.post(f"{path}/address", data=form | {"email": "jo@acme"})

    page = await answer.text()
    assert answer.status == 422
    assert "This is not a whole e-mail address." in words_of(page)
    assert hidden(page)[0]["email"] == "jo@acme"
    assert f'href="{path}/invitation.ics"' in page
    assert await address_of(sqlite_database, booked) == "joe@acme.example"


@pytest.mark.parametrize("body", [b"", b"email=%FF", b"email=" + b"a" * 9000, b"\x00"])
async def test_what_is_no_form_harms_nothing(
    sqlite_site: Site, sqlite_database: Database, body: bytes
) -> None:
    _, path = await given_booking(sqlite_database)

    answer = await sqlite_site.post(f"{path}/address", data=body)

    assert answer.status == 422


async def test_it_is_corrected_once(sqlite_site: Site, sqlite_database: Database) -> None:
    _, path = await given_booking(sqlite_database)
    [form, _] = hidden(await (await sqlite_site.get(path)).text())
    moved = await sqlite_site.post(f"{path}/address", data=form, allow_redirects=False)

    answer = await sqlite_site.post(
        f"{moved.headers['Location']}/address", data={"email": "jane@else.example"}
    )

    assert answer.status == 409
    assert headings(await answer.text()) == ["The address was corrected before."]


async def test_nobody_corrects_what_they_have_not_the_address_of(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_booking(sqlite_database)
    stranger = KEYRING.new_secret(Purpose.BOOKING, b"0" * 16)
    path = f"/booking/{KEYRING.token(Purpose.BOOKING, stranger)}/address"

    answer = await sqlite_site.post(path, data={"email": "eve@else.example"})

    assert answer.status == 404


async def test_back_from_the_new_page_leads_to_it_again(
    browser: Any, sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    page = await browser.new_page()
    await page.goto(str(sqlite_site.make_url(f"/otl/{link.token}")))
    await page.locator(".day .times label").first.click()
    await page.get_by_label("Your name").fill("Jane Doe")
    await page.get_by_label("E-mail").fill("jane@gmial.com")
    await page.locator(".send .button").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")

    await page.get_by_text("Wrong e-mail address?").click()
    await page.get_by_label("Your e-mail address").fill("jane@gmail.com")
    await page.get_by_role("button", name="Correct the address").click()
    await expect(page.get_by_text("Wrong e-mail address?")).to_have_count(0)
    new = page.url
    await page.goto(str(sqlite_site.make_url(f"/otl/{link.token}")))
    await page.go_back()
    await page.go_forward()

    await page.wait_for_url(new)
