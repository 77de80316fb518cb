"""The built pages: one build serves every port and every instance of this checkout."""

import asyncio
import fcntl
import hashlib
import shutil
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from jobs.launcher.children import finish
from jobs.launcher.plan import child_environ
from jobs.launcher.program import Program, last_lines
from jobs.launcher.steps import Say

_SOURCES = ("app", "assets", "rxconfig.py", "requirements.txt")
_LOCK_FILES = ("reflex.lock",)
_GENERATED = ("__pycache__", "external")

_REFLEX = {
    "REFLEX_USE_SYSTEM_BUN": "1",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    # Without it Reflex first connects to a public address to choose between IPv4 and IPv6.
    "REFLEX_HTTP_CLIENT_BIND_ADDRESS": "0.0.0.0",  # noqa: S104 - the source of calls, no listener
}


@dataclass(frozen=True, slots=True)
class Frontend:
    """The pages of one checkout."""

    root: Path

    @property
    def pages(self) -> Path:
        """What browsers are served."""
        return self.root / ".web" / "build" / "client"

    @property
    def stamp(self) -> Path:
        """Says which content the pages were built from."""
        return self.root / ".web" / "built-from"

    def is_built(self) -> bool:
        """Whether the pages are those of the checkout as it is now."""
        if not (self.pages / "index.html").is_file() or not self.stamp.is_file():
            return False
        return self.stamp.read_text() == self._stamp(content_hash(self.root, _SOURCES))

    async def build(self, log: Path, say: Say) -> None:
        """The pages are built, by us or by another instance that was faster."""
        async with _alone(self.root / "rxconfig.py", say):
            if self.is_built():
                return
            sources = content_hash(self.root, _SOURCES)
            await finish(_export(self.root, log), lambda: say(_last_words(log)))
            self._add_logos()
            # Files that changed during the build are left out of the stamp on purpose: the lock
            # file is what the build itself writes, so that one is read afterwards.
            self.stamp.write_text(self._stamp(sources))

    def _stamp(self, sources: str) -> str:
        return f"{sources} {content_hash(self.root, _LOCK_FILES)}\n"

    def _add_logos(self) -> None:
        icons = self.root / ".web" / "node_modules" / "cryptocurrency-icons" / "svg" / "color"
        if icons.is_dir():
            shutil.copytree(icons, self.pages / "logos", dirs_exist_ok=True)


def content_hash(root: Path, parts: Iterable[str]) -> str:
    """The same for the same names and contents below those parts; caches do not count."""
    digest = hashlib.sha256()
    for file in sorted(file for part in parts for file in _files(root / part)):
        name, content = file.relative_to(root).as_posix().encode(), file.read_bytes()
        for field in (name, content):
            digest.update(len(field).to_bytes(8, "big") + field)
    return digest.hexdigest()


def _files(part: Path) -> Iterable[Path]:
    if part.is_file():
        return (part,)
    return (
        file
        for file in part.rglob("*")
        if file.is_file() and not any(name in file.parts for name in _GENERATED)
    )


def _export(root: Path, log: Path) -> Program:
    environ = child_environ(_REFLEX)
    return Program(
        name="The build of the pages",
        argv=(sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"),
        environ=environ,
        cwd=root,
        log=log,
        ready=lambda: True,
    )


def _last_words(log: Path) -> str:
    """The last line of the log, short enough to stand beside a bar."""
    words = last_lines(log, 1).strip("─━ ")
    return words if len(words) <= 40 else words[:39] + "…"


@asynccontextmanager
async def _alone(lock_file: Path, say: Say) -> AsyncGenerator[None]:
    """No other instance of this checkout is inside the block."""
    with lock_file.open() as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                say("another instance builds them")
                await asyncio.sleep(0.2)
        yield
