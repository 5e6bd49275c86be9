"""What all tables share: names of constraints, and how types are stored."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from scheduling.database.column_types import Id, Minutes, UTCDateTime

SLACK_ID = String(32)


class Base(DeclarativeBase):
    """All constraints have names, so that migrations and refusals can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime(),
        timedelta: Minutes(),
        int: Id,
        bytes: LargeBinary(),
        dict[str, Any]: JSON(),
    }
