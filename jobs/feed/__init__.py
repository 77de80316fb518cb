"""The one WebSocket engine: connect, subscribe, ping, watch for silence, back off, hand over."""

from jobs.feed.health import FeedHealth, FeedStatus
from jobs.feed.intake import Address, StreamAndRest
from jobs.feed.supervisor import Feed
from jobs.feed.timing import Timing

__all__ = ["Address", "Feed", "FeedHealth", "FeedStatus", "StreamAndRest", "Timing"]
