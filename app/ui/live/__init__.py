"""Live updates over Reflex's own socket: one frame a view and tick, encoded once for everyone."""
