"""The lazy bindings give what the eager ones give, byte for byte; each runs in a process of its own."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from imports import engine
from tests.support.files import PROD_TOML, ROOT

pytestmark = pytest.mark.takes(minutes=0.5)

# Imported first, the provider's package loads everything, in Python and in Node, as anybody would write it.
EAGER = f"import {engine.chosen(os.environ).bindings}, runpy; runpy.run_path('main.py', run_name='__main__')"
LAZY = "import runpy; runpy.run_path('main.py', run_name='__main__')"
COUNT = "; ".join(
    [
        "import sys",
        "from modules.stack import EdgeStack",
        "print(sum(name.startswith('cdktf_cdktf_provider_aws.') for name in sys.modules))",
    ]
)


def run(code: str, folder: Path, **variables: str) -> str:
    variables = {**os.environ, "CDKTF_OUTDIR": str(folder), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def written(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
@pytest.mark.whole
def test_the_output_is_byte_identical_to_the_eager_imports(tmp_path: Path) -> None:
    run(EAGER, tmp_path / "eager")
    run(LAZY, tmp_path / "lazy")
    eager, lazy = written(tmp_path / "eager"), written(tmp_path / "lazy")
    assert "stacks/prod/cdk.tf.json" in eager
    assert lazy == eager


def test_only_the_bindings_that_are_used_are_loaded(tmp_path: Path) -> None:
    """An environment that looks its platform up does not pay for the bindings of one that makes its own."""
    (tmp_path / "prod.toml").write_bytes(PROD_TOML.read_bytes())
    assert int(run(COUNT, tmp_path / "prod", ENVIRONMENTS_DIR=str(tmp_path))) < 60
    assert int(run(COUNT, tmp_path / "every")) < 125


def test_node_options_of_the_user_are_kept() -> None:
    code = "import imports, os; print(os.environ['NODE_OPTIONS'])"
    printed = run(code, Path("unused"), NODE_OPTIONS="--max-http-header-size=9000 --max-semi-space-size=8")
    assert re.fullmatch(
        "--max-http-header-size=9000 --max-semi-space-size=8 --v8-pool-size=1 --preserve-symlinks "
        r"--require=\".+\"\n",
        printed,
    )


PROCESSES = "; ".join(
    [
        "import psutil, imports.terraform",
        "print(len(psutil.Process().children(recursive=True)))",
    ]
)


def test_jsii_has_one_process_and_two_where_its_messages_are_shown() -> None:
    """The first fails where another jsii has another channel: then see whether the second still is what to do."""
    assert run(PROCESSES, Path("unused")) == "1\n"
    assert run(PROCESSES, Path("unused"), JSII_DEBUG="1") == "2\n"


def test_one_process_writes_what_two_write(tmp_path: Path) -> None:
    run(LAZY, tmp_path / "one")
    run(LAZY, tmp_path / "two", JSII_DEBUG="1")
    one, two = written(tmp_path / "one"), written(tmp_path / "two")
    assert "stacks/prod/cdk.tf.json" in one
    assert one == two


def test_what_a_library_prints_in_node_is_printed(tmp_path: Path) -> None:
    script = tmp_path / "library.cjs"
    script.write_text(
        'setImmediate(() => process.stdout.write("of a library\\n", "utf8", () => {}));', encoding="utf-8"
    )
    code = "import imports.terraform as terraform; terraform.App()"
    assert run(code, tmp_path / "out", NODE_OPTIONS=f'--require="{script}"') == "of a library\n"


def test_much_that_a_library_prints_in_node_arrives_whole(tmp_path: Path) -> None:
    """More than a pipe takes at once, in one message and in many."""
    script = tmp_path / "library.cjs"
    script.write_text(
        'setImmediate(() => { process.stderr.write("x".repeat(300000) + "\\n"); '
        'for (let i = 0; i < 3000; i++) process.stderr.write("y".repeat(60) + "\\n"); });',
        encoding="utf-8",
    )
    environ = {**os.environ, "NODE_OPTIONS": f'--require="{script}"', "CDKTF_OUTDIR": str(tmp_path / "out")}
    code = "import imports.terraform as terraform; terraform.App()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines() == ["x" * 300000, *["y" * 60] * 3000]


def test_types_of_arguments_are_worked_out_once_and_are_the_same() -> None:
    code = "; ".join(
        [
            "import typing; before = typing.get_type_hints",
            "import imports, pathlib; of = pathlib.Path.write_text",
            "assert typing.get_type_hints is not before",
            "assert typing.get_type_hints(of) == typing.get_type_hints(of) == before(of)",
            "typing.get_type_hints(of).clear()",
            "assert typing.get_type_hints(of) == before(of)",
        ]
    )
    run(code, Path("unused"))


def test_a_node_that_the_user_chose_is_kept() -> None:
    code = "import imports, os; print(os.environ['JSII_NODE'])"
    assert run(code, Path("unused"), JSII_NODE="/chosen/node") == "/chosen/node\n"


def test_bindings_load_from_a_folder_with_a_space(tmp_path: Path) -> None:
    copy = tmp_path / "with a space"
    for name in ("main.py", "environments", "modules", "imports", "deploy"):
        copy.mkdir(exist_ok=True)
        (copy / name).symlink_to(ROOT / name)
    code = f"import sys; sys.path.insert(0, {str(copy)!r}); import os; os.chdir({str(copy)!r}); " + LAZY
    run(code, tmp_path / "out")
    assert (tmp_path / "out" / "stacks" / "prod" / "cdk.tf.json").exists()


LINKED = "; ".join(
    [
        "import imports.aws, pathlib, tempfile",
        "found = pathlib.Path(tempfile.gettempdir()).glob('jsii-kernel-*/node_modules/@*/provider-aws')",
        "print([folder.is_symlink() for folder in found])",
    ]
)


def test_jsii_links_the_folder_of_a_package_and_not_each_of_its_files(tmp_path: Path) -> None:
    """The provider's package has 6,800 files: one by one they take longer than the synthesis."""
    assert run(LINKED, Path("unused"), TMPDIR=str(tmp_path)) == "[True]\n"


ARCHIVE = "; ".join(
    [
        "import imports",
        "from cdktf import App, AssetType, TerraformAsset, TerraformStack",
        "app = App()",
        "TerraformAsset(TerraformStack(app, 'one'), 'tests', path='deploy', type=AssetType.ARCHIVE)",
        "app.synth()",
    ]
)
VERSION = "import imports; from cdktf import App, DataResource, TerraformStack; app = App(); " + "; ".join(
    ["DataResource(TerraformStack(app, 'one'), 'data')", "app.synth()"]
)


def test_what_cdktf_loads_only_when_used_works_then(tmp_path: Path) -> None:
    """CDKTF zips a folder, and compares versions, with libraries that it loads at its start."""
    run(ARCHIVE, tmp_path / "out")
    (archive,) = (tmp_path / "out").rglob("archive.zip")
    assert zipfile.ZipFile(archive).testzip() is None

    terraform = tmp_path / "terraform"
    terraform.write_text("#!/bin/sh\necho Terraform v$SOME_VERSION\n", encoding="utf-8")
    terraform.chmod(0o755)
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TERRAFORM_BINARY_NAME": str(terraform)}
    run(VERSION, tmp_path / "new", SOME_VERSION="1.11.4", **variables)
    with pytest.raises(AssertionError, match=r"1\.3\.9"):
        run(VERSION, tmp_path / "old", SOME_VERSION="1.3.9", **variables)
