"""The published method as one value: the page, the API and the documents are made of it."""

from dataclasses import dataclass
from typing import Final

from app.market.index import METHOD
from app.market.registry import Tier
from app.market.rules import RULES, Rule
from app.market.tiers import LIMITS, Limits
from app.market.verdict import FLAG_SENTENCE, STATUS_SENTENCE, Flag


@dataclass(frozen=True, slots=True)
class TierLimits:
    """What the assets of one tier are held to."""

    name: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class StatusMeaning:
    """One status and what people read."""

    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FlagMeaning:
    """One flag, the rule that raises it, and what people read."""

    word: str
    rule: str
    """S0 to S14."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """How a price is made, in words and in numbers."""

    version: str
    rules: tuple[Rule, ...]
    tiers: tuple[TierLimits, ...]
    statuses: tuple[StatusMeaning, ...]
    flags: tuple[FlagMeaning, ...]


RULE_OF_FLAG: Final = {word: rule.code for rule in RULES for word in rule.flags}
"""Flag as the API spells it → the rule that raises it."""


def _flag(flag: Flag) -> FlagMeaning:
    (word,) = flag.words
    return FlagMeaning(word, RULE_OF_FLAG[word], FLAG_SENTENCE[flag])


METHODOLOGY: Final = Methodology(
    version=METHOD,
    rules=RULES,
    tiers=tuple(TierLimits(tier.name.lower(), LIMITS[tier]) for tier in Tier),
    statuses=tuple(
        StatusMeaning(status.word, sentence) for status, sentence in STATUS_SENTENCE.items()
    ),
    flags=tuple(_flag(flag) for flag in Flag),
)
