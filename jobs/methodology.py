"""The published method as a document: docs/methodology.md is what this prints."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from app.market.methodology import METHODOLOGY
from app.market.rules import Rule
from app.market.tiers import Limits

WIDTH = 100

INTRODUCTION = (
    "One asset, one price, from venues that may be late, wrong, manipulated or dead. This is"
    f" version {METHODOLOGY.version} of the method, as `app/market` computes it and as the page"
    " `/methodology` and `/api/v1/methodology` tell it. `python -m jobs methodology` writes this"
    " file out of the constants of the code, and a test compares the two.",
    "`step(state, quotes, layout, now)` is a pure function: the same state, quotes, registry and"
    " time give the same bits. It is evaluated for all assets in every publish cycle, four times a"
    " second unless `MARKETCAP_PUBLISH_EVERY` says otherwise, in the order fiat, USDT, USDC, other"
    " stablecoins, BTC, ETH, other assets that are quoted in, the rest. What one price was made of"
    " is told by `/api/v1/receipts/{id}`, computed again from the stored inputs. Why the rules are"
    " as they are is in [adr](adr/), and incidents that they were tried on are in"
    " [scenarios.md](scenarios.md).",
)


def markdown() -> str:
    """The whole document, with a newline at its end."""
    parts = [
        "# How a price is made",
        *map(_paragraph, INTRODUCTION),
        "## The rules",
        *(part for rule in METHODOLOGY.rules for part in _rule(rule)),
        "## Tiers",
        _paragraph(
            "Seconds, and distances as shares of the price. The 50 largest assets are major, those"
            " up to place 500 mid, all others tail."
        ),
        _table(
            ("tier", "τ0 s", "h s", "age_max s", "g_min", "g_max", "j", "hold s"),
            ((tier.name, *_limits(tier.limits)) for tier in METHODOLOGY.tiers),
        ),
        "## Constants",
        _table(
            ("rule", "constant", "value", "unit", "meaning"),
            (
                (rule.code, f"`{one.name}`", f"{one.value:.6g}", one.unit, one.meaning)
                for rule in METHODOLOGY.rules
                for one in rule.numbers
            ),
        ),
        "## Statuses",
        _table(
            ("status", "sentence"),
            ((f"`{one.word}`", one.sentence) for one in METHODOLOGY.statuses),
        ),
        "## Flags",
        _table(
            ("flag", "rule", "sentence"),
            ((f"`{one.word}`", one.rule, one.sentence) for one in METHODOLOGY.flags),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _rule(rule: Rule) -> Iterable[str]:
    yield f"### {rule.code} {rule.name}"
    yield from map(_paragraph, rule.text)
    if rule.flags:
        yield _paragraph(f"Flags: {', '.join(f'`{flag}`' for flag in rule.flags)}.")


def _paragraph(text: str) -> str:
    return "\n".join(wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _limits(limits: Limits) -> tuple[str, ...]:
    """Seconds as they are, distances as per cent."""
    times = (limits.fresh, limits.half_life, limits.age_max)
    shares = (limits.gate_min, limits.gate_max, limits.jump)
    return (
        *(f"{seconds:.0f}" for seconds in times),
        *(f"{share * 100:g} %" for share in shares),
        f"{limits.hold:g}",
    )
