"""What `otl doctor` finds about mail, and what it says of a test mail; no other mail is sent."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import Security, SmtpServer
from otl.findings import Mark
from otl.mail_doctor import examine_mail, send_trial
from otl.mail_settings import MailSettings
from scheduling.calendars.find import CalendarDetails
from scheduling.database import Database
from scheduling.workspaces import set_mail_sender
from tests.fakes.mail_server import MailServer, a_port_where_nobody_listens, running_mail_server
from tests.given import given_calendar, given_link, when_booked
from tests.otl.commands import Run

FROM = Mailbox("Acme Meetings", "meetings@acme.com")
SAM_S = "sam@example.com"
OPERATOR = "operator@example.com"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


async def found(
    server: SmtpServer, *calendars: CalendarDetails, sender: Mailbox = FROM
) -> list[tuple[Mark, str]]:
    findings = await examine_mail(MailSettings(server, sender), calendars, waiting=0)
    return [(one.mark, one.words) for one in findings]


async def test_a_server_that_takes_our_sender_is_fine_and_gets_no_mail(server: MailServer) -> None:
    findings = await found(server.address)

    where = f"127.0.0.1:{server.port}"
    assert findings == [(Mark.FINE, f"The mail server {where} takes mail from meetings@acme.com.")]
    assert server.taken == []


@pytest.mark.parametrize(
    ("command", "answer", "words"),
    [
        ("MAIL", "553 5.7.1 not yours", "does not let us send as meetings@acme.com: 553"),
        (
            "MAIL",
            "530 5.7.0 Must issue a STARTTLS command first",
            "530 5.7.0 Must issue a STARTTLS",
        ),
    ],
)
async def test_what_the_server_refuses_is_told_in_its_words(
    server: MailServer, command: str, answer: str, words: str
) -> None:
    server.fault(command, answer)

    ((mark, said),) = await found(server.address)

    assert mark is Mark.MEND
    assert words in said


async def test_a_wrong_login_is_told_without_the_password() -> None:
    async with running_mail_server(user="otl", password="right") as server:
        ((mark, said),) = await found(replace(server.address, password="s3cret"))

    assert mark is Mark.MEND
    assert "does not take user and password of OTL_SMTP_URL: 535" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("security", "words"),
    [
        (Security.STARTTLS, "offers no STARTTLS, and nothing is sent without"),
        (Security.TLS, "There is no encryption with 127.0.0.1:"),
    ],
)
async def test_encryption_that_is_not_there_is_told_with_the_usual_ports(
    server: MailServer, security: Security, words: str
) -> None:
    ((mark, said),) = await found(replace(server.address, security=security))

    assert mark is Mark.MEND
    assert words in said
    assert "465" in said


async def test_a_server_that_is_not_there_is_told_with_what_to_check() -> None:
    ((mark, said),) = await found(
        SmtpServer("127.0.0.1", a_port_where_nobody_listens(), Security.NONE)
    )

    assert mark is Mark.MEND
    assert "cannot be used" in said
    assert "Check host and port in OTL_SMTP_URL" in said


async def test_a_login_that_travels_in_the_clear_is_noted(server: MailServer) -> None:
    elsewhere = SmtpServer("mail.invalid", 25, Security.NONE, "otl", "s3cret")

    findings = await found(elsewhere)

    assert findings[1][0] is Mark.NOTE
    assert "Mail and its login go to mail.invalid unencrypted." in findings[1][1]
    assert len(await found(server.address)) == 1  # on this machine nobody listens


async def test_a_host_with_the_senders_address_is_to_be_mended(
    sqlite_database: Database, server: MailServer
) -> None:
    calendar = await given_calendar(sqlite_database)

    findings = await found(server.address, calendar, sender=Mailbox("", SAM_S.upper()))

    assert findings[1][0] is Mark.MEND
    assert "The address of Sam Rivera is OTL_MAIL_FROM." in findings[1][1]


async def test_a_host_without_an_address_is_noted(
    sqlite_database: Database, server: MailServer
) -> None:
    calendar = await given_calendar(sqlite_database)
    without = replace(calendar, hosts=tuple(replace(one, email=None) for one in calendar.hosts))

    findings = await found(server.address, without)

    assert findings[1][0] is Mark.NOTE
    assert "No address is known of Sam Rivera" in findings[1][1]


async def test_mail_that_waits_while_there_is_none_is_to_be_mended(
    otl: Run, sqlite_database: Database, sqlite_url: str
) -> None:
    await given_calendar(sqlite_database)
    await sqlite_database.write(set_mail_sender, workspace_id=1, address=FROM.email)
    await when_booked(sqlite_database, await given_link(sqlite_database))

    result = await otl("doctor", OTL_DATABASE_URL=sqlite_url)

    assert "MEND  Mails wait, and mail is switched off: 2." in result.output
    assert result.exit_code == 1


async def test_a_test_mail_is_sent_and_the_servers_answer_told(
    otl: Run, sqlite_url: str, server: MailServer
) -> None:
    server.fault("DATA", "250 2.0.0 Ok: queued as 4711", takes=True)
    mail = {"OTL_SMTP_URL": server.url, "OTL_MAIL_FROM": FROM.email}

    result = await otl("doctor", "--mail", OPERATOR, OTL_DATABASE_URL=sqlite_url, **mail)

    (taken,) = server.taken
    assert f"took a test mail to {OPERATOR}: 250 2.0.0 Ok: queued as 4711." in result.output
    assert (taken.recipient, taken.message["Subject"]) == (OPERATOR, "Test mail of OTL")
    assert "SPF and DKIM" in str(taken.message.get_content())


async def test_a_test_mail_that_is_refused_is_told_in_the_servers_words(
    server: MailServer,
) -> None:
    server.fault("RCPT", f"550 5.1.1 <{OPERATOR}>: no\x1b[31m such user")

    finding = await send_trial(MailSettings(server.address, FROM), OPERATOR)

    assert finding.mark is Mark.MEND
    assert "The test mail was not taken." in finding.words
    assert f"550 5.1.1 <{OPERATOR}>: no[31m such user" in finding.words


async def test_without_mail_there_is_no_test_mail(otl: Run, sqlite_url: str) -> None:
    result = await otl("doctor", "--mail", OPERATOR, OTL_DATABASE_URL=sqlite_url)

    assert "No test mail was sent: OTL_SMTP_URL and OTL_MAIL_FROM are not set." in result.output


async def test_a_test_mail_needs_an_address(otl: Run) -> None:
    result = await otl("doctor", "--mail", "operator")

    assert "operator is no e-mail address." in result.output
    assert result.exit_code == 2
