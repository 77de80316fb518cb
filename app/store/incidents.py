"""The newest breaker events and corrections of the ledger."""

from collections.abc import Sequence

import psycopg

from app.market.events import Kind, PriceEvent
from app.store.database import Database, DatabaseAway
from app.store.ledger import read_page

COUNT = 10

KINDS = (Kind.BREAKER_TRIPPED, Kind.BREAKER_RELEASED, Kind.CORRECTION, Kind.XCHECK)


class RecentEvents:
    """Reads the ledger whenever it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> Sequence[PriceEvent] | None:
        """At most COUNT events, newest first; None while Postgres is away."""
        try:
            async with self._database.connection() as connection:
                return await read_page(connection, kinds=KINDS, count=COUNT)
        except (DatabaseAway, psycopg.Error):
            return None
