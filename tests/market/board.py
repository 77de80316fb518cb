"""Small markets for the tests: one asset in dollars, or whatever a test adds."""

from dataclasses import dataclass, field

from app.market.index import IndexState, Prices, Votes, first_state, step
from app.market.layout import Layout, lay_out
from app.market.quotes import Quote, QuoteBoard
from app.market.registry import Asset, Market, Registry, Tier

USD = Asset("usd", "USD", "US Dollar", Tier.FIAT)
EUR = Asset("eur", "EUR", "Euro", Tier.FIAT)
USDT = Asset("tether", "USDT", "Tether", Tier.STABLE)
USDC = Asset("usd-coin", "USDC", "USDC", Tier.STABLE)
BTC = Asset("bitcoin", "BTC", "Bitcoin", Tier.MAJOR)
ETH = Asset("ethereum", "ETH", "Ethereum", Tier.MAJOR)
PEPE = Asset("pepe", "PEPE", "Pepe", Tier.TAIL)

ASSETS = (USD, EUR, USDT, USDC, BTC, ETH, PEPE)
NOW = 1_700_000_000.0


def market(venue: str, base: str, quote: str = "usd", *, operator: str = "") -> Market:
    """A market whose symbol is base/quote."""
    return Market(venue, operator or venue, f"{base}/{quote}", base, quote)


@dataclass
class Exchange:
    """A registry, its board and the state that one cycle hands to the next."""

    markets: tuple[Market, ...]
    assets: tuple[Asset, ...] = ASSETS
    now: float = NOW
    layout: Layout = field(init=False)
    board: QuoteBoard = field(init=False)
    state: IndexState = field(init=False)
    votes: Votes = field(init=False)

    def __post_init__(self) -> None:
        self.layout = lay_out(Registry(1, self.assets, self.markets))
        self.board = QuoteBoard(len(self.markets))
        self.state = first_state(self.layout.registry)

    def say(self, row: int, price: float, *, volume: float = 1e6, age: float = 0.0) -> None:
        """The market quotes this price with a 10 bp spread and this turnover."""
        half = price * 5e-4
        stamp = self.now - age
        quote = Quote("", price, price - half, price + half, turnover=volume, time=stamp)
        self.board.put(row, quote, stamp)

    def cycle(self, *, after: float = 0.0) -> Prices:
        """One step, that many seconds later."""
        self.now += after
        self.board.settle()
        self.state, prices, self.votes = step(
            self.state, self.board.columns(), self.layout, self.now
        )
        return prices


def number(exchange: Exchange, asset: Asset) -> int:
    """The asset's row."""
    return exchange.layout.registry.number_of[asset.id]


def five_dollar_books(asset: Asset = BTC) -> Exchange:
    """Five operators that trade the asset in dollars."""
    return Exchange(tuple(market(f"v{index}", asset.id) for index in range(5)))
