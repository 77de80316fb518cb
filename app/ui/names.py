"""What the site is called, and the words that stand in titles and descriptions."""

NAME = "marketcap.guide"
MARKETS_TITLE = f"Cryptocurrency prices, live and explained | {NAME}"
MARKETS_DESCRIPTION = (
    "Live cryptocurrency prices, market caps and volumes: one cross-checked price a coin, with the "
    "venues behind it. No ads, no trackers."
)
COIN_DESCRIPTION = "Live price, chart, market cap and the venues behind the price, with reasons."
DEVELOPERS = "/api/docs"
"""Where the API is described."""
