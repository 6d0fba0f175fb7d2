"""Every small fault that can be put into a file: a comparison the other way, a constant changed, an argument left out.

A mutant is the whole file, written by `ast.unparse` from a tree with one node changed. Annotations, docstrings, imports
and decorators are left alone: no test can see them, or every test does.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

_OPPOSITES: dict[type[ast.AST], Callable[[], ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "format_spec", "type_params"}
_SKIPPED_NODES = (ast.Import, ast.ImportFrom, ast.Assert)
_SHOWN_CHARACTERS = 70


@dataclass(frozen=True)
class Mutant:
    """A fault: its file, line and function, what it is, and the file's text with it."""

    file: str
    line: int
    function: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function}: {self.what}"


@dataclass(frozen=True)
class _Site:
    line: int
    function: str
    what: str
    apply: Callable[[], None]


def count(text: str) -> int:
    """Say how many mutants a file has."""
    return sum(1 for _ in _sites(ast.parse(text)))


def mutant(file: str, text: str, number: int) -> Mutant:
    """Make the mutant of a number, from 0 to `count` - 1; the same text gives the same mutants in the same order."""
    tree = ast.parse(text)
    site = next(site for index, site in enumerate(_sites(tree)) if index == number)
    site.apply()
    return Mutant(file, site.line, site.function, site.what, f"{ast.unparse(ast.fix_missing_locations(tree))}\n")


def _sites(tree: ast.AST, function: str = "the module", line: int = 1) -> Iterator[_Site]:
    """Go over a tree from the top, each node before what it holds."""
    for child, put in _children(tree):
        named = child.name if isinstance(child, ast.FunctionDef | ast.ClassDef) else function
        at = getattr(child, "lineno", line)
        for what, apply in (*_replacements(child, put), *_inside(child)):
            yield _Site(at, named, what, apply)
        yield from _sites(child, named, at)


Put = Callable[[ast.AST], None]


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, Put]]:
    """Give each child that may be changed, with the way to put another into its place."""
    for name, value in ast.iter_fields(node):
        if name in _SKIPPED_FIELDS:
            continue
        if isinstance(value, ast.AST):
            yield value, lambda new, name=name: setattr(node, name, new)  # type: ignore[misc]
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST) and not isinstance(item, _SKIPPED_NODES) and not _is_docstring(item):
                    yield item, lambda new, value=value, index=index: value.__setitem__(index, new)  # type: ignore[misc]


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _replacements(node: ast.AST, put: Put) -> Iterator[tuple[str, Callable[[], None]]]:
    """Offer other nodes for one."""
    found: list[tuple[str, ast.AST]] = []
    if type(node) in _OPPOSITES:
        other = _OPPOSITES[type(node)]()
        found.append((f"{type(node).__name__} -> {type(other).__name__}", other))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        found.append((f"{_shown(node)} -> without not", node.operand))
    elif isinstance(node, ast.Constant):
        found += [(f"{_shown(node)} -> {new!r}", ast.Constant(new)) for new in _other_constants(node.value)]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        found.append((f"{_shown(node)} removed", ast.Pass()))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        found.append((f"{_shown(node)} -> return None", ast.Return(ast.Constant(None))))
    return ((what, partial(put, new)) for what, new in found)


def _inside(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """Offer changes inside a node: an argument or an element left out, a filter removed, a condition the other way."""
    if isinstance(node, ast.Call):
        yield from _in_call(node)
    elif isinstance(node, ast.List | ast.Set | ast.Tuple) and len(node.elts) > 1 and _is_read(node):
        yield from ((f"{_shown(item)} removed", _remover(node.elts, item)) for item in node.elts)
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from ((f"{_shown(key or value)} removed", _item_remover(node, value)) for key, value in pairs)
    elif isinstance(node, ast.comprehension):
        yield from ((f"the filter {_shown(test)} removed", _remover(node.ifs, test)) for test in node.ifs)
    elif isinstance(node, ast.If | ast.IfExp | ast.While) and _is_plain(node.test):
        yield f"{_shown(node.test)} -> not", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))


def _in_call(node: ast.Call) -> Iterator[tuple[str, Callable[[], None]]]:
    called = f"{_shown(node.func)}()"
    for keyword in node.keywords:
        if keyword.arg is not None:
            yield f"{keyword.arg}= removed from {called}", _remover(node.keywords, keyword)
    if len(node.args) > 1 and not any(isinstance(argument, ast.Starred) for argument in node.args[:2]):
        yield f"the first arguments of {called} swapped", lambda: _swap(node.args)


def _other_constants(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1]
    return [f"{value}~"] if isinstance(value, str) else []


def _remover(items: list[Any], item: ast.AST) -> Callable[[], None]:
    return lambda: items.remove(item)


def _item_remover(node: ast.Dict, value: ast.expr) -> Callable[[], None]:
    def remove() -> None:
        index = node.values.index(value)
        del node.keys[index], node.values[index]

    return remove


def _swap(items: list[ast.expr]) -> None:
    items[0], items[1] = items[1], items[0]


def _is_read(node: ast.List | ast.Set | ast.Tuple) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _is_plain(test: ast.expr) -> bool:
    """Tell whether a condition offers no other change of itself."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
