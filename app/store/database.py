"""The pool of Postgres connections of one process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

log = structlog.get_logger(__name__)


class DatabaseAway(ConnectionError):  # noqa: N818 - it names a condition, not a mistake
    """Postgres does not answer; live prices go on, history has to wait."""


class Database:
    """Connections to Postgres; opened by the process that uses them, never at import."""

    def __init__(self, url: str, *, connections: int = 8, patience: float = 1.0) -> None:
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            timeout=patience,
            open=False,
            kwargs={"options": "-c timezone=UTC -c statement_timeout=30000"},
        )

    async def open(self) -> None:
        """Start connecting in the background; does not wait and does not fail."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Every connection is closed."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[AsyncConnection]:
        """A connection in one transaction, committed at the end; raises DatabaseAway."""
        try:
            async with self._pool.connection() as connection:
                yield connection
        except (PoolTimeout, OperationalError) as error:
            raise DatabaseAway(f"PostgreSQL does not answer: {error}") from error
