"""What a person decides about the market, and the proof that nobody changed the ledger of it."""
