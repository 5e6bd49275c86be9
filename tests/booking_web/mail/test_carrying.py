"""A mail handed over to a real server, and what every kind of trouble with it means."""

import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from booking_web.mail.deliverer import MailDeliverer
from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import Security, SmtpServer
from scheduling.contacts import Booker
from scheduling.database import Database
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    Refused,
    Unsure,
)
from scheduling.events.destinations import MAIL
from scheduling.events.queue import Terms, claim
from scheduling.public_urls import PublicUrls
from scheduling.workspaces import set_mail_sender
from tests.fakes.mail_server import MailServer, a_port_where_nobody_listens, running_mail_server
from tests.given import KEYRING, NOW, given_calendar, given_link, when_booked

FROM = Mailbox("Acme Meetings", "meetings@acme.com")
JANE = "jane@example.com"
SAM_S = "sam@example.com"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _now() -> Any:
    with freeze_time(NOW, real_asyncio=True):
        yield


def a_deliverer(database: Database, server: SmtpServer, sender: Mailbox = FROM) -> MailDeliverer:
    return MailDeliverer(
        database=database,
        server=server,
        sender=sender,
        urls=PublicUrls("https://book.example.com"),
        keyring=KEYRING,
    )


async def mails(database: Database, *, name: str = "Jane", email: str = JANE) -> list[Delivery]:
    """Book, and return the deliveries to contact and host."""
    await given_calendar(database)
    await database.write(set_mail_sender, workspace_id=1, address=FROM.email)
    booker = Booker(name, email, "", "Europe/Berlin")
    await when_booked(database, await given_link(database), booker=booker)
    terms = Terms({MAIL: NOW}, busy_lanes=(), held=(), limit=9)
    return list(await database.write(claim, terms, now=NOW, lease=2 * (NOW - NOW)))


async def delivered(
    database: Database, server: SmtpServer, *, email: str = JANE
) -> tuple[Outcome, Delivery]:
    to_contact = (await mails(database, email=email))[0]
    return await a_deliverer(database, server).deliver(to_contact), to_contact


async def test_contact_and_host_get_one_mail_each_for_themselves_alone(
    sqlite_database: Database, server: MailServer
) -> None:
    deliverer = a_deliverer(sqlite_database, server.address)

    outcomes = [await deliverer.deliver(one) for one in await mails(sqlite_database)]

    assert [type(one) for one in outcomes] == [Done, Done]
    assert [(one.sender, one.recipient) for one in server.taken] == [
        (FROM.email, JANE),
        (FROM.email, SAM_S),
    ]
    assert [one.message["To"].addresses[0].addr_spec for one in server.taken] == [JANE, SAM_S]
    assert SAM_S not in str(server.taken[0].message["To"])


async def test_the_same_delivery_has_the_same_message_id_uid_and_sequence(
    sqlite_database: Database, server: MailServer
) -> None:
    deliverer = a_deliverer(sqlite_database, server.address)
    delivery = (await mails(sqlite_database))[0]

    for _ in range(2):
        await deliverer.deliver(delivery)

    one, other = server.taken
    assert one.id == other.id == f"<{delivery.notification_id}@acme.com>"
    assert _identity(one.message) == _identity(other.message)


