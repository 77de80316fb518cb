"""Reference sources: whom we compare ourselves with, and who tells supplies.

One file a source; `SOURCES` is the table, in the order in which the operator reads it.
"""

from jobs.sources.coingecko import COINGECKO
from jobs.sources.coinpaprika import COINPAPRIKA
from jobs.sources.source import Source

SOURCES: dict[str, Source] = {source.name: source for source in (COINGECKO, COINPAPRIKA)}


class UnknownSourceError(ValueError):
    """A setting names a source that there is not."""


def chosen(names: str) -> tuple[Source, ...]:
    """The sources of these names, separated by commas; raises UnknownSourceError."""
    wanted = {name.strip() for name in names.split(",")} - {""}
    if unknown := wanted - SOURCES.keys():
        raise UnknownSourceError(
            f"no source is called {', '.join(sorted(unknown))}: known are {', '.join(SOURCES)}"
        )
    return tuple(source for name, source in SOURCES.items() if name in wanted)
