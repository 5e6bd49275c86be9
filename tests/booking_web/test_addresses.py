"""What the issuer knew is filled in, and an address that is nearly another one is questioned."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import expect

from booking_web.addresses import did_you_mean
from booking_web.link_page.form import Fields, filled_in
from scheduling.contacts import Contact
from scheduling.database import Database
from tests.booking_web.reading import posted_fields
from tests.booking_web.site import Site
from tests.booking_web.test_browser import browser
from tests.given import given_calendar, given_link

__all__ = ["browser"]

ACME = "jane.doe@acme.com"
QUESTIONED: Mapping[tuple[str, str], str | None] = {
    ("jane@gmaiml.com", ""): "jane@gmail.com",
    ("jane@gmial.com", ""): "jane@gmail.com",
    ("jane@gmail.co", ""): "jane@gmail.com",
    ("jane@gmail.con", ""): "jane@gmail.com",
    ("Jane.Doe@Hotmal.com", ""): "Jane.Doe@hotmail.com",
    ("jane@yahooo.com", ACME): "jane@yahoo.com",
    ("jane.doe@amce.com", ACME): ACME,
    ("jane.doe@acme.co", ACME): ACME,
    ("jnae.doe@acme.com", ACME): ACME,
    ("joe@amce.com", ACME): "joe@acme.com",
    ("jane@gmail.com", ""): None,
    ("jane@mail.com", ""): None,
    ("jane@gmx.at", ""): None,
    ("jane@outlook.es", ""): None,
    ("jane@acme.example", ""): None,
    ("joe@acme.com", ACME): None,
    ("JANE.DOE@ACME.COM", ACME): None,
    ("jane@gmail.com", "jane@gmial.com"): None,
    ("jo@hp.com", "ji@hp.com"): None,
    ("jane", ""): None,
    ("jane@", ACME): None,
    ("@gmial.com", ""): None,
    ("", ""): None,
}


@pytest.mark.parametrize(("typed", "meant"), QUESTIONED.items())
def test_an_address_that_is_nearly_another_one_is_questioned(
    typed: tuple[str, str], meant: str | None
) -> None:
    address, issued_for = typed

    assert did_you_mean(address, issued_for=issued_for or None) == meant


@pytest.mark.parametrize(
    ("contact", "fields"),
    [
        pytest.param(
            Contact("Jane Doe", ACME), Fields(name="Jane Doe", email=ACME), id="name and address"
        ),
        pytest.param(Contact(None, ACME), Fields(email=ACME), id="an address alone"),
        pytest.param(Contact("Acme Inc", ACME), Fields(email=ACME), id="the address's company"),
        pytest.param(Contact("Acme"), Fields(), id="a name that may be a company's"),
        pytest.param(None, Fields(), id="nobody"),
    ],
)
def test_what_the_issuer_knew_is_filled_in(contact: Contact | None, fields: Fields) -> None:
    assert filled_in(contact) == fields


async def test_the_page_has_it_filled_in_and_keeps_what_was_written_over_it(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact("Jane Doe", ACME))

    page = await (await site.get(f"/otl/{link.token}")).text()
    answers = {"name": "Joe", "email": "joe@acme", "start": "soon"}
    sent = await site.post(f"/otl/{link.token}", data=posted_fields(page) | answers)

    first, second = posted_fields(page), posted_fields(await sent.text())
    assert (first["name"], first["email"]) == ("Jane Doe", ACME)
    assert sent.status == 422
    assert (second["name"], second["email"]) == ("Joe", "joe@acme")


async def test_one_press_beside_the_field_takes_what_was_meant(
    browser: Any, sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database, contact=Contact("Jane Doe", ACME))
    page = await browser.new_page()
    await page.goto(str(sqlite_site.make_url(f"/otl/{link.token}")))
    email = page.get_by_label("E-mail")
    await expect(email).to_have_value(ACME)

    await email.fill("jane@gmaiml.com")
    await page.get_by_role("button", name="Did you mean jane@gmail.com?").click()

    await expect(email).to_have_value("jane@gmail.com")
    await expect(email).to_be_focused()
    await expect(page.get_by_role("button", name="Did you mean")).to_have_count(0)
    await email.fill("joe@else.example")
    await page.get_by_role("link", name="Later").click()
    await expect(email).to_have_value("joe@else.example")  # and not what was filled in at first


async def test_the_script_asks_what_the_server_would(
    browser: Any, sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    page = await browser.new_page()
    await page.add_init_script("setTimeout = (work) => work()")
    await page.goto(str(sqlite_site.make_url(f"/otl/{link.token}")))

    asked = await page.evaluate(
        """rows => rows.map(([typed, issued]) => {
            const field = document.getElementById("email");
            field.value = typed;
            field.dataset.issued = issued;
            field.dispatchEvent(new Event("input"));
            const button = document.querySelector(".meant button");
            return button.hidden ? null : button.textContent;
        })""",
        list(QUESTIONED),
    )

    meant = [one and f"Did you mean {one}?" for one in QUESTIONED.values()]
    assert asked == meant