def _identity(message: Any) -> set[bytes]:
    (calendar,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    lines = calendar.get_payload(decode=True).splitlines()
    found = {line for line in lines if line.startswith((b"UID:", b"SEQUENCE:", b"DTSTART"))}
    assert len(found) == 3
    return found


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        pytest.param("MAIL", "421 4.3.2 shutting down", NotSent("421 4.3.2"), id="shutting down"),
        pytest.param("MAIL", "451 try later", NotSent("451"), id="sender, later"),
        pytest.param("MAIL", "553 5.7.1 not yours", DestinationRefused("553 5.7.1"), id="sender"),
        pytest.param(
            "MAIL", "530 5.7.0 Authentication required", DestinationRefused("530 5.7.0"), id="login"
        ),
        pytest.param("MAIL", "", NotSent("SMTPServerDisconnected"), id="cut at the sender"),
        pytest.param("RCPT", "450 4.2.0 greylisted", NotSent("450 4.2.0"), id="greylisted"),
        pytest.param("RCPT", "550 5.1.1 nobody here", Refused("550 5.1.1"), id="no such mailbox"),
        pytest.param("RCPT", "550 no", Refused("550"), id="without an enhanced code"),
        pytest.param(
            "RCPT",
            "550 5.1.1 User unknown in relay recipient table; relay access denied",
            Refused("550 5.1.1"),
            id="the address, whatever else it says",
        ),
        pytest.param(
            "RCPT",
            "554 5.7.1 <jane>: Relay access denied",
            DestinationRefused("554 5.7.1"),
            id="no relaying",
        ),
        pytest.param(
            "RCPT", "550 <sendasdenied@example.com> no", Refused("550"), id="an address that lies"
        ),
        pytest.param("RCPT", "", NotSent("SMTPServerDisconnected"), id="cut at the recipient"),
        pytest.param("DATA", "451 4.3.0 disk full", NotSent("451 4.3.0"), id="message, later"),
        pytest.param("DATA", "554 5.7.1 spam", Refused("554 5.7.1"), id="message refused"),
        pytest.param(
            "DATA", "554 5.2.252 SendAsDenied", DestinationRefused("554 5.2.252"), id="not as us"
        ),
        pytest.param("354", "", Unsure("SMTPServerDisconnected"), id="cut before the final dot"),
        pytest.param("DATA", "", Unsure("SMTPServerDisconnected"), id="cut after the final dot"),
    ],
)
async def test_every_answer_and_every_silence_has_its_outcome(
    sqlite_database: Database, server: MailServer, command: str, answer: str, outcome: Outcome
) -> None:
    server.fault(command, answer)

    came, _ = await delivered(sqlite_database, server.address)

    assert came == outcome
    assert server.taken == []


async def test_where_nobody_listens_it_is_not_sent(sqlite_database: Database) -> None:
    nobody = SmtpServer("127.0.0.1", a_port_where_nobody_listens(), Security.NONE)

    outcome, _ = await delivered(sqlite_database, nobody)

    assert outcome == NotSent("ConnectionRefusedError")


async def test_a_server_that_no_name_leads_to_is_not_reached(sqlite_database: Database) -> None:
    nowhere = SmtpServer("mail.invalid", 25, Security.NONE)

    outcome, _ = await delivered(sqlite_database, nowhere)

    assert outcome == NotSent("gaierror")


@pytest.mark.parametrize(
    ("greeting", "outcome"),
    [
        ("421 4.3.2 too many connections", NotSent("421 4.3.2")),
        ("554 5.7.1 your address is blocked", DestinationRefused("554 5.7.1")),
    ],
)
async def test_a_greeting_may_refuse_us(
    sqlite_database: Database, greeting: str, outcome: Outcome
) -> None:
    async with running_mail_server(greeting=greeting) as server:
        came, _ = await delivered(sqlite_database, server.address)

    assert came == outcome


async def test_a_login_that_is_wrong_refuses_all_and_a_good_one_is_taken_again(
    sqlite_database: Database,
) -> None:
    async with running_mail_server(user="otl", password="right") as server:
        wrong = replace(server.address, password="wrong")
        outcome, delivery = await delivered(sqlite_database, wrong)
        refused = await a_deliverer(sqlite_database, wrong).accepts()
        good = a_deliverer(sqlite_database, server.address)

        assert outcome == DestinationRefused("535 5.7.8")
        assert not refused
        assert await good.accepts()
        assert isinstance(await good.deliver(delivery), Done)


async def test_a_server_that_takes_no_login_is_not_written_to_without_one(
    sqlite_database: Database, server: MailServer
) -> None:
    with_login = replace(server.address, user="otl", password="x")

    outcome, _ = await delivered(sqlite_database, with_login)

    assert outcome == DestinationRefused("no login offered")
    assert server.taken == []


async def test_a_sender_that_is_refused_is_not_taken_for_accepted(
    sqlite_database: Database, server: MailServer
) -> None:
    server.fault("MAIL", "553 5.7.1 not yours", times=None)

    assert not await a_deliverer(sqlite_database, server.address).accepts()


