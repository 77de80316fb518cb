"""The CoinGecko-compatible surface: their paths, parameters and shapes over our market."""
