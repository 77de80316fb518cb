"""Why a command of the operator is not carried out, in a sentence that says what would be.

RefusedError       exit code 2: the command itself
└── UnreachableError   exit code 1: the command is good, the database is not there
"""

from collections.abc import Iterable
from difflib import get_close_matches

NEAR_MAX = 5


class RefusedError(Exception):
    """The command cannot mean anything; the message says what would be accepted."""

    code = 2


class UnreachableError(RefusedError):
    """Nothing is wrong with the command, but there is no ledger to write it into."""

    code = 1


def among(what: str, given: str, known: Iterable[str]) -> str:
    """The name as it is known; raises RefusedError with names that look like it."""
    names = sorted(known)
    if given in names:
        return given
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(given.casefold(), folded, n=NEAR_MAX, cutoff=0.5)
    if near:
        accepted = f"did you mean {' or '.join(folded[name] for name in near)}?"
    elif len(names) <= 20:
        accepted = f"known are {', '.join(names) or 'none'}."
    else:
        accepted = f"{len(names):,} are known, {names[0]} and {names[-1]} for example."
    raise RefusedError(f"There is no {what} {given!r}: {accepted}")