@pytest.mark.parametrize("is_implicit", [True, False], ids=["smtps", "starttls"])
async def test_over_tls_mail_goes_to_whom_we_trust_and_to_nobody_else(
    sqlite_database: Database, tmp_path: Path, *, is_implicit: bool
) -> None:
    theirs, ours = a_certificate(tmp_path)
    async with running_mail_server(tls=theirs, is_implicit=is_implicit) as server:
        outcome, delivery = await delivered(sqlite_database, server.address)
        before = list(server.taken)
        trusting = a_deliverer(sqlite_database, replace(server.address, tls=ours))

        assert outcome == DestinationRefused("certificate not trusted")
        assert before == []
        assert isinstance(await trusting.deliver(delivery), Done)


async def test_where_encryption_was_asked_for_nothing_leaves_without_it(
    sqlite_database: Database, server: MailServer
) -> None:
    encrypted = replace(server.address, security=Security.STARTTLS)
    outcome, delivery = await delivered(sqlite_database, encrypted)
    at_once = replace(server.address, security=Security.TLS)

    assert outcome == DestinationRefused("no STARTTLS")
    assert await a_deliverer(sqlite_database, at_once).deliver(delivery) == (
        DestinationRefused("TLS failed")
    )
    assert server.taken == []


async def test_an_address_in_other_letters_goes_where_the_server_can_carry_it(
    sqlite_database: Database, server: MailServer
) -> None:
    outcome, delivery = await delivered(sqlite_database, server.address, email="jösé@example.com")
    async with running_mail_server(takes_utf8=True) as able:
        again = await a_deliverer(sqlite_database, able.address).deliver(delivery)
        (taken,) = able.taken

    assert outcome == Refused("no SMTPUTF8")
    assert isinstance(again, Done)
    assert taken.recipient == "jösé@example.com"
    assert "jösé@example.com".encode() in taken.content


async def test_a_domain_in_other_letters_needs_no_such_server(
    sqlite_database: Database, server: MailServer
) -> None:
    outcome, _ = await delivered(sqlite_database, server.address, email="jane@bücher.example")

    assert isinstance(outcome, Done)
    assert server.taken[0].recipient == "jane@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?foo=0D=0ABcc=3A_evil=40example.com?=",
        "=?utf-8?b?Zm9vDQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=",
        "Jane\r\nBcc: evil@example.com",
        "Jane\n.\r\nMAIL FROM:<evil@example.com>",
        'Jane" <evil@example.com>, "x',
        "Jane\u2028Bcc: evil@example.com",
    ],
)
async def test_nothing_that_a_contact_types_becomes_a_header_or_a_recipient(
    sqlite_database: Database, server: MailServer, name: str
) -> None:
    deliverer = a_deliverer(sqlite_database, server.address)

    outcomes = [await deliverer.deliver(one) for one in await mails(sqlite_database, name=name)]

    assert [type(one) for one in outcomes] == [Done, Done]
    assert [one.recipient for one in server.taken] == [JANE, SAM_S]
    for taken in server.taken:
        assert {"Bcc", "Cc", "Sender"}.isdisjoint(taken.message)
        addressed = [one for head in ("To", "From") for one in taken.message[head].addresses]
        assert "evil@example.com" not in {one.addr_spec for one in addressed}


async def test_the_reasons_that_are_stored_hold_no_address(
    sqlite_database: Database, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.fault("RCPT", f"550 5.1.1 <{JANE}>: no such user")

    outcome, _ = await delivered(sqlite_database, server.address)

    assert "jane" not in repr(outcome)
    assert "jane" not in caplog.text


async def test_a_meeting_that_is_over_is_not_confirmed_any_more(
    sqlite_database: Database, server: MailServer
) -> None:
    (delivery, _) = await mails(sqlite_database)

    with freeze_time("2026-12-07 09:30:00", real_asyncio=True):
        outcome = await a_deliverer(sqlite_database, server.address).deliver(delivery)

    assert outcome == Refused("the meeting is over")
    assert server.asked == 0


def a_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a server, and of a client that trusts it."""
    subprocess.run(  # our own words
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return theirs, ssl.create_default_context(cafile=str(folder / "certificate.pem"))
