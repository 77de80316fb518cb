"""Receipts of the small markets: the inputs of a cycle, kept to be asked about afterwards."""

from dataclasses import dataclass, field

from app.market.excerpt import Excerpts
from app.market.frame import Frame
from app.market.index import Prices
from app.market.receipt import Receipt, Rejection, receipt_of
from app.market.registry import Asset, Market
from tests.market.board import BTC, Exchange, five_dollar_books, number


@dataclass
class Explained:
    """An exchange whose last cycle can be explained."""

    exchange: Exchange
    frame: Frame = field(init=False)
    prices: Prices = field(init=False)

    def __post_init__(self) -> None:
        self.excerpts = Excerpts(self.exchange.layout.registry)

    def cycle(self, *, after: float = 0.0) -> "Explained":
        """One step, that many seconds later, of which the inputs are kept."""
        exchange = self.exchange
        before = exchange.state
        self.prices = exchange.cycle(after=after)
        quotes = exchange.board.columns()
        self.frame = Frame(7, 1, exchange.now, "sandbox", quotes, before)
        return self

    def receipt(self, asset: Asset) -> Receipt:
        """Why the asset has its price."""
        at = number(self.exchange, asset)
        return receipt_of(self.frame, self.excerpts.of(at), at)

    def rejection(self, asset: Asset, venue: str) -> Rejection:
        """Why that venue's only market of the asset was left out."""
        (found,) = (line for line in self.receipt(asset).rejections if line.venue == venue)
        return found


def explained(exchange: Exchange, *, after: float = 0.0) -> Explained:
    """The next cycle of the exchange, ready to be explained."""
    return Explained(exchange).cycle(after=after)


def agreeing(asset: Asset = BTC, *, but: int = -1) -> Exchange:
    """Five operators that say the same of the asset, all but one of them."""
    exchange = five_dollar_books(asset)
    for row in {0, 1, 2, 3, 4} - {but}:
        exchange.say(row, 100.0)
    return exchange


def joined_by(*markets: Market, price: float) -> Exchange:
    """The same with further markets of bitcoin, which say this price."""
    exchange = Exchange((*five_dollar_books().markets, *markets))
    for row in range(5):
        exchange.say(row, 100.0)
    for row in range(5, 5 + len(markets)):
        exchange.say(row, price)
    return exchange
