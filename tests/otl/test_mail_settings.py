"""Where mail leaves and whom it comes from: what cannot be is told in words, never the password."""

import pytest

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import Security, SmtpServer
from otl.settings import Settings, SettingsError

FROM = "Acme Meetings <meetings@acme.com>"
SERVER = "smtp://mail.example.com"


def settings(smtp_url: str | None, mail_from: str | None = FROM) -> Settings:
    named = {"OTL_SMTP_URL": smtp_url, "OTL_MAIL_FROM": mail_from}
    return Settings.from_environment({name: text for name, text in named.items() if text})


def refusal(smtp_url: str | None, mail_from: str | None = FROM) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(smtp_url, mail_from)
    return str(refused.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail", SmtpServer("mail", 25, Security.NONE)),
        ("smtp://127.0.0.1:2525/", SmtpServer("127.0.0.1", 2525, Security.NONE)),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525, Security.NONE)),
        ("smtps://mail.example.com", SmtpServer("mail.example.com", 465, Security.TLS)),
        (
            "smtp+starttls://otl%40acme.com:p%40ss%3A%2F%3F%23%25%20w%C3%B6rd@mail.example.com",
            SmtpServer(
                "mail.example.com", 587, Security.STARTTLS, "otl@acme.com", "p@ss:/?#% wörd"
            ),
        ),
    ],
)
def test_the_servers_address_says_port_encryption_and_login(url: str, server: SmtpServer) -> None:
    mail = settings(url).mail

    assert mail is not None
    assert mail.server == server


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("meetings@acme.com", Mailbox("", "meetings@acme.com")),
        (FROM, Mailbox("Acme Meetings", "meetings@acme.com")),
        ('"Acme, Inc." <meetings@acme.com>', Mailbox("Acme, Inc.", "meetings@acme.com")),
        ("Acme, Inc. <meetings@acme.com>", Mailbox("Acme, Inc.", "meetings@acme.com")),
        ("Büro <otl@münchen.de>", Mailbox("Büro", "otl@xn--mnchen-3ya.de")),
    ],
)
def test_mail_comes_from_an_address_with_or_without_a_name(text: str, sender: Mailbox) -> None:
    mail = settings(SERVER, text).mail

    assert mail is not None
    assert mail.sender == sender


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "mail.example.com:587",
        "http://mail.example.com",
        "smtp://",
        "smtp://:s3cret@mail",
        "smtp://s3cret@mail",
        "smtp://otl:@mail",
        "smtp://otl:s3cret@",
        "smtp://otl:s3/cret@mail",
        "smtp://otl:s3#cret@mail",
        "smtp://otl:s3?cret@mail",
        "smtp://otl:s3cret@mail:0",
        "smtp://otl:s3cret@mail:99999",
        "smtp://otl:s3cret@mail:port",
        "smtp://otl:s3cret@[::1",
        "smtp://otl:s3 cret@mail",
        "smtp://otl:s3%00cret@mail",
        "smtp://otl:s3%0D%0Acret@mail",
        "smtp://otl:s3%FFcret@mail",
        "smtp://otl:s3cret@mail/path",
        "smtp://otl:s3cret@mail?tls=1",
    ],
)
def test_a_servers_address_that_is_none_is_refused_with_an_example(url: str) -> None:
    words = refusal(url)

    assert words.startswith("OTL_SMTP_URL must be the mail server's address, like smtp+starttls://")
    assert "s3" not in words
    assert "cret" not in words


@pytest.mark.parametrize(
    "text", ["Acme", "Acme <>", "acme.com", "a@b@c", "a@acme.com, b@acme.com", "jürgen@acme.com"]
)
def test_a_sender_without_an_address_is_refused_with_an_example(text: str) -> None:
    words = refusal(SERVER, text)

    assert "OTL_MAIL_FROM must be an address" in words
    assert "Acme Meetings <meetings@acme.com>" in words


def test_one_without_the_other_is_refused_and_says_which_is_missing() -> None:
    assert refusal(SERVER, None).startswith("OTL_MAIL_FROM is missing")
    assert refusal(None, FROM).startswith("OTL_SMTP_URL is missing")


def test_without_both_there_is_no_mail() -> None:
    assert settings(None, None).mail is None


def test_a_password_is_in_no_text_of_the_settings() -> None:
    read = settings("smtp://otl:s3cret@mail")

    assert "s3cret" not in repr(read)
    assert "s3cret" not in str(read)
