"""One resource type has one home: a single file of modules/ makes the resources and lookups of a type."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from imports import aws, aws_platform, terraform
from tests.support.files import ROOT

SEAMS = {"imports.aws": aws, "imports.aws_platform": aws_platform}


def made(text: str) -> Iterator[str]:
    """Name the resources and data sources that a file makes, whatever it calls them; never the structs in them."""
    tree = ast.parse(text)
    names = dict(bindings(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            yield names[ast.unparse(node.func)]


def bindings(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Pair every way in which a file may call a class of the seam with the class's own name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                yield from bound(alias, f"{node.module}." if isinstance(node, ast.ImportFrom) else "")


def bound(alias: ast.alias, package: str) -> Iterator[tuple[str, str]]:
    """Pair what one imported name stands for: a class, or a half of the seam with all its classes."""
    called, origin = alias.asname or alias.name, package + alias.name
    if origin in SEAMS:
        yield from ((f"{called}.{name}", name) for name in elements(origin))
    elif package.removesuffix(".") in SEAMS and alias.name in elements(package.removesuffix(".")):
        yield called, alias.name


def elements(seam: str) -> set[str]:
    classes = inspect.getmembers(SEAMS[seam], inspect.isclass)
    return {name for name, found in classes if issubclass(found, terraform.TerraformElement)}


def homes(files: dict[Path, str]) -> dict[str, set[Path]]:
    found: dict[str, set[Path]] = {}
    for file, text in files.items():
        for name in made(text):
            found.setdefault(name, set()).add(file)
    return found


def modules() -> dict[Path, str]:
    return {file: file.read_text(encoding="utf-8") for file in sorted((ROOT / "modules").rglob("*.py"))}


def test_one_resource_type_has_one_home() -> None:
    found = homes(modules())
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
    assert len(found) > 40  # both halves of the seam are seen


@pytest.mark.parametrize(
    "line",
    [
        "from imports.aws import LbTargetGroup\nLbTargetGroup(self, 'other')",
        "from imports.aws import LbTargetGroup as Group\nGroup(self, 'other')",
        "from imports import aws\naws.LbTargetGroup(self, 'other')",
        "from imports import aws as seam\nseam.LbTargetGroup(self, 'other')",
        "import imports.aws\nimports.aws.LbTargetGroup(self, 'other')",
        "from imports.aws_platform import S3Bucket\nS3Bucket(self, 'other')",
    ],
)
def test_a_second_home_is_found_whatever_the_class_is_called_there(line: str) -> None:
    """In a folder of its own, under a file's name that exists already."""
    file = ROOT / "modules" / "another" / "target_group.py"
    found = homes(modules() | {file: line})
    assert [name for name, files in found.items() if len(files) > 1 and file in files]
