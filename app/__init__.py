"""The web process: one live market, served to people and to programs."""
