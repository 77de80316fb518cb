"""Recorded captures, through the same adapters and the same pipeline, on the recorded clock."""

from jobs.replay.captures import CaptureError, Tape, load_tape
from jobs.replay.player import Player

__all__ = ["CaptureError", "Player", "Tape", "load_tape"]
