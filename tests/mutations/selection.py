"""Which files of tests can notice a fault in a file: those that import it, however far, or use a stack made with it."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.support.files import ROOT

# Of what `make check` runs, all but tests/architecture, which reads the text of files: a mutant has no comments left.
_SUITE = ("tests/unit",)
_MODULE = re.compile(r"(edge|modules|environments)(\.\w+)+(:\w+)?")
_CONFTEST = ROOT / "tests" / "unit" / "conftest.py"


def tests_of(file: str) -> list[str]:
    """List the files of tests that depend on a file, those that depend on little else first."""
    module = (ROOT / file).resolve()
    dependent = [(len(reached), test) for test, reached in _reached().items() if module in reached]
    return [test.relative_to(ROOT).as_posix() for _, test in sorted(dependent)]


@cache
def _reached() -> dict[Path, frozenset[Path]]:
    tests = [test for folder in _SUITE for test in sorted((ROOT / folder).rglob("test_*.py"))]
    stacks = _closure([_CONFTEST])
    fixtures = _fixtures(_CONFTEST)
    return {test: _closure([test]) | (stacks if _names(test) & fixtures else frozenset()) for test in tests}


def _closure(files: Iterable[Path]) -> frozenset[Path]:
    """Follow the imports of some files to every file of the project."""
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imports(file)
    return frozenset(found)


@cache
def _imports(file: Path) -> tuple[Path, ...]:
    return tuple(path for name in _imported(file) for path in _files_of(name))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _MODULE.fullmatch(node.value):
            yield node.value.partition(":")[0]  # loaded by its name, as the subcommands are


def _files_of(name: str) -> Iterator[Path]:
    """Give the files that an import runs: the module, and the packages around it."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        path = ROOT.joinpath(*parts[:length])
        yield from (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file())


def _fixtures(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list)


@cache
def _names(file: Path) -> frozenset[str]:
    """Collect the arguments and the texts of a file, in either of which a fixture is asked for."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    arguments = {node.arg for node in nodes if isinstance(node, ast.arg)}
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return frozenset(arguments | texts)
