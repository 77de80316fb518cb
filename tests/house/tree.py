"""The text of this repository: what is tracked, or would be."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def files(*suffixes: str) -> list[Path]:
    """Every file with one of these endings that is not ignored, sorted; all files without one."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so nothing says which files belong to the project")
    paths = [ROOT / name for name in sorted(listed.stdout.splitlines())]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def below(folders: tuple[str, ...], *suffixes: str) -> list[Path]:
    """Those of them that are in one of the top-level folders."""
    return [path for path in files(*suffixes) if name_of(path).split("/", 1)[0] in folders]


def name_of(path: Path) -> str:
    """The path from the root of the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()


def text(name: str) -> str:
    """The content of one file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")
