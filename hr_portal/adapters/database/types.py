"""Column types: aware UTC times, and bytes that must have been sealed."""

import datetime as dt
from typing import Any

import sqlalchemy as sa


class UTC(sa.TypeDecorator[dt.datetime]):
    """An aware time, kept in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: sa.Dialect,
    ) -> dt.datetime | None:
        """Turn an aware time into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive time can't be kept"
            raise ValueError(msg)
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> dt.datetime | None:
        """Give back an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Sealed(sa.TypeDecorator[bytes]):
    """Bytes sealed by the vault for their place; text can't get in by mistake."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: sa.Dialect) -> bytes | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Refuse what the vault has not sealed."""
        if value is not None and not isinstance(value, bytes):
            msg = "a sealed column takes only bytes from the vault"
            raise TypeError(msg)
        return value
