"""From OTL_DATABASE_URL to a file or a DSN."""

from pathlib import Path

import pytest

from scheduling.database.opening import is_sqlite, open_database, postgresql_dsn, sqlite_path


@pytest.mark.parametrize(
    ("url", "dsn"),
    [
        pytest.param(
            "postgresql://otl:pass@db.example.com:5433/otl",
            "postgresql://otl:pass@db.example.com:5433/otl",
            id="plain",
        ),
        pytest.param("postgres://otl:pass@db/otl", "postgresql://otl:pass@db/otl", id="Heroku"),
        pytest.param(
            "postgresql://otl:pass@ep-cool-1.eu-central-1.aws.neon.tech/otl"
            "?sslmode=require&channel_binding=require",
            "postgresql://otl:pass@ep-cool-1.eu-central-1.aws.neon.tech/otl?sslmode=require",
            id="Neon",
        ),
        pytest.param(
            "postgresql://postgres.abc:pass@aws-0-eu.pooler.supabase.com:6543/postgres"
            "?pgbouncer=true&connect_timeout=10",
            "postgresql://postgres.abc:pass@aws-0-eu.pooler.supabase.com:6543/postgres",
            id="Supabase",
        ),
        pytest.param(
            "postgresql://doadmin:pass@db.ondigitalocean.com:25060/defaultdb?sslmode=require",
            "postgresql://doadmin:pass@db.ondigitalocean.com:25060/defaultdb?sslmode=require",
            id="DigitalOcean",
        ),
        pytest.param(
            "postgresql:///otl?host=/var/run/postgresql",
            "postgresql:///otl?host=%2Fvar%2Frun%2Fpostgresql",
            id="a socket",
        ),
        pytest.param(
            "postgresql+asyncpg://otl@db/otl", "postgresql://otl@db/otl", id="as SQLAlchemy says"
        ),
        pytest.param(
            "postgresql://otl:p%40ss%3Aw@db/otl",
            "postgresql://otl:p%40ss%3Aw@db/otl",
            id="a password with signs in it",
        ),
        pytest.param(
            "postgresql://otl@[2001:db8::1]:5432/otl",
            "postgresql://otl@[2001:db8::1]:5432/otl",
            id="IPv6",
        ),
        pytest.param(
            "postgresql://otl@one:5432,two:5433/otl?target_session_attrs=read-write",
            "postgresql://otl@one:5432,two:5433/otl?target_session_attrs=read-write",
            id="two hosts",
        ),
        pytest.param(
            "postgresql://otl@db/otl?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "postgresql://otl@db/otl?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
            id="a certificate",
        ),
    ],
)
def test_urls_as_hosts_of_postgresql_print_them_are_understood(url: str, dsn: str) -> None:
    found = postgresql_dsn(url)

    assert found == dsn
    assert not is_sqlite(url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        pytest.param("sqlite:///var/otl.sqlite3", "var/otl.sqlite3", id="relative"),
        pytest.param("sqlite:////srv/otl.sqlite3", "/srv/otl.sqlite3", id="absolute"),
        pytest.param("sqlite+aiosqlite:///otl.sqlite3", "otl.sqlite3", id="with a driver"),
        pytest.param("sqlite:///var/our%20data.sqlite3", "var/our data.sqlite3", id="a space"),
        pytest.param("sqlite:///otl.sqlite3?timeout=5", "otl.sqlite3", id="a parameter"),
    ],
)
def test_the_path_of_a_sqlite_url_is_found(url: str, path: str) -> None:
    found = sqlite_path(url)

    assert found == Path.cwd() / path


def test_what_symbolic_links_lead_to_is_the_file(tmp_path: Path) -> None:
    real = tmp_path / "real.sqlite3"
    (tmp_path / "link.sqlite3").symlink_to(real)
    (tmp_path / "loop.sqlite3").symlink_to(tmp_path / "loop.sqlite3")

    assert sqlite_path(f"sqlite:///{tmp_path}/link.sqlite3") == real
    assert sqlite_path(f"sqlite:///{tmp_path}/loop.sqlite3").name == "loop.sqlite3"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "otl.sqlite3",
        "mysql://otl:pass-word@db/otl",
        "http://pass-word@example.com",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
    ],
)
def test_any_other_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="OTL_DATABASE_URL") as refusal:
        open_database(url)

    assert "pass-word" not in str(refusal.value)
