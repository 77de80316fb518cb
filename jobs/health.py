"""What the engines know of each venue → what is published of it."""

from collections.abc import Mapping

from app.market.health import VenueHealth
from jobs.collector import Collector
from jobs.venue import Venue


def told(
    collector: Collector, venues: Mapping[str, Venue], markets: Mapping[str, int]
) -> tuple[VenueHealth, ...]:
    """Every venue that is listened to, by name; `markets` counts what we follow of each."""
    return tuple(
        VenueHealth(
            name=name,
            title=venues[name].title,
            operator=venues[name].operator,
            home=venues[name].home,
            docs=venues[name].docs,
            state=health.feed.state,
            markets=markets.get(name, 0),
            connections=health.feed.connected,
            connections_wanted=health.feed.wanted,
            frames=health.feed.frames,
            quotes=health.feed.quotes + health.rest.quotes,
            parse_errors=health.feed.parse_errors,
            unknown_symbols=health.feed.unknown_symbols,
            reconnects=health.feed.reconnects,
            missing_acks=health.feed.missing_acks,
            refused=health.feed.refused,
            last_message=health.feed.last_frame,
            lag_p50=health.feed.lag_p50,
            lag_p99=health.feed.lag_p99,
            rest_calls=health.rest.calls,
            rest_failures=sum(health.rest.failures.values()),
            circuit=health.rest.circuit,
        )
        for name, health in sorted(collector.health().items())
    )
