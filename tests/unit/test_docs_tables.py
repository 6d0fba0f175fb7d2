"""The pages' tables name what the code has: every kind of risk, every file of a plan's folder, every page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from edge.plan.folder import PlanFolder
from tests.support.files import ROOT

REVIEW = ROOT / "edge" / "review"
KIND = re.compile(r"[A-Z]+(_[A-Z]+)*")


def first_cells(page: str, head: str) -> list[str]:
    """The first cell of each row of the table whose first heading is this one."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    rows = text.partition(f"\n| {head} |")[2].split("\n\n")[0].splitlines()[2:]
    return [row.split(" | ")[0].removeprefix("| ") for row in rows]


def kinds_of(tree: ast.AST) -> Iterator[str]:
    """The kinds that a module writes: where it makes a risk, and where it names one by its own word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            kinds = [node.args[0]] if name.strip("_") == "risk" and node.args else []
            kinds += [keyword.value for keyword in node.keywords if keyword.arg == "kind"]
            yield from (kind.value for kind in kinds if isinstance(kind, ast.Constant) and isinstance(kind.value, str))
        if isinstance(node, ast.Assign):
            names = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for target, value in zip(names, values, strict=False):
                if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and target.id == value.value:
                    yield target.id


def test_the_table_of_risks_has_every_kind_and_no_other() -> None:
    files = [*(REVIEW / "risks").glob("*.py"), REVIEW / "policy_findings.py"]
    made = {kind for file in files for kind in kinds_of(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(made) > 25
    assert all(KIND.fullmatch(kind) for kind in made)
    written = [cell.strip("`").partition(":")[0] for cell in first_cells("review.md", "id")]
    assert sorted(written) == sorted(made)


def test_the_table_of_a_plans_folder_has_every_file() -> None:
    folder = PlanFolder(Path("plans/prod"))
    files = {value.name for name in vars(PlanFolder) if isinstance(value := getattr(folder, name), Path)}
    assert set(first_cells("pipeline.md", "file")) == files - {folder.path.name}


def test_the_layout_of_the_readme_links_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {file.name for file in (ROOT / "docs").glob("*.md")}
    assert {page for page in pages if f"(docs/{page}" not in readme.partition("## Layout")[2]} == set()
