"""The practice workspace's mail: a real SMTP server, and what a person reads of a mail."""

import asyncio
import random
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.async_api import expect

from otl.practice import PracticeSlack
from otl.practice.demo_data import SALES, SAM
from otl.practice.mail import Mail, running_mail_server
from otl.practice.mail.mailbox import MOST_KEPT
from otl.practice.mail.reading import html_of, read, summary_of
from tests.practice.visitors import Opener

HTML = """<!doctype html><html><head><title>Booked</title></head><body><h1>You're booked.</h1>
<a href="http://127.0.0.1:9/booking/secret">Your meeting</a>
<script>document.body.innerHTML = "A script ran"</script>
<img src="http://127.0.0.1:9/seen.png" alt="a picture"></body></html>"""


def invitation(method: str, sequence: int) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OTL//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        "UID:4711@otl.example",
        "DTSTAMP:20261201T100000Z",
        "DTSTART:20261203T090000Z",
        "DTEND:20261203T093000Z",
        f"SEQUENCE:{sequence}",
        "SUMMARY:Onboarding Call",
        "LOCATION:Room 1",
        "ORGANIZER:mailto:otl@practice.example",
        "ATTENDEE;RSVP=TRUE:mailto:jane@acme.example",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def mail(
    subject: str = "You're booked: Onböarding",
    *,
    html: str | None = HTML,
    method: str = "REQUEST",
    sequence: int = 0,
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "OTL <otl@practice.example>"
    message["To"] = "Jane Doe <jane@acme.example>"
    message["Reply-To"] = "sam@practice.example"
    message["Subject"] = subject
    message.set_content("You're booked, in plain words.\n")
    if html is not None:
        message.add_alternative(html, subtype="html")
    part = invitation(method, sequence).encode()
    message.add_alternative(part, "text", "calendar", params={"method": method})
    message.make_mixed()
    message.add_attachment(part, "text", "calendar", filename="invite.ics")
    return message


@pytest_asyncio.fixture(loop_scope="session")
async def smtp_url(slack: PracticeSlack) -> AsyncIterator[str]:
    slack.has_mail = True
    async with running_mail_server(slack.mailbox) as url:
        yield url


async def send(smtp_url: str, *mails: EmailMessage, to: str = "jane@acme.example") -> None:
    def by_smtp() -> None:
        with smtplib.SMTP("127.0.0.1", int(smtp_url.rpartition(":")[2]), timeout=10) as server:
            for one in mails:
                server.send_message(one, to_addrs=[to])

    await asyncio.to_thread(by_smtp)


async def get(slack: PracticeSlack, path: str, **headers: str) -> tuple[int, str, Any]:
    async with (
        aiohttp.ClientSession(slack.base_url) as session,
        session.get(path, headers=headers) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


def test_a_mail_is_read_as_a_mail_program_reads_it() -> None:
    found = read(Mail("1.000001", ("jane@acme.example",), mail(sequence=2).as_bytes()))

    assert found["subject"] == "You're booked: Onböarding"
    assert found["to"] == ["jane@acme.example"]
    assert found["from"] == "OTL <otl@practice.example>"
    assert found["reply_to"] == "sam@practice.example"
    assert found["text"].strip() == "You're booked, in plain words."
    assert found["has_html"] is True
    assert found["files"] == ["invite.ics"]
    meeting = found["invitation"]
    assert (meeting["method"], meeting["sequence"]) == ("REQUEST", 2)
    assert (meeting["starts"], meeting["ends"]) == (1796288400, 1796290200)
    assert meeting["attendees"] == ["jane@acme.example"]
    assert meeting["raw"].startswith("BEGIN:VCALENDAR")


def test_whatever_comes_as_a_mail_is_shown_and_breaks_nothing() -> None:
    """A fault here would answer the sender with one: a mail that came would count as lost."""
    chance = random.Random(4711)  # noqa: S311  # nothing is kept secret by it
    whole = mail().as_bytes()
    for _ in range(2000):
        spoilt = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(spoilt))
            spoilt[place : place + chance.randint(0, 30)] = chance.randbytes(chance.randint(0, 4))
        broken = Mail("1.000001", ("jane@acme.example",), bytes(spoilt))

        summary_of(broken)
        read(broken)
        html_of(broken)


async def test_a_mail_goes_no_further_and_the_oldest_is_forgotten(
    slack: PracticeSlack, smtp_url: str
) -> None:
    await send(smtp_url, mail("The first"))
    first = slack.mailbox.mails[0]

    await send(smtp_url, *(mail(f"Mail {number}", html=None) for number in range(MOST_KEPT)))

    subjects = [summary_of(one)["subject"] for one in slack.mailbox.mails]
    assert subjects == [f"Mail {number}" for number in range(MOST_KEPT)]
    status, words, _ = await get(slack, f"/practice/mail/{first.ts}")
    assert (status, words) == (404, "This mail is no longer kept. Only the last ones are.")


async def test_another_sites_form_cannot_write_a_mail(slack: PracticeSlack, smtp_url: str) -> None:
    """The server hangs up after some lines that are no commands, as a browser's headers are."""
    body = b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nhello\r\n.\r\n"
    headers = b"".join(b"Header-%d: value\r\n" % number for number in range(8))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(smtp_url.rpartition(":")[2]))

    writer.write(b"POST / HTTP/1.1\r\n" + headers + b"\r\n" + body)
    answers = await reader.read()
    writer.close()

    assert b"354" not in answers  # "go on, write your mail"
    assert slack.mailbox.mails == ()


