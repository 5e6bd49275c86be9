"""Settings come from the environment; what cannot be is refused in words, all of it at once."""

from datetime import timedelta

import pytest

from otl.settings import Settings, SettingsError
from scheduling.secrets.keyring import Purpose

KEY = "a-key-that-is-at-least-thirty-two-characters-long"


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environment)
    return str(refused.value)


def test_without_any_variable_it_is_sqlite_on_this_machine() -> None:
    settings = Settings.from_environment({})

    assert settings.database_url == "sqlite:///var/otl.sqlite3"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.quarantine == timedelta(seconds=60)
    assert settings.public_url is None
    assert settings.slack_bot_token is None


def test_an_empty_variable_counts_as_not_set() -> None:
    empty = {
        "OTL_DATABASE_URL": "",
        "OTL_PORT": "  ",
        "SLACK_BOT_TOKEN": "\t",
        "OTL_PUBLIC_URL": "",
    }

    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "OTL_DATABASE_URL": "postgresql://otl@db/otl",
            "OTL_PUBLIC_URL": "https://book.example.com/",
            "OTL_HOST": "0.0.0.0",  # noqa: S104  # read, not bound
            "OTL_PORT": "0",
            "OTL_SECRET_KEY": KEY,
            "OTL_SMTP_URL": "smtp://mail",
            "OTL_MAIL_FROM": "otl@example.com",
            "SLACK_BOT_TOKEN": " xoxb-1 ",
            "SLACK_SIGNING_SECRET": "signs",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": "http://127.0.0.1:9/api",
            "OTL_QUARANTINE_SECONDS": "0.5",
        }
    )

    assert settings.database_url == "postgresql://otl@db/otl"
    assert settings.public_url == "https://book.example.com"
    assert (settings.host, settings.port) == ("0.0.0.0", 0)  # noqa: S104
    assert settings.secret_key == KEY
    assert settings.mail is not None
    assert (settings.mail.server.host, settings.mail.sender.email) == ("mail", "otl@example.com")
    assert settings.slack_bot_token == "xoxb-1"
    assert settings.slack_signing_secret == "signs"
    assert settings.slack_app_token == "xapp-1"
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert settings.quarantine == timedelta(seconds=0.5)


def test_all_problems_are_told_at_once_one_a_line() -> None:
    words = refusal(
        OTL_DATABASE_URL="mysql://db/otl",
        OTL_PUBLIC_URL="book.example.com",
        OTL_PORT="http",
        OTL_QUARANTINE_SECONDS="soon",
    )

    lines = words.splitlines()
    assert len(lines) == 4
    for name in ("OTL_DATABASE_URL", "OTL_PUBLIC_URL", "OTL_PORT", "OTL_QUARANTINE_SECONDS"):
        assert sum(line.startswith(name) for line in lines) == 1, words


@pytest.mark.parametrize(
    "port", ["-1", "65536", "80.5", "8o8o", "1e3", "nan", "٣", "0x50", "9" * 5000]
)
def test_a_port_is_a_whole_number(port: str) -> None:
    assert refusal(OTL_PORT=port) == "OTL_PORT must be a whole number from 0 to 65535."


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "100000", "a year", "٣"])
def test_what_happened_is_kept_for_whole_days(days: str) -> None:
    assert refusal(OTL_RETENTION_DAYS=days) == (
        "OTL_RETENTION_DAYS must be a whole number from 1 to 99999."
    )


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "86401", "1 minute"])
def test_the_quarantine_is_a_number_of_seconds_up_to_a_day(seconds: str) -> None:
    assert "OTL_QUARANTINE_SECONDS must be a number" in refusal(OTL_QUARANTINE_SECONDS=seconds)


@pytest.mark.parametrize(
    "url",
    [
        "book.example.com",
        "ftp://book.example.com",
        "https://",
        "https://book.example.com?team=1",
        "https://book.example.com/#top",
        "https://name:password@book.example.com",
        "https://book.example.com:http",
        "https://book.example.com:99999",
        "https://[::1",
        "https://book example.com",
    ],
)
def test_a_public_address_that_is_none_is_refused_with_an_example(url: str) -> None:
    words = refusal(OTL_PUBLIC_URL=url)

    assert words == "OTL_PUBLIC_URL must be the site's address, like https://book.example.com."


