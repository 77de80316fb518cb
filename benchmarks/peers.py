"""The best-known libraries on the same frames, in a virtual environment of their own."""

import json
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.settings import Settings
from benchmarks.measure import NotMeasuredError

GOALS = {"cryptofeed": 1.5, "ccxt": 8.0}
"""How many times as fast the adapters must be."""
VENUES = ("gate", "okx")
"""Venues whose ticker frames both libraries read without asking the venue for anything first."""
_SCRIPT = Path(__file__).with_name("peer_process.py")


def seconds_a_frame(frames: Mapping[str, Sequence[bytes]]) -> dict[str, dict[str, float]]:
    """CPU seconds that each library needs for a frame of each venue."""
    python = _installed(Settings().data_dir.resolve() / "bench-venv")
    asked = json.dumps(
        {venue: [frame.decode() for frame in each] for venue, each in frames.items()}
    )
    done = subprocess.run(
        (str(python), str(_SCRIPT)), input=asked, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise NotMeasuredError(f"{', '.join(GOALS)} do not run in {python.parents[1]}")
    return json.loads(done.stdout)


def _installed(directory: Path) -> Path:
    """The Python of the peers' environment, which is made once."""
    python = directory / "bin" / "python"
    marker = directory / "installed"
    if not marker.exists():
        print(f"Installing {', '.join(GOALS)} into {directory}", file=sys.stderr)
        venv.create(directory, with_pip=True)
        install = (str(python), "-m", "pip", "install", "--quiet", *GOALS)
        if subprocess.run(install, stdout=sys.stderr, check=False).returncode:
            raise NotMeasuredError(f"{', '.join(GOALS)} could not be installed into {directory}")
        marker.touch()
    return python
