"""One fault after the other: which tests are asked, and whether what they say counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.mutations.copies import Copy
from tests.mutations.plans import SAMPLED, Fault

# The tests that compare everything a room writes with what is stored notice most, so they begin.
_FIRST = {
    "modules": "tests/unit/test_written_synthesis.py",
    "environments/rules": "tests/unit/test_bad_input.py",
    "edge/review": "tests/unit/review/test_goldens.py",
}


@dataclass(frozen=True)
class Result:
    """What became of one fault."""

    root: str
    fault: str
    verdict: str
    noticed_by: str
    seconds: float


class Trials:
    """Tries faults in a copy, and remembers which files of tests notice most, to ask them first."""

    def __init__(self, copy: Copy, most_files: int | None = None) -> None:
        """Ask at most so many files of tests for each fault, or all of them."""
        self._copy, self._most_files = copy, most_files
        self._killers = Counter(_FIRST.items())
        self._healthy: set[str] = set()
        self._unhealthy: set[str] = set()

    @property
    def unhealthy(self) -> list[str]:
        """The files of tests that fail without any fault: they are asked no more, and what they said does not count."""
        return sorted(self._unhealthy)

    def of(self, fault: Fault) -> Result:
        """Try one fault, again where the test that failed does so without it too."""
        root = next((path for path in SAMPLED if fault.mutant.file.startswith(f"{path}/")), "elsewhere")
        seconds = 0.0
        while tests := self._ordered(root, fault):
            with self._copy.changed(fault.mutant.file, fault.mutant.text):
                outcome = self._copy.run(tests)
            seconds += outcome.seconds
            if not outcome.failed:
                break
            test = outcome.first if outcome.first.startswith("tests/") else tests[0]
            if self._is_healthy(test):
                self._killers[root, test.partition("::")[0]] += 1
                return Result(root, str(fault.mutant), "killed", outcome.first, seconds)
        return Result(root, str(fault.mutant), "explained" if fault.explained else "survived", "", seconds)

    def _ordered(self, root: str, fault: Fault) -> Sequence[str]:
        """Ask that file first which has noticed most in this room so far, and then in the order of the fault."""
        tests = [test for test in fault.tests if test not in self._unhealthy]
        noticed = [test for test in tests if self._killers[root, test]]
        best = max(noticed, key=lambda test: self._killers[root, test], default=None)
        return sorted(tests, key=lambda test: test != best)[: self._most_files]

    def _is_healthy(self, test: str) -> bool:
        """Run a test on the unchanged copy, once; for a run that broke off, without a name, the first file asked."""
        if test not in self._healthy:
            if self._copy.run([test]).failed:
                self._unhealthy.add(test.partition("::")[0])
                return False
            self._healthy.add(test)
        return True
