"""Show a deploy while it goes on: a table that changes on a terminal, a line for each part elsewhere."""

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from edge.watch.board import Board, Row
from edge.watch.parts import Resource
from edge.watch.steps import is_of_a_resource, phase_of, step_of

SILENT_SECONDS = 10.0


class Show:
    """Takes the engine's lines and shows what they mean; `tick` is to be called a few times a second.

    `known` gives the resources that are expected, once the engine begins; before, `phase` says what it does. `others`
    gets every line that is about no resource.
    """

    def __init__(
        self,
        known: Callable[[], Mapping[str, Resource]],
        console: Console,
        *,
        phase: str = "synthesizing",
        others: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.console, self._known, self._phase, self._others = console, known, phase, others
        self._started = self._spoke = time.monotonic()
        self._said: set[int] = set()
        self._live = Live(console=console, get_renderable=self._table) if console.is_terminal else None

    def __enter__(self) -> "Show":
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()
            return
        for row in self.board.ordered if self._has_begun else ():  # what did not end
            self._say_row(row)

    def line(self, text: str) -> None:
        """Take a line of the engine's."""
        self._phase = phase_of(text) or self._phase
        if (step := step_of(text)) is not None:
            row = self.board.take(step, self._now)
            if row.is_complete and not self._live:
                self._say_row(row)
        elif not is_of_a_resource(text):
            self._others(text)

    def tick(self) -> None:
        """Let nobody wait for long without a word."""
        if not self._live and time.monotonic() - self._spoke >= SILENT_SECONDS:
            waits = self.board.waits if self._has_begun else []
            self._say(f"  waiting: {waits[0]}" if waits else f"  {self._phase} …")

    @cached_property
    def board(self) -> Board:
        """Where it stands; what is to be expected is asked for at the first step, when it was synthesized."""
        return Board(self._known())

    @property
    def _now(self) -> float:
        return time.monotonic() - self._started

    @property
    def _has_begun(self) -> bool:
        return "board" in vars(self)

    def _say_row(self, row: Row) -> None:
        if id(row) not in self._said:
            self._said.add(id(row))
            self._say(f"  {row.part.value:18}{', '.join(row.accounts):20}{self._state(row):24}{_clock(row.last or 0)}")

    def _say(self, text: str) -> None:
        self._spoke = time.monotonic()
        self.console.print(text, soft_wrap=True, markup=False, highlight=False)

    def _state(self, row: Row) -> str:
        if row.is_complete or not row.running:
            return row.done
        return f"{row.ended.total()} of {max(row.total, row.ended.total() + len(row.running))} done"

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        if not self._has_begun:
            table.add_row("", f"[dim]{_clock(self._now)}[/]", f"[dim]{self._phase} …[/]")
            return table
        for row in self.board.ordered:
            color = "green" if row.is_complete else "yellow"
            table.add_row(
                "", row.part.value, ", ".join(row.accounts), f"[{color}]{self._state(row)}[/]", _clock(row.last or 0)
            )
        waits = self.board.waits
        table.add_row("", f"[dim]{_clock(self._now)}[/]", "", f"[dim]{waits[0]}[/]" if waits else "")
        return table


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
