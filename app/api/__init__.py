"""The public REST API."""

from app.api.server import create_api, in_front

__all__ = ["create_api", "in_front"]
