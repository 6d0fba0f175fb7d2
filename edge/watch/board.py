"""Where a deploy stands: a row for each part, in the order in which a request meets them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.watch.parts import Part, Resource, resource
from edge.watch.steps import State, Step


@dataclass
class Row:
    """One part: the accounts in which it lies, how many resources it has, and what Terraform did with them by now.

    `running` holds the seconds that each resource takes by now, by its address; `last` is when it was last heard of, in
    seconds since the deploy began, None before the first step.
    """

    part: Part
    accounts: list[str] = field(default_factory=list)
    total: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    running: dict[str, int] = field(default_factory=dict)
    last: float | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all that it has is done, as far as that is known."""
        return not self.running and self.ended.total() >= max(self.total, 1)

    @property
    def done(self) -> str:
        """What was done, such as "3 created, 1 changed"."""
        return ", ".join(f"{count} {word}" for word, count in sorted(self.ended.items()))


class Board:
    """The rows; `known` are the resources that are expected, by their addresses."""

    def __init__(self, known: Mapping[str, Resource]) -> None:
        self.known = dict(known)
        self.rows: dict[Part, Row] = {}
        for found in known.values():
            self._row(found).total += 1

    def take(self, step: Step, now: float) -> Row:
        """Note a step at `now` seconds since the start; give its row."""
        found = self.known.setdefault(step.address, resource(step.address))
        row = self._row(found)
        row.last = now
        if step.state is State.DONE:
            row.running.pop(step.address, None)
            row.ended[step.ended] += 1
        else:
            row.running[step.address] = step.seconds
        return row

    @property
    def ordered(self) -> list[Row]:
        """The rows of which Terraform said something, in a request's order."""
        return [row for part in Part if (row := self.rows.get(part)) and row.last is not None]

    @property
    def waits(self) -> list[str]:
        """What is under way, the longest first: `record link.getorcha.com, 20 s: Route 53 spreads it, …`."""
        running = [(seconds, address) for row in self.rows.values() for address, seconds in row.running.items()]
        return [self._wait(address, seconds) for seconds, address in sorted(running, reverse=True)]

    def _wait(self, address: str, seconds: int) -> str:
        found = self.known[address]
        why = f": {found.wait}" if found.wait else ""
        return f"{found.label}{f', {seconds} s' if seconds else ''}{why}"

    def _row(self, found: Resource) -> Row:
        row = self.rows.setdefault(found.part, Row(found.part))
        if found.account and found.account not in row.accounts:
            row.accounts.append(found.account)
        return row
