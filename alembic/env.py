"""Runs the migrations against DATABASE_URL."""

import os

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import app.store.tables  # noqa: F401 - importing it is what declares the tables
from alembic import context


def sqlalchemy_url() -> str:
    """The address with the driver that we install."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise SystemExit("DATABASE_URL is not set: migrations need the address of PostgreSQL.")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Partitions come and go by job; they are not part of the schema."""
    return not (
        kind in {"table", "index"}
        and name is not None
        and "candle_1" in name[:9]
        and name not in {"candle_1m", "candle_1h"}
    )


def migrate(connection: Connection) -> None:
    """Run what is missing, in one transaction."""
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, include_object=_is_ours
    )
    with context.begin_transaction():
        context.run_migrations()


engine = create_engine(sqlalchemy_url(), poolclass=NullPool)
with engine.connect() as connection:
    migrate(connection)