@pytest.mark.parametrize("path", ["/practice/mail/{ts}", "/practice/mail/{ts}/html"])
async def test_a_mail_is_read_on_this_machine_only(
    slack: PracticeSlack, smtp_url: str, path: str
) -> None:
    await send(smtp_url, mail())
    address = path.format(ts=slack.mailbox.mails[0].ts)

    assert (await get(slack, address))[0] == 200
    assert (await get(slack, address, Host="evil.example"))[0] == 403
    assert (await get(slack, address, Origin="https://evil.example"))[0] == 403
    assert (await get(slack, path.format(ts="1.000001")))[0] == 404


async def test_the_html_of_a_mail_may_run_nothing_and_load_nothing(
    slack: PracticeSlack, smtp_url: str
) -> None:
    await send(smtp_url, mail(), mail("Words only", html=None))
    ts, words_only = (one.ts for one in slack.mailbox.mails)

    status, html, headers = await get(slack, f"/practice/mail/{ts}/html")

    policy = [rule.strip() for rule in headers["Content-Security-Policy"].split(";")]
    assert status == 200
    assert "You're booked." in html
    assert "default-src 'none'" in policy
    assert not [rule for rule in policy if rule.startswith("script-src")]
    (sandbox,) = [rule for rule in policy if rule.startswith("sandbox")]
    assert "allow-scripts" not in sandbox
    assert (await get(slack, f"/practice/mail/{words_only}/html"))[0] == 404


async def test_a_mail_that_comes_is_counted_and_read(
    slack: PracticeSlack, smtp_url: str, open_as: Opener
) -> None:
    page = await open_as(SAM)
    await page.get_by_role("link", name="Mail").click()
    await expect(page.get_by_role("heading", name="No mail yet")).to_be_visible()
    await page.get_by_role("link", name="sales").click()

    await send(smtp_url, mail(html=HTML.replace("<script>", "<p>").replace("<img", "<i")))
    await expect(page.get_by_role("link", name="Mail")).to_contain_text("1 unread")
    await page.get_by_role("link", name="Mail").click()

    await expect(page.get_by_role("link", name="Mail", exact=True)).not_to_contain_text("unread")
    await expect(page.get_by_role("article", name="Mail")).to_contain_text("sam@practice.example")
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("heading")).to_have_text("You're booked.")
    await page.get_by_role("button", name="Plain text").click()
    await expect(page.get_by_text("in plain words.")).to_be_visible()
    await page.get_by_role("button", name="Invitation").click()
    await expect(page.get_by_text("Thursday 3 December, 10:00\u201310:30 (Berlin)")).to_have_count(
        2
    )
    await expect(page.get_by_text("BEGIN:VCALENDAR")).to_be_visible()
    await send(smtp_url, mail("Cancelled: Onboarding", html=None, method="CANCEL", sequence=3))
    await expect(page.locator(".mail-row")).to_have_count(2)
    await expect(page.get_by_text("BEGIN:VCALENDAR")).to_be_visible()  # what one reads stays


async def test_on_a_phone_the_list_and_a_mail_take_turns(
    slack: PracticeSlack, smtp_url: str, open_as: Opener
) -> None:
    await send(smtp_url, mail(html=None), mail("Another", html=None))
    page = await open_as(SAM, viewport={"width": 390, "height": 844})

    await page.get_by_role("button", name="Conversations").click()
    await page.get_by_role("link", name="Mail").click()
    await expect(page.locator(".mail-row")).to_have_count(2)
    await expect(page.get_by_role("article", name="Mail")).to_be_hidden()
    await page.locator(".mail-row").last.click()
    await expect(page.get_by_role("heading", level=2, name="Onböarding")).to_be_visible()
    await expect(page.locator(".mail-row").last).to_be_hidden()
    await page.go_back()
    await expect(page.locator(".mail-row")).to_have_count(2)
    await page.go_forward()
    await page.get_by_role("button", name="All mail").click()

    await expect(page.locator(".mail-row").last).to_be_visible()


async def test_where_mail_goes_elsewhere_there_is_no_place_for_it(
    slack: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)

    await page.goto(f"{slack.base_url}/practice?as={SAM}&in=mail")

    await expect(page.get_by_role("textbox", name="Message #sales")).to_be_visible()
    await expect(page.get_by_role("link", name="Mail")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [pytest.param(1280, id="desktop"), pytest.param(390, id="phone")])
async def test_axe_finds_nothing_in_a_mail(
    slack: PracticeSlack, smtp_url: str, open_as: Opener, width: int, scheme: str
) -> None:
    await send(smtp_url, mail(html=None))
    page = await open_as(SAM, viewport={"width": width, "height": 844}, color_scheme=scheme)
    for place in ("in=mail", f"in=mail&mail={slack.mailbox.mails[0].ts}", f"in={SALES}"):
        await page.goto(f"{slack.base_url}/practice?as={SAM}&{place}")
        await expect(page.locator("#room h1")).to_be_visible()

        found = await Axe().run(page)

        assert found.violations_count == 0, found.generate_report()
