"""Scenarios: incidents as files, played through the production code on a virtual clock."""

from jobs.scenario.product import Product, make

__all__ = ["Product", "make"]
