"""The coin whose page is open."""

import reflex as rx

from app.ui.coin import Coin


class CoinFactsState(rx.State):
    """Set when a coin page opens, then by a frame once a second."""

    coin: Coin = Coin()
