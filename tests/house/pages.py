"""Reading the documents: tables, links and code, without the rest of Markdown."""

import re
from itertools import takewhile
from pathlib import Path

from tests.house.tree import files, text

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """Every document of the repository."""
    return files(".md")


def rows(name: str, heading: str) -> list[list[str]]:
    """The cells of the table whose first column is headed so; code marks are taken off."""
    lines = text(name).splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(f"| {heading} |")]
    if len(starts) != 1:
        raise LookupError(f"{name} has {len(starts)} tables headed {heading!r}")
    table = takewhile(lambda line: line.startswith("|"), lines[starts[0] + 2 :])
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def prose(name: str) -> str:
    """The text of a document with its lines joined, so that a sentence can be looked for."""
    return " ".join(text(name).split())


def links(page: str) -> list[str]:
    """Where the links of a page lead."""
    return _LINK.findall(_BLOCK.sub("", page))


def code(page: str) -> list[str]:
    """What stands between code marks, and every line of a block of code."""
    blocks = [line for block in _BLOCK.findall(page) for line in block.splitlines()]
    return blocks + _CODE.findall(_BLOCK.sub("", page))
