# ruff: noqa: INP001  # a script, run by hand
"""Takes README's pictures: `python docs/take_pictures.py` writes them to docs/pictures/.

With names (`… take_pictures.py home form`) it writes those alone. The whole program runs in this
process, on a day in December 2026 that never ends.
"""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from freezegun import freeze_time
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.messages import compose
from booking_web.mail.readers import Reader
from otl.practice.demo_data import ANA, KIM, SALES, SAM
from scheduling.bookings.details import booking_by_secret
from scheduling.database.migrating import migrate
from scheduling.places import Place, PlaceKind
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring, Purpose
from tests.journeys.contact import Contact
from tests.journeys.people import (
    CHROMIUM_ARGUMENTS,
    Browsers,
    Colleague,
    at_practice,
    book_button,
    fill_in,
)
from tests.journeys.running import SECRET_KEY, RunningProgram, running_program

PICTURES: Final = Path(__file__).with_name("pictures")
WANTED: Final = frozenset(sys.argv[1:])
PORT: Final = 8080  # as in `make run`
MOST_BYTES: Final = 200_000
PHONE: Final = {"width": 390, "height": 844}
DESKTOP: Final = {"width": 1280, "height": 800}
SHEET: Final = {"width": 820, "height": 620}  # of a mail in its window


@dataclass(slots=True)
class Studio:
    """Where the pictures are taken: the program, its clock, and browsers."""

    program: RunningProgram
    clock: Any
    browsers: Browsers

    def be(self, hour: int, minute: int, *, day: int = 2) -> None:
        """Have it be this time in Berlin, in December 2026."""
        self.clock.move_to(datetime(2026, 12, day, hour - 1, minute, tzinfo=UTC))

    async def sit_down(self, size: dict[str, int], **settings: Any) -> BrowserContext:
        """Open a browser whose clock is ours."""
        context = await self.browsers.new(viewport=size, reduced_motion="reduce", **settings)
        await context.clock.set_fixed_time(datetime.now(UTC))
        return context


async def take_all(studio: Studio) -> None:
    """Live through a day, and take a picture where there is something to see."""
    await given_a_busy_week(studio)
    studio.be(9, 41)
    for name, size, scale in (("phone", PHONE, 2), ("desktop", DESKTOP, 1.5)):
        for scheme in ("light", "dark"):
            page = await open_link(studio, size, color_scheme=scheme, device_scale_factor=scale)
            await take(page, f"link-{name}-{scheme}")
    page = await open_link(studio, PHONE, device_scale_factor=2)
    link = page.url
    await fill_in(page, name="Jane Doe", email="jane@acme.example", number=5)
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    await take(page, "confirmation")
    await the_mails(studio, secret=page.url.rpartition("/")[2])
    await page.goto(link)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("no longer active")
    await take(page, "dead")


async def the_mails(studio: Studio, secret: str) -> None:
    """Take the pictures of the mails to whoever booked and to the host, as a browser shows them."""
    keyring = Keyring.parse(SECRET_KEY)
    lookups = keyring.lookups(Purpose.BOOKING, secret)
    booking = await studio.program.database.read(booking_by_secret, lookups=lookups)
    room = Place(PlaceKind.URL, "https://meet.example.com/sam")
    note = replace(booking.booker, notes="We have 40 seats, can we talk about SSO?")
    booking = replace(booking, place=room, booker=note)
    sam = replace(booking.hosts[0], email="sam@acme.example")
    shots = (
        ("mail-phone-light", Reader.contact(booking), PHONE, "light", 2),
        ("mail-phone-dark", Reader.contact(booking), PHONE, "dark", 2),
        ("mail-desktop-light", Reader.contact(booking), SHEET, "light", 1.5),
        ("mail-host-desktop-dark", Reader.host(booking, sam), SHEET, "dark", 1.5),
    )
    for name, reader, size, scheme, scale in shots:
        mail = compose(
            booking,
            reader,
            sender=Mailbox("Acme", "meet@acme.example"),
            urls=PublicUrls("https://book.example.com"),
            keyring=keyring,
            notification_id=name,
            now=datetime.now(UTC),
        )
        html = mail.get_body(["html"])
        assert html is not None
        context = await studio.sit_down(size, color_scheme=scheme, device_scale_factor=scale)
        page = await context.new_page()
        await page.set_content(html.get_content())
        await take(page, name)


async def given_a_busy_week(studio: Studio) -> None:
    """Fill the week a little, so that not every time is free, and tell of it in #sales."""
    async with Contact() as contact:
        studio.be(15, 12, day=1)
        people = (
            "Ali Hassan",
            "Sofia Rossi",
            "Tom Becker",
            "Wei Zhang",
            "Maria Lopez",
            "Ada Okoro",
        )
        for number, name in zip((2, 9, 10, 17, 24, 31), people, strict=True):
            link = await studio.program.issues(KIM, "onboarding")
            await contact.books(link.url, number=number, name=name)
    # Only the conversation of today is in the picture.
    slack = studio.program.slack
    await slack.until(lambda: len(slack.messages(SALES)) == 6)
    for message in slack.messages(SALES):
        slack.workspace.delete(message)
    await talk(studio)


