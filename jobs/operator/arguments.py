"""How the operator's commands are typed."""

import argparse
from typing import TypeAlias

from app.clock import steady_clock
from app.settings import Settings

_OF_MARKETS = {
    "pin": "the market is that asset, proved by a person",
    "unpin": "nobody vouches for the market any more",
    "approve": "end the probation of the market's mapping",
    "disable": "take the market out: shown, with weight 0",
    "enable": "let a disabled market count again",
    "restrict": "deposits or withdrawals are closed: shown, with weight 0",
    "unrestrict": "deposits and withdrawals are open again",
}

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands) -> None:
    """`operator` and `verify-ledger` are commands of the parser from now on."""
    verifying = commands.add_parser("verify-ledger", help="check that no event was ever changed")
    verifying.add_argument("--head", default="", help="a hash noted earlier, still to be there")
    verifying.set_defaults(command=_verify)
    operator = commands.add_parser("operator", help="decide about markets, units and corrections")
    orders = operator.add_subparsers(required=True, metavar="order")
    for name, text in _OF_MARKETS.items():
        _market(_order(orders, name, text))
    remap = _order(orders, "remap", "the market is another asset than its ticker says")
    _market(remap)
    remap.add_argument("asset", metavar="ASSET", help="id of the asset that it really is")
    _redenominate(_order(orders, "redenominate", "an asset changes its unit"))
    _correct(_order(orders, "correct", "a published number was wrong"))
    release = _order(orders, "release", "end a publication breaker")
    release.add_argument("asset", metavar="ASSET")
    decisions = orders.add_parser("decisions", help="list what is in force")
    decisions.set_defaults(command=_decisions)


def _order(orders: Commands, name: str, text: str) -> argparse.ArgumentParser:
    parser = orders.add_parser(name, help=text)
    parser.set_defaults(command=_carry_out, order=name)
    parser.add_argument("--reason", required=True, help="a sentence that everybody may read")
    return parser


def _market(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("venue", metavar="VENUE")
    parser.add_argument("symbol", metavar="SYMBOL", help="as the venue spells it")


def _redenominate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("asset", metavar="ASSET")
    parser.add_argument("factor", metavar="FACTOR", help="what a new unit costs in old ones")
    parser.add_argument("--at", required=True, help="when, such as 2026-11-22T20:39:00Z")
    parser.add_argument(
        "--history-only", action="store_true", help="it is over: rescale what was stored before"
    )


def _correct(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("asset", metavar="ASSET")
    parser.add_argument("--field", required=True, help="which number, such as price")
    parser.add_argument("--from", required=True, dest="since", help="since when it was wrong")
    parser.add_argument("--until", required=True, help="when it was right again")
    parser.add_argument("--old", required=True, help="what was published")
    parser.add_argument("--new", required=True, help="what was true")


async def _carry_out(arguments: argparse.Namespace) -> int:
    from jobs.operator.carry_out import carry_out
    from jobs.operator.orders import Order

    typed = vars(arguments)
    order = Order(
        command=typed["order"],
        **{name: typed[name] for name in Order.__struct_fields__[1:] if name in typed},
    )
    return await carry_out(Settings(), order, now=steady_clock()())


async def _decisions(_arguments: argparse.Namespace) -> int:
    from jobs.operator.carry_out import tell_decisions

    return await tell_decisions(Settings())


async def _verify(arguments: argparse.Namespace) -> int:
    from jobs.operator.verification import verify_ledger

    return await verify_ledger(Settings(), head=arguments.head)
