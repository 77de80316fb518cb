"""A venue simulator that speaks the venues' own wire formats, with faults on demand."""

from jobs.sandbox.server import serve

__all__ = ["serve"]
