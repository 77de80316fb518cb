"""Who is who in this run: what the venues list, what was known before, what a person decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from app.market.decisions import Decisions, decided
from app.market.registry import Market, Registry
from app.store.database import Database, DatabaseAway
from app.store.ledger import read_decisions
from app.store.registry import load_assets, load_markets, save_registry
from jobs.mapping import build_registry
from jobs.seed import load_seed
from jobs.venue import Listing
from jobs.venues import VENUES

log = structlog.get_logger(__name__)


class NothingToPriceError(RuntimeError):
    """No venue listed a market that we know; there is nothing to compute."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The registry as the venues list it, and what the operator of this service says of it."""

    listed: Registry
    decisions: Decisions

    @property
    def registry(self) -> Registry:
        """The registry with the decisions."""
        return decided(self.listed, self.decisions, version=self.listed.version)


async def identify(
    database: Database, listings: Mapping[str, Sequence[Listing]], *, now: float, version: int
) -> Identity:
    """The registry of the markets listed now, stored; without Postgres it starts afresh."""
    try:
        async with database.connection() as connection:
            known = await load_assets(connection)
            before = await load_markets(connection)
            silent = [market for market in before if market.venue not in listings]
            built = build_registry(
                load_seed(), listings, VENUES, known=known, also=silent, version=version
            )
            listed = replace(built, markets=on_probation(built.markets, before))
            await save_registry(connection, listed, now=datetime.fromtimestamp(now, UTC))
            identity = Identity(listed, await read_decisions(connection))
    except DatabaseAway as error:
        log.warning("registry_not_stored", reason=str(error))
        identity = Identity(
            build_registry(load_seed(), listings, VENUES, version=version), Decisions()
        )
    if not identity.listed.markets:
        raise NothingToPriceError("no venue lists a market of a known asset: is any reachable?")
    counts = {"assets": len(identity.listed.assets), "markets": len(identity.listed.markets)}
    log.info("registry_built", **counts)
    return identity


def on_probation(markets: Iterable[Market], before: Iterable[Market]) -> tuple[Market, ...]:
    """S0: a new mapping to an asset that has counting markets already must prove itself first.

    A mapping that was known before stays what it was; one of a new asset has nothing to be
    compared with.
    """
    known = {(market.venue, market.symbol, market.base): market for market in before}
    priced = {each.base for each in known.values() if each.approved and not each.restricted}
    return tuple(
        replace(market, approved=old.approved)
        if (old := known.get((market.venue, market.symbol, market.base)))
        else replace(market, approved=market.base not in priced)
        for market in markets
    )
