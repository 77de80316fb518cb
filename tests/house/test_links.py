"""What the documents point to is there: files, records, commands and variables."""

import re

import pytest

from jobs.__main__ import _parser
from tests.house.pages import code, documents, links
from tests.house.tree import ROOT, files, name_of, text

pytestmark = pytest.mark.unit

_PATH = re.compile(r"(?:app|jobs|tests|docs|alembic|benchmarks|deploy|\.ci)/[\w./-]*")
_MAKE = re.compile(r"\bmake ([a-z]+)((?: [A-Z_]+=\S+)*)")
_JOBS = re.compile(r"python -m jobs ([a-z-]+)")
_RECORDS = sorted((ROOT / "docs/adr").glob("*.md"))
_PARTS = ["Date: ", "Status: ", "## Context", "## Decision", "## Consequences"]


def test_every_link_leads_to_a_file() -> None:
    dead = [
        f"{name_of(page)}: {target}"
        for page in documents()
        for target in links(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target.partition("#")[0]).exists()
    ]

    assert dead == []


def test_every_path_that_is_named_exists() -> None:
    gone = [
        f"{name_of(page)}: {path}"
        for page in documents()
        for path in code(page.read_text(encoding="utf-8"))
        if _PATH.fullmatch(path) and not (ROOT / path).exists()
    ]

    assert gone == []


def test_every_part_of_the_code_is_on_the_map() -> None:
    architecture = text("docs/architecture.md")
    parts = {
        "/".join(name_of(path).split("/")[:2])
        for path in files(".py")
        if name_of(path).startswith(("app/", "jobs/")) and path.stem != "__init__"
    }

    assert [part for part in sorted(parts) if part not in architecture] == []


@pytest.mark.parametrize("package", ["app/market", "app/store"])
def test_every_module_below_the_processes_is_on_the_map(package: str) -> None:
    architecture = text("docs/architecture.md")
    modules = [path.stem for path in (ROOT / package).glob("[!_]*.py")]

    assert [name for name in sorted(modules) if f"`{name}`" not in architecture] == []


def test_every_make_command_that_is_named_exists() -> None:
    makefile = text("Makefile")
    named = {
        target
        for page in documents()
        for line in code(page.read_text(encoding="utf-8"))
        for target, _ in _MAKE.findall(line)
    }

    assert [target for target in sorted(named) if f"\n{target}:" not in makefile] == []


def test_every_variable_of_make_run_is_documented_and_no_other() -> None:
    passed = re.search(r"^PASSED := (.*)$", text("Makefile"), re.MULTILINE)
    assert passed is not None
    variables = {*passed[1].split(), "HOST"}

    for page in ("README.md", "docs/settings.md"):
        named = set(re.findall(r"\| `([A-Z_]+)` \|", text(page)))
        assert {
            name for name in named if "MARKETCAP" not in name and "_URL" not in name
        } == variables


def test_every_command_of_jobs_that_is_named_exists() -> None:
    named = {
        command
        for page in documents()
        for line in code(page.read_text(encoding="utf-8"))
        for command in _JOBS.findall(line)
    }
    usage = _parser().format_help()

    assert [
        command
        for command in sorted(named)
        if not re.search(rf"^    {command}\s", usage, re.MULTILINE)
    ] == []


def test_records_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in _RECORDS] == [
        f"{number:04d}-" for number in range(1, len(_RECORDS) + 1)
    ]


@pytest.mark.parametrize("name", [path.name for path in _RECORDS])
def test_a_record_has_its_parts_and_ends_in_time(name: str) -> None:
    lines = text(f"docs/adr/{name}").splitlines()

    assert lines[0].startswith(f"# {name[:4]} ")
    assert [part for part in _PARTS if not any(line.startswith(part) for line in lines)] == []
    assert len(lines) <= 40
