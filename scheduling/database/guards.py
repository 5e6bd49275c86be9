"""Guarantees of the database that SQLAlchemy's metadata cannot say, as named statements.

`create_all` makes them by the listeners below; a migration writes its own out.
"""

from typing import Final

from sqlalchemy import DDL, event

from scheduling.database.models import Occupation

OVERLAP: Final = "no_overlap_of_one_resource"

# Needs no extension: int8range compares the id where btree_gist would be wanted for `WITH =`.
POSTGRESQL_GUARDS: Final[dict[str, str]] = {
    OVERLAP: (
        f"ALTER TABLE occupation ADD CONSTRAINT {OVERLAP} EXCLUDE USING gist ("
        "int8range(resource_id, resource_id, '[]') WITH &&, "
        "tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (released_at IS NULL)"
    ),
}


def _overlap_trigger(moment: str, itself: str) -> str:
    return (
        f"CREATE TRIGGER {OVERLAP}_{moment.split(maxsplit=1)[0].lower()} "
        f"BEFORE {moment} ON occupation "
        "WHEN NEW.released_at IS NULL AND EXISTS (SELECT 1 FROM occupation AS other "
        "WHERE other.resource_id = NEW.resource_id AND other.released_at IS NULL "
        "AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at"
        f"{itself}) "
        f"BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END"
    )


SQLITE_GUARDS: Final[dict[str, str]] = {
    f"{OVERLAP}_insert": _overlap_trigger("INSERT", ""),
    f"{OVERLAP}_update": _overlap_trigger("UPDATE", " AND other.id <> OLD.id"),
}

for _dialect, _guards in (("postgresql", POSTGRESQL_GUARDS), ("sqlite", SQLITE_GUARDS)):
    for _statement in _guards.values():
        _create = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
        event.listen(Occupation.__table__, "after_create", _create.execute_if(dialect=_dialect))
