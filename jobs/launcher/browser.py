"""The Chromium of the browser tests: the one that is there, or one that is installed for them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from jobs.launcher.program import LaunchError
from jobs.launcher.steps import Steps

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path | None:
    """A Chromium that runs on this machine; None if there is none."""
    return next((path for path in _candidates() if _runs(path)), None)


def chromium_installed(steps: Steps) -> Path:
    """A Chromium that runs, installed if need be; LaunchError if that is not possible."""
    if path := chromium():
        return path
    for command in _installers():
        with steps.step(f"Installing Chromium: {' '.join(command)}", "Tried") as _:
            _try(command)
        if path := chromium():
            return path
    raise LaunchError(
        "The browser tests need Chromium, and it could not be installed. Install the package "
        "`chromium` of your system, or name a program: PLAYWRIGHT_CHROMIUM=/path make test"
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("PLAYWRIGHT_CHROMIUM"):
        yield Path(named)
    for name in _NAMES:
        if found := shutil.which(name):
            yield Path(found)
    if (own := _of_playwright()) is not None:
        yield own


def _of_playwright() -> Path | None:
    """Where Playwright keeps a browser of its own; None without Playwright, as in production."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _runs(path: Path) -> bool:
    """Some systems have a stand-in of that name, and a downloaded one may lack libraries."""
    try:
        return _try((str(path), "--version"), seconds=30.0)
    except OSError:
        return False


def _installers() -> Iterator[tuple[str, ...]]:
    yield (sys.executable, "-m", "playwright", "install", "chromium")
    prefix = () if os.geteuid() == 0 else ("sudo", "-n")
    if shutil.which("apt-get") and (not prefix or shutil.which("sudo")):
        yield (*prefix, "apt-get", "update")
        yield (*prefix, "apt-get", "install", "-y", "--no-install-recommends", "chromium")


def _try(command: tuple[str, ...], seconds: float = 900.0) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - constant programs
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def tell_chromium() -> int:
    """Writes the path of a Chromium that runs to standard output; the exit code."""
    try:
        path = chromium_installed(Steps(Console(stderr=True, highlight=False)))
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
        return error.code
    sys.stdout.write(f"{path}\n")
    return 0
