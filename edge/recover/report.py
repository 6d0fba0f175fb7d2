"""What recovery reports while it works: a line for each thing done, and what a person would have had to type for it."""

import sys
from dataclasses import dataclass, field


@dataclass
class Report:
    """Prints each step on standard error as it happens, and keeps what was done."""

    done: list[str] = field(default_factory=list)

    def did(self, what: str, by_hand: str) -> None:
        """Tell one thing that was done, and what would have done it by hand."""
        self.done.append(what)
        self.say(f"  {what}\n      by hand: {by_hand}")

    def say(self, sentence: str) -> None:
        """Tell anything else."""
        print(sentence, file=sys.stderr, flush=True)
