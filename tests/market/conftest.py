"""The closing lines of a run of the properties: how often each was tried, and which broke."""

import re

import pytest

_TRIED = re.compile(r"(\d+) passing, (\d+) failing")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each property that ran, and one for all of them."""
    broken = {report.nodeid for report in terminalreporter.getreports("failed")}
    lines, examples = list[str](), 0
    # Hypothesis leaves its statistics at the report of the teardown, which has no category.
    for report in terminalreporter.getreports(""):
        statistics = getattr(report, "_hypothesis_stats", "")
        if "test_invariant_" in report.nodeid and statistics:
            tried = sum(int(count) for pair in _TRIED.findall(statistics) for count in pair)
            examples += tried
            result = "BROKEN" if report.nodeid in broken else "holds"
            lines.append(f"{result:<6} {tried:>7,} examples {report.nodeid.partition('::')[2]}")
    if lines:
        terminalreporter.section("properties")
        for line in sorted(lines, key=lambda each: int(each.split("_")[2])):
            terminalreporter.write_line(line)
        failed = sum(line.startswith("BROKEN") for line in lines)
        terminalreporter.write_line(
            f"{len(lines)} properties: {examples:,} examples, {failed} broken"
        )