async def talk(studio: Studio) -> None:
    """Have Sam issue a link and the contact book with it, and take the picture of #sales."""
    program = studio.program
    studio.be(9, 10)
    context = await studio.sit_down(DESKTOP, device_scale_factor=1.25)
    sam = await at_practice(context, program, SAM, channel=SALES)
    studio.be(9, 12)
    program.slack.say(ANA, SALES, "Acme have signed. Who takes their onboarding?")
    studio.be(9, 14)
    program.slack.say(SAM, SALES, "Me. Jane gets a link in a minute.")
    link = await program.issues(SAM, "onboarding for Jane Doe")
    studio.be(9, 31)
    async with Contact() as contact:
        booked = await contact.books(link.url, number=14, name="Jane Doe")
    assert booked.status == HTTPStatus.SEE_OTHER, booked.status
    await expect(sam.said.filter(has_text="Link used: Jane Doe")).to_be_visible()
    studio.be(9, 33)
    await context.clock.set_fixed_time(datetime.now(UTC))
    await sam.page.get_by_role("button", name="Guide").first.click()  # put away: see the channel
    await sam.page.reload()
    await expect(sam.said.filter(has_text="Link used: Jane Doe")).to_be_visible()
    await take(sam.page, "practice")
    await the_host(studio, sam)
    await my_links(studio, sam)
    await a_form(sam)
    await the_guide(studio)


async def the_host(studio: Studio, sam: Colleague) -> None:
    """Have contacts book by links of Ana's, and take the picture of what Sam, the host, reads."""
    booked = (
        ("Acme", "Nora Lind", 20, "We have 40 seats, can we talk about SSO?"),
        ("Globex", "Ben Okafor", 12, ""),
    )
    slack = studio.program.slack
    for message in slack.messages(SAM):
        slack.workspace.delete(message)
    async with Contact() as contact:
        for account, name, number, notes in booked:
            link = await studio.program.issues(ANA, f"onboarding for {account}")
            email = f"{name.split()[0].lower()}@{account.lower()}.example"
            form = await contact.fetches(link.url)
            answers = form.filled(form.starts[number], name=name, email=email, notes=notes)
            done = await contact.sends(link.url, answers)
            assert done.status == HTTPStatus.SEE_OTHER, done.status
    await slack.until(lambda: len(slack.messages(SAM)) == len(booked), seconds=30)
    await sam.page.get_by_role("link", name="OTL App").click()
    await sam.page.get_by_role("button", name="Messages", exact=True).click()
    await expect(sam.said.filter(has_text="Ben Okafor (Globex)")).to_be_visible()
    await take(sam.page, "host-message")


async def my_links(studio: Studio, sam: Colleague) -> None:
    """Take the picture of Sam's App Home: the next meetings, then the links."""
    await studio.program.issues(SAM, "free tax for Ben Okafor")
    await studio.program.issues(SAM, "onboarding for Nora Lind nora@lind.example expires 7d")
    await sam.page.get_by_role("link", name="OTL App").click()
    await sam.page.get_by_role("button", name="Home").click()
    await expect(sam.page.get_by_text("My links: 2 active, 1 used")).to_be_visible()
    await take(sam.page, "home")


async def a_form(sam: Colleague) -> None:
    """Take the picture of a form that asks for what was left out, and says what is wrong."""
    await sam.page.locator(f"[data-key={SALES}]").click()
    await sam.types("/otl issue for Ben Okafor")
    form = sam.page.get_by_role("dialog")
    await form.get_by_role("button", name="Calendar").click()
    await sam.page.get_by_role("combobox", name="Search").fill("call")
    await sam.page.get_by_role("option", name="Onboarding Call").click()
    await form.get_by_role("textbox", name="Expires after").fill("soon")
    await form.get_by_role("button", name="Issue").click()
    await expect(form.locator(".field-error:visible")).to_have_count(1)
    await take(sam.page, "form")


async def the_guide(studio: Studio) -> None:
    """Take the picture of a phone in the dark, one step into the guide."""
    context = await studio.sit_down(PHONE, device_scale_factor=2, color_scheme="dark")
    kim = await at_practice(context, studio.program, KIM, channel=SALES)
    await studio.program.issues(KIM, "onboarding for Acme")
    await expect(kim.page.get_by_role("link", name="Open the link")).to_be_visible()
    await take(kim.page, "guide-phone-dark")


async def open_link(studio: Studio, size: dict[str, int], **settings: Any) -> Page:
    """Open a link of one's own and choose a time on it."""
    link = await studio.program.issues(SAM, "onboarding for Jane Doe")
    page = await (await studio.sit_down(size, **settings)).new_page()
    await page.goto(link.url)
    await expect(book_button(page)).to_be_visible()
    await page.locator(".day .times label").nth(5).click()
    await page.evaluate("scrollTo(0, 0)")
    return page


async def take(page: Page, name: str) -> None:
    """Write the picture if it is wanted, and refuse one that is too large for a README."""
    if WANTED and name not in WANTED:
        return
    path = PICTURES / f"{name}.png"
    picture = await page.screenshot(path=path, animations="disabled")
    size = len(picture)
    sys.stdout.write(f"{path.name}: {size // 1000} KB\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{path.name} has {size} bytes, more than {MOST_BYTES}")


async def main() -> None:
    """Run the program in a temporary folder and take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with (
        tempfile.TemporaryDirectory() as folder,
        freeze_time(datetime(2026, 12, 1, 7, 0, tzinfo=UTC), tick=True, real_asyncio=True) as clock,
    ):
        database_url = f"sqlite:///{folder}/pictures.sqlite3"
        await migrate(database_url)
        async with (
            running_program(database_url, port=PORT) as program,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(
                executable_path=path, args=CHROMIUM_ARGUMENTS
            )
            studio = Studio(program, clock, Browsers(browser))
            await take_all(studio)
            await studio.browsers.close()
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
