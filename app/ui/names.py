"""What the site is called, and the words that stand in titles and descriptions."""

NAME = "marketcap.guide"
MARKETS_TITLE = f"Cryptocurrency prices, live and explained | {NAME}"
MARKETS_DESCRIPTION = (
    "Live cryptocurrency prices, market caps and volumes: one cross-checked price a coin, with the "
    "venues behind it. No ads, no trackers."
)
COIN_DESCRIPTION = "Live price, chart, market cap and the venues behind the price, with reasons."
METHODOLOGY_DESCRIPTION = (
    "How one price is made from many venues: every rule, every threshold, every status and flag, "
    "generated from the code."
)
QUALITY_DESCRIPTION = (
    "How fresh, how complete and how far apart our sources are at this moment: ages, coverage, "
    "rejects by rule, venues beside each other."
)
DEVELOPERS = "/api/docs"
"""Where the API is described."""

MARKETS = "markets"
QUALITY = "quality"
METHODOLOGY = "methodology"
WAYS = (
    (MARKETS, "Markets", "/"),
    (QUALITY, "Data quality", "/quality"),
    (METHODOLOGY, "Methodology", "/methodology"),
)
"""The pages that the header leads to: name, words and address."""
