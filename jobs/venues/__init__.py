"""Every venue we know; adding one is one file and one line here."""

from jobs.venue import Venue
from jobs.venues.coinbase import COINBASE

VENUES: dict[str, Venue] = {venue.name: venue for venue in (COINBASE,)}
