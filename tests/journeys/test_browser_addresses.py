"""A mistyped address, from the form to the practice mailbox, without scripts at the contact's."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from otl.mail_settings import read_mail_settings
from otl.practice import PracticeSlack
from otl.practice.demo_data import SAM
from otl.practice.mail import Mail, Mailbox, running_mail_server
from tests.journeys.people import Browsers
from tests.journeys.running import RunningProgram, running_program

pytestmark = pytest.mark.asyncio(loop_scope="session")


class OfPractice(Mailbox):
    """Hands what comes to the practice workspace, which is made after the mail server."""

    slack: PracticeSlack

    def __init__(self) -> None:
        super().__init__(lambda: "", lambda _: None)

    def take(self, recipients: tuple[str, ...], content: bytes) -> Mail:
        return self.slack.mailbox.take(recipients, content)


@pytest_asyncio.fixture(loop_scope="session")
async def program(sqlite_url: str) -> AsyncIterator[RunningProgram]:
    """The program as `make run` opens it, its mail server included."""
    mailbox = OfPractice()
    async with running_mail_server(mailbox) as smtp_url:
        mail = read_mail_settings(smtp_url, "OTL <otl@practice.example>", [])
        async with running_program(sqlite_url, mail=mail) as program:
            mailbox.slack = program.slack
            program.slack.has_mail = True
            yield program


async def test_a_mistyped_address_is_corrected_and_the_mailboxes_show_it(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane Doe jane@acme.example")
    contact = await (await browsers.new(java_script_enabled=False)).new_page()
    sam = await (await browsers.new()).new_page()
    await sam.goto(f"{program.practice_page}?as={SAM}&in=mail")
    await expect(sam.get_by_role("heading", name="No mail yet")).to_be_visible()

    await contact.goto(link.url)
    await expect(contact.get_by_label("Your name")).to_have_value("Jane Doe")
    await contact.get_by_label("E-mail").fill("jane@amce.example")
    await contact.get_by_label("Guests").fill("joe@acme.example")
    await contact.locator(".day .times label").nth(7).click()
    await contact.get_by_role("button", name="Book this time").click()
    await expect(contact.get_by_role("heading", level=1)).to_have_text("You're booked.")
    mails = sam.locator(".mail-row")
    await expect(mails.filter(has_text="jane@amce.example")).to_have_count(1)
    await expect(mails.filter(has_text="joe@acme.example")).to_have_count(1)
    old = contact.url

    await contact.get_by_role("button", name="Send it to jane@acme.example instead").click()

    await expect(contact.locator("main")).to_contain_text("to jane@acme.example")
    assert contact.url != old
    await expect(mails.filter(has_text="jane@amce.example")).to_have_count(2)
    await expect(mails.filter(has_text="jane@acme.example")).to_have_count(1)
    await mails.filter(has_text="jane@amce.example").first.click()
    await expect(sam.get_by_role("article", name="Mail")).to_contain_text("Cancellation")
    withdrawn: Any = sam.frame_locator("iframe").locator("body")
    await expect(withdrawn).not_to_contain_text(re.compile("/booking/"))
    answer = await contact.goto(old)
    assert answer is not None
    assert answer.status == 404
