"""How a price is made: the published method with every number that the code uses."""

from dataclasses import asdict
from typing import Final

from pydantic import BaseModel, Field

from app.api import caching
from app.api.encoding import enveloped
from app.api.freshness import Moment
from app.api.parameters import Parameters
from app.api.resource import Resource, by_registry
from app.api.v1.schemas import Envelope
from app.market.methodology import METHODOLOGY, TierLimits
from app.market.rules import Rule


class MethodologyQuery(Parameters):
    """Nothing can be asked."""


class NumberShape(BaseModel):
    """One constant of the method."""

    name: str = Field(examples=["quorum.SURVIVORS_MIN"])
    value: float = Field(examples=[3])
    unit: str = Field(
        examples=["count"],
        description="s, days, share (0.01 is 1 %), ln (of a factor between prices), USD or count.",
    )
    meaning: str = Field(examples=["surviving votes for ok"])


class RuleShape(BaseModel):
    """One rule."""

    code: str = Field(examples=["S6"])
    name: str = Field(examples=["Quorum"])
    text: list[str] = Field(description="Paragraphs.")
    flags: list[str] = Field(examples=[["low_quorum"]])
    numbers: list[NumberShape]
    link: str = Field(examples=["/methodology#s6"])


class TierShape(BaseModel):
    """What one tier is held to: seconds, and distances as shares of the price."""

    tier: str = Field(examples=["major"])
    fresh: float = Field(examples=[5], description="τ0: age up to which a quote counts in full.")
    half_life: float = Field(examples=[15], description="h: the weight halves every so often.")
    age_max: float = Field(examples=[90])
    gate_min: float = Field(examples=[0.006])
    gate_max: float = Field(examples=[0.08])
    jump: float = Field(examples=[0.03], description="j: a larger step needs confirmation.")
    hold: float = Field(examples=[10], description="How long an unconfirmed step is held back.")


class StatusShape(BaseModel):
    """One status."""

    status: str = Field(examples=["ok"])
    sentence: str


class FlagShape(BaseModel):
    """One flag."""

    flag: str = Field(examples=["low_quorum"])
    rule: str = Field(examples=["S6"])
    sentence: str


class MethodologyAnswer(Envelope):
    """The method."""

    method: str = Field(examples=["1"], description="Version of the method.")
    rules: list[RuleShape]
    tiers: list[TierShape]
    statuses: list[StatusShape]
    flags: list[FlagShape]


def methodology(moment: Moment, query: MethodologyQuery) -> bytes:
    """The method as it is in use."""
    return enveloped(moment, **_METHOD)


def _rule(rule: Rule) -> dict[str, object]:
    numbers = [asdict(number) for number in rule.numbers]
    return {**asdict(rule), "numbers": numbers, "link": f"/methodology#{rule.code.lower()}"}


def _tier(tier: TierLimits) -> dict[str, object]:
    return {"tier": tier.name, **asdict(tier.limits)}


_METHOD: Final[dict[str, object]] = {
    "method": METHODOLOGY.version,
    "rules": [_rule(rule) for rule in METHODOLOGY.rules],
    "tiers": [_tier(tier) for tier in METHODOLOGY.tiers],
    "statuses": [{"status": one.word, "sentence": one.sentence} for one in METHODOLOGY.statuses],
    "flags": [
        {"flag": one.word, "rule": one.rule, "sentence": one.sentence} for one in METHODOLOGY.flags
    ],
}

RESOURCES = (
    Resource(
        path="/api/v1/methodology",
        name="methodology",
        summary="How a price is made: rules, tiers, statuses, flags and every constant",
        query=MethodologyQuery,
        body=methodology,
        shape=MethodologyAnswer,
        stamp=by_registry,
        cache_control=caching.IDENTITIES,
    ),
)
