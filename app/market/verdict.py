"""What may be said of a published number: one status, any flags, and the sentences people read."""

from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray


class Status(IntEnum):
    """How far a published price can be trusted; the spelling in every answer is `word`."""

    UNAVAILABLE = 0
    STALE = 1
    HELD = 2
    DEGRADED = 3
    OK = 4

    @property
    def word(self) -> str:
        """The status as the API spells it."""
        return self.name.lower()


class Flag(IntFlag):
    """Why a price or one of its inputs is less than perfect; a bit mask."""

    OUTLIER_EXCLUDED = 1 << 0
    STALE_SOURCE = 1 << 1
    LOW_QUORUM = 1 << 2
    SINGLE_SOURCE = 1 << 3
    THIN_MARKET = 1 << 4
    DISPUTED = 1 << 5
    JUMP_PENDING = 1 << 6
    DEPEG = 1 << 7
    DEPEG_WATCH = 1 << 8
    CONVERSION_SUSPECT = 1 << 9
    UNIT_MISMATCH = 1 << 10
    IDENTITY_CONFLICT = 1 << 11
    PREMIUM_MARKET = 1 << 12
    RESTRICTED_MARKET = 1 << 13
    INVALID_INPUT = 1 << 14
    SUPPLY_SUSPECT = 1 << 15
    XCHECK_FAIL = 1 << 16
    CLOCK_SKEW = 1 << 17
    PROBATION = 1 << 18
    DISABLED = 1 << 19
    BREAKER = 1 << 20
    VOLUME_SUSPECT = 1 << 21

    @property
    def words(self) -> list[str]:
        """The flags as the API spells them, lowest bit first."""
        return [flag.name.lower() for flag in Flag if flag in self and flag.name]


def raise_flag(flags: NDArray[np.uint32], where: NDArray[np.bool_], flag: Flag) -> None:
    """Set the flag in the column wherever `where` holds."""
    flags[where] |= np.uint32(flag)


STATUS_SENTENCE = {
    Status.OK: "At least three independent operators agree.",
    Status.DEGRADED: "Published, but with fewer sources than we ask for.",
    Status.HELD: "The sources contradict each other; this is the last price they agreed on.",
    Status.STALE: "No fresh source; this is the last price we knew.",
    Status.UNAVAILABLE: "No price: there is no source we can trust.",
}

FLAG_SENTENCE = {
    Flag.OUTLIER_EXCLUDED: "Too far from the other operators to count as a survivor.",
    Flag.STALE_SOURCE: "Older than its tier allows.",
    Flag.LOW_QUORUM: "Fewer than three surviving operators.",
    Flag.SINGLE_SOURCE: "Only one operator has ever quoted this asset.",
    Flag.THIN_MARKET: "Fewer than three operators or less than $100,000 of 24 h volume.",
    Flag.DISPUTED: "The remaining operators contradict each other.",
    Flag.JUMP_PENDING: "A large step waits for confirmation.",
    Flag.DEPEG: "More than 2 % away from its peg.",
    Flag.DEPEG_WATCH: "More than 0.5 % away from its peg.",
    Flag.CONVERSION_SUSPECT: "The quote currency has no trustworthy price in USD.",
    Flag.UNIT_MISMATCH: "Off by a power of ten: probably another unit.",
    Flag.IDENTITY_CONFLICT: "Probably another asset under the same ticker.",
    Flag.PREMIUM_MARKET: "Quoted in a capital-controlled currency.",
    Flag.RESTRICTED_MARKET: "Deposits or withdrawals are closed.",
    Flag.INVALID_INPUT: "Sent a number that is no price.",
    Flag.SUPPLY_SUSPECT: "The supply changed without confirmation.",
    Flag.XCHECK_FAIL: "Differs from an independent source.",
    Flag.CLOCK_SKEW: "The venue's clock is ahead of ours.",
    Flag.PROBATION: "A new mapping that has not proved itself yet.",
    Flag.DISABLED: "Taken out by the operator of this service.",
    Flag.BREAKER: "Ten times away from its last 24 hours; held until more operators agree.",
    Flag.VOLUME_SUSPECT: "Its reported volume is not believed, so it weighs as if it had none.",
}
