"""The jobs process: listens to venues and publishes one price per asset."""
