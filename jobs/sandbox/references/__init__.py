"""The simulated reference sources; one file a source, and REFERENCES is the table."""

from jobs.sandbox.references.coingecko import COINGECKO
from jobs.sandbox.references.coinpaprika import COINPAPRIKA
from jobs.sandbox.references.reference import Reference

REFERENCES: dict[str, Reference] = {
    reference.name: reference for reference in (COINGECKO, COINPAPRIKA)
}
