"""What the person at the terminal sees: one line a step with its time, a bar where it is long."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

Say = Callable[[str], None]


class Steps:
    """Prints to a terminal with colour and motion, to anything else as plain lines."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @contextmanager
    def step(self, doing: str, done: str) -> Generator[Say]:
        """Shows that it is being done, then that it is done; yields how to say how far it is."""
        began = time.monotonic()
        with self._shown(doing) as say:
            yield say
        self._line(f"{time.monotonic() - began:6.1f} s  ", done, "green")

    def note(self, text: str) -> None:
        """One line between the steps."""
        self._line("          ", text, "yellow")

    def say(self, text: str, style: str = "") -> None:
        """Text for itself, exactly as it is."""
        self._print(Text(text, style))

    def _line(self, margin: str, text: str, style: str) -> None:
        self._print(Text(margin, style).append(text, "default"))

    def _print(self, text: Text) -> None:
        # The terminal may be closed already, and who is told of that must still stop everything.
        with suppress(OSError):
            self.console.print(text, soft_wrap=True)

    @contextmanager
    def _shown(self, doing: str) -> Generator[Say]:
        if not self.console.is_terminal:
            self.note(f"{doing} …")
            yield lambda detail: None
            return
        columns = (
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[detail]}", style="dim", markup=False),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            # Without a total the bar swings: nobody knows how long a download takes.
            task = progress.add_task(doing, total=None, detail="")
            yield lambda detail: progress.update(task, detail=detail)
