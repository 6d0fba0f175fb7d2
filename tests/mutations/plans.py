"""Which faults a run puts in: those of the list, all of some paths, or a sample that a seed draws."""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.mutations.mutators import Mutant, count, mutant
from tests.mutations.selection import tests_of
from tests.support.files import ROOT

SAMPLED = ("modules", "environments/rules", "edge/review")
_HERE = Path(__file__).parent


class StaleError(Exception):
    """A list no longer fits the code; the message names the entry and what to do."""


@dataclass(frozen=True)
class Fault:
    """A mutant with the files of tests that may notice it, in the order in which they are asked."""

    mutant: Mutant
    tests: tuple[str, ...]
    explained: str | None = None


def listed() -> list[Fault]:
    """Read listed.toml; raises StaleError where an entry's text is not exactly once in its file."""
    faults = []
    for entry in tomllib.loads((_HERE / "listed.toml").read_text(encoding="utf-8"))["mutation"]:
        text = (ROOT / entry["file"]).read_text(encoding="utf-8")
        if text.count(entry["old"]) != 1:
            raise StaleError(
                f"tests/mutations/listed.toml: {entry['why']}: its text stands {text.count(entry['old'])} times in "
                f"{entry['file']}; write it as the code has it now."
            )
        line = text[: text.index(entry["old"])].count("\n") + 1
        changed = text.replace(entry["old"], entry["new"])
        faults.append(Fault(Mutant(entry["file"], line, "listed", entry["why"], changed), tuple(entry["tests"])))
    return faults


def sample(size: int, seed: int) -> list[Fault]:
    """Draw faults without repetition, as many from each of SAMPLED as from the others, and by turns."""
    draw = random.Random(seed)
    share = {path: size // len(SAMPLED) + (index < size % len(SAMPLED)) for index, path in enumerate(SAMPLED)}
    drawn = [_drawn(draw, _places(path), part) for path, part in share.items()]
    return list(_made(place for places in zip_longest(*drawn) for place in places if place is not None))


def every(paths: Sequence[str]) -> list[Fault]:
    """Make every fault of the files below some paths."""
    return list(_made(place for path in paths for place in _places(path)))


Place = tuple[str, int]


def _drawn(draw: random.Random, places: Sequence[Place], size: int) -> list[Place]:
    return sorted(draw.sample(places, min(size, len(places))))


def _places(path: str) -> list[Place]:
    files = sorted((ROOT / path).rglob("*.py")) if (ROOT / path).is_dir() else [ROOT / path]
    return [
        (file.relative_to(ROOT).as_posix(), number)
        for file in files
        for number in range(count(file.read_text(encoding="utf-8")))
    ]


def _made(places: "Iterator[Place] | Sequence[Place]") -> Iterator[Fault]:
    reasons = explained()
    for file, number in places:
        made = mutant(file, (ROOT / file).read_text(encoding="utf-8"), number)
        yield Fault(made, tuple(tests_of(file)), reasons.get((made.file, made.function, made.what)))


def explained() -> dict[tuple[str, str, str], str]:
    """Read explained.toml: the faults that change nothing that anybody could notice, each with the reason."""
    entries = tomllib.loads((_HERE / "explained.toml").read_text(encoding="utf-8")).get("mutation", [])
    return {(entry["file"], entry["function"], entry["what"]): entry["why"] for entry in entries}