@pytest.mark.parametrize(
    "url",
    ["https://book.example.com", "http://localhost:8080", "https://[::1]:8443", "https://a.io/otl"],
)
def test_a_public_address_may_have_a_port_and_a_path(url: str) -> None:
    assert Settings.from_environment({"OTL_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize(
    "url",
    [
        "mysql://name:pass-word@db/otl",
        "otl.sqlite3",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
    ],
)
def test_a_database_that_is_none_is_refused_without_its_password(url: str) -> None:
    words = refusal(OTL_DATABASE_URL=url)

    assert words.startswith("OTL_DATABASE_URL ")
    assert "pass-word" not in words


@pytest.mark.parametrize("name", ["otl.key", "otl.lock"])
def test_a_database_is_never_named_like_its_own_key_or_lock_file(name: str) -> None:
    assert ".key or .lock" in refusal(OTL_DATABASE_URL=f"sqlite:///var/{name}")


def test_settings_that_are_printed_show_no_secret() -> None:
    settings = Settings.from_environment(
        {
            "OTL_DATABASE_URL": "postgresql://otl:secret-1@db/otl",
            "OTL_SECRET_KEY": "secret-2",
            "OTL_SMTP_URL": "smtp://otl:secret-3@mail",
            "OTL_MAIL_FROM": "otl@example.com",
            "SLACK_BOT_TOKEN": "secret-4",
            "SLACK_SIGNING_SECRET": "secret-5",
            "SLACK_APP_TOKEN": "secret-6",
        }
    )

    assert "secret-" not in repr(settings)


def test_the_first_of_several_keys_signs_and_all_look_up() -> None:
    old = Settings.from_environment({"OTL_SECRET_KEY": f"1:{KEY}"}).keyring()
    both = Settings.from_environment({"OTL_SECRET_KEY": f"2:{KEY[::-1]},1:{KEY}"}).keyring()

    issued_before = old.new_secret(Purpose.LINK, bytes(16))
    issued_now = both.new_secret(Purpose.LINK, bytes(16))

    assert issued_before.key_id == "1"
    assert issued_now.key_id == "2"
    token = both.token(Purpose.LINK, issued_before)
    assert issued_before.lookup in both.lookups(Purpose.LINK, token)


@pytest.mark.parametrize(
    "key",
    [
        "too-short-secret",
        "1:too-short-secret",
        f"1:{KEY},{KEY}secret",
        f"an id with spaces:{KEY}",
        f"1:{KEY},1:{KEY}",
        f"{KEY}\udcff",
    ],
)
def test_a_bad_key_is_refused_without_being_shown(key: str) -> None:
    settings = Settings.from_environment({"OTL_SECRET_KEY": key})

    with pytest.raises(SettingsError) as refused:
        settings.keyring()

    assert str(refused.value).startswith("OTL_SECRET_KEY cannot be used: ")
    told = f"{refused.value!r} {refused.value.__cause__!r}"
    assert "secret" not in told.replace("OTL_SECRET_KEY", "")
    assert KEY[:12] not in told


def test_postgresql_without_a_key_is_refused_in_words() -> None:
    settings = Settings.from_environment({"OTL_DATABASE_URL": "postgresql://otl@db/otl"})

    with pytest.raises(SettingsError, match=r"OTL_SECRET_KEY is missing.*openssl rand -hex 32"):
        settings.keyring()


@pytest.mark.parametrize(("written", "read"), [("0", 0), ("1", 1), ("9", 9)])
def test_the_number_of_our_proxies_is_read(written: str, read: int) -> None:
    assert Settings.from_environment({"OTL_TRUSTED_PROXIES": written}).trusted_proxies == read


def test_without_a_number_of_proxies_none_is_trusted() -> None:
    assert Settings.from_environment({}).trusted_proxies == 0


@pytest.mark.parametrize("number", ["-1", "10", "one", "1.0", "²", "127.0.0.1"])
def test_what_is_no_number_of_proxies_is_refused(number: str) -> None:
    assert "OTL_TRUSTED_PROXIES must be a whole number" in refusal(OTL_TRUSTED_PROXIES=number)
