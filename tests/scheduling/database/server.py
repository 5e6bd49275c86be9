"""What the tests of PostgreSQL do to its server's connections."""

from urllib.parse import urlencode, urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session


def cut_everybody_else_off(session: Session) -> None:
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


def others_connected(session: Session) -> int:
    number: int = session.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    ).scalar_one()
    return number


def socket_folder(url: str) -> str:
    return dict(pair.split("=", 1) for pair in urlsplit(url).query.split("&"))["host"]


def with_host(url: str, folder: str) -> str:
    return f"{url.partition('?')[0]}?{urlencode({'host': folder})}"
