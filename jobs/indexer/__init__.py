"""The async shell round the index: a clock drives cycles, cycles are published and stored."""

from jobs.indexer.broadcast import broadcast
from jobs.indexer.cycles import Indexer
from jobs.indexer.storage import prepare, recall, store

__all__ = ["Indexer", "broadcast", "prepare", "recall", "store"]
