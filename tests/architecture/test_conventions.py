"""What the import contracts of pyproject.toml cannot say: homes, sizes, names, and what no file may hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.files import ENVIRONMENTS, ROOT, is_users

ROOMS = ("main", "environments", "modules", "imports", "bootstrap", "bench", "embedded_aws", "edge")
MAX_FILE_LINES = 220
MAX_FUNCTION_LINES = 60


def sources(*rooms: str) -> list[Path]:
    files = [ROOT / "main.py"] if "main" in rooms else []
    return files + [file for room in rooms if room != "main" for file in sorted((ROOT / room).rglob("*.py"))]


def room_of(file: Path) -> str:
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            yield str(node.module)


def test_the_entry_point_imports_what_it_composes() -> None:
    rooms = {name.split(".")[0] for name in imported(ROOT / "main.py")} & set(ROOMS)
    assert rooms == {"environments", "modules", "imports"}


def test_set_up_needs_the_standard_library_only() -> None:
    outside = {
        name.split(".")[0]
        for file in sources("bootstrap")
        for name in imported(file)
        if name.split(".")[0] not in {"__future__", "bootstrap"}
    }
    assert outside <= sys.stdlib_module_names


def test_no_module_knows_an_environments_name() -> None:
    names = {file.stem for file in ENVIRONMENTS.glob("*.toml")}
    assert {"prod", "staging"} <= names
    literals = [
        (file.name, node.value)
        for file in sources("modules")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert literals == []


def test_no_construct_reads_the_file_system() -> None:
    """What a stack is made of comes from its environment, so that one environment gives one stack on every machine."""
    reading = {"open", "Path", "read_text", "read_bytes", "pathlib", "os", "loader", "environ"}
    found = [
        f"{file.name}: {name}"
        for file in sources("modules")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in named_by(node) & reading
    ]
    assert found == []


def named_by(node: ast.AST) -> set[str]:
    """Give the names that a node uses or imports."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {name}
        case ast.Import(names=names):
            return {part for alias in names for part in alias.name.split(".")}
        case ast.ImportFrom(module=module, names=names):
            return {*str(module).split("."), *(alias.name for alias in names)}
    return set()


@pytest.mark.parametrize(
    ("written", "home"),
    [
        (r'"aws-(cn|iso|us-gov|eusc)', "environments/partitions.py"),
        (r'__(validation|delegation|ipv6)"', "environments/addresses.py"),
        (r'(removeprefix|removesuffix|endswith)\(f?"(\*\.|\.\{)', "environments/dns_names.py"),
        (r"\[0-7\]\{3\}", "environments/dns_names.py"),
        (r'"rules_per_security_group"', "environments/quotas.py"),
        (r"class ClientOf\b|Callable\[\[str, str, str\], Any\]", "edge/aws/sessions.py"),
        (r"\[terraform_binary\(", "edge/terraform/runner.py"),
    ],
)
def test_a_shared_fact_has_one_home(written: str, home: str) -> None:
    """Each of these was decided in several places, which did not agree; a trace of it elsewhere is a second home."""
    files = sources("environments", "modules", "edge")
    users = {str(file.relative_to(ROOT)) for file in files if re.search(written, file.read_text(encoding="utf-8"))}
    assert users == {home}


@pytest.mark.parametrize("file", sources(*ROOMS), ids=lambda file: str(file.relative_to(ROOT)))
def test_files_and_functions_stay_small(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_FILE_LINES
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long == []


def tracked() -> list[Path]:
    """List the project's files; what the user's say is not ours to check."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file() and not is_users(name)]


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    hosts = "|".join([r"pypi\.org", r"python" + r"hosted\.org", r"npm" + r"js\.org", r"deb\.debian\.org"])
    paths = "|".join(["/root" + "/", "/work" + "/", "/opt" + "/[a-z]+-[a-z]+"])
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in tracked()
        for match in re.finditer(rf"{hosts}|{paths}", file.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_every_requirement_is_pinned_and_says_why_it_is_there() -> None:
    for file in ROOT.glob("requirements*.txt"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w.\[\]-]+==[\w.]+ +# \S.*", line), f"{file.name}: {line}"
