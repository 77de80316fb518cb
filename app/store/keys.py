"""Names in Redis; everything under them can be rebuilt from Postgres and the venues."""

PREFIX = "mg1:"
"""Carries the version of the codec, so that two versions never read each other's bytes."""

SNAPSHOT = PREFIX + "snapshot"
VOTES = PREFIX + "votes"
REGISTRY = PREFIX + "registry"
VENUES = PREFIX + "venues"
SPARKS = PREFIX + "sparks"
CROSSCHECK = PREFIX + "crosscheck"
FRAME = PREFIX + "frame"
"""The inputs of the newest snapshot but those of the last second; read when somebody asks why."""

DELTAS = PREFIX + "deltas"
"""Channel of snapshot deltas."""
SLOW = PREFIX + "slow"
"""Channel that names a key above whose value was just replaced."""
