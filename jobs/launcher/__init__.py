"""One command for the whole product: it starts every part, watches it and stops it again."""
