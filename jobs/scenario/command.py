"""What the person at the terminal sees of scenarios: each assertion, and what was measured."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from jobs.scenario.check import Finding
from jobs.scenario.play import judge, play
from jobs.scenario.script import Scenario, ScenarioError, read


def run(files: Iterable[Path], console: Console | None = None) -> int:
    """Play every file; 0 if all pass, 1 if an assertion fails, 2 if a file is no scenario."""
    console = console or Console(highlight=False)
    try:
        scenarios = [read(file) for file in files]
    except ScenarioError as error:
        console.print(Text(str(error), "red"), soft_wrap=True)
        return 2
    failed = 0
    for scenario in scenarios:
        findings = _played(scenario, console)
        failed += not all(finding.passed for finding in findings)
        _tell(scenario, findings, console)
    console.print(f"{len(scenarios) - failed} of {len(scenarios)} scenarios passed")
    return 1 if failed else 0


def _played(scenario: Scenario, console: Console) -> list[Finding]:
    columns = (
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} of {task.total:.0f} s", style="dim"),
    )
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        task = progress.add_task(scenario.id, total=scenario.duration)
        samples = play(scenario, told=lambda now: progress.update(task, completed=now))
    return judge(scenario, samples)


def _tell(scenario: Scenario, findings: Sequence[Finding], console: Console) -> None:
    passed = all(finding.passed for finding in findings)
    console.print(_mark(passed=passed).append(f"  {scenario.id}  {scenario.title}"), soft_wrap=True)
    for finding in findings:
        line = Text("  ").append_text(_mark(passed=finding.passed))
        line.append(f"  {finding.id}: {finding.asked}")
        console.print(line.append(f": {finding.measured}", "dim"), soft_wrap=True)


def _mark(*, passed: bool) -> Text:
    return Text().append("pass", "green") if passed else Text().append("FAIL", "red bold")
