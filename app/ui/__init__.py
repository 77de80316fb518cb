"""The Reflex web interface."""
