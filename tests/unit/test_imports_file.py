"""The file of imports beside an environment's: read and checked with it, and emitted as Terraform's import blocks."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from environments import imports_file
from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all, names
from tests.support.files import PROD_TOML, ROOT

RIGHT = imports_file.text("prod", {"aws_lb_target_group.link": "arn:tg", "aws_route53_record.a_b": "Z_a.b_A"})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_without_the_file_nothing_is_taken_over() -> None:
    (environment,) = load(["prod"])
    assert environment.imports == {}


def test_the_file_is_read_with_its_environment_and_is_none_itself(folder: Path) -> None:
    (folder / "prod.imports.toml").write_text(RIGHT, encoding="utf-8")
    assert names() == ("prod",)
    (environment,) = load_all()
    assert environment.imports == {"aws_lb_target_group.link": "arn:tg", "aws_route53_record.a_b": "Z_a.b_A"}
    assert tomllib.loads(RIGHT)["environment"] == "prod"


FAULTS = {
    'environment = "staging"\n[imports]': 'environment: names "staging", and the file\'s name says prod;',
    "[imports]": "prod.imports.toml: environment: is missing, and the file's name says prod; write",
    'environment = "prod"': "prod.imports.toml: imports: is not a table of addresses and ids; write the file again",
    'environment = "prod"\n[imports]\nlink = "a"': "prod.imports.toml: imports.link: is not the address of a resource;",
    'environment = "prod"\n[imports]\n"aws_lb.a" = 1': 'prod.imports.toml: imports."aws_lb.a": is not the id of',
    'environment = "prod"\n[imports]\n"aws_lb.a" = "${x}"': 'imports."aws_lb.a": is not the id of what is imported;',
    'environment = "prod"\nmore = 1\n[imports]': "prod.imports.toml: more: is not a key of an imports file; write",
    "[": "prod.imports.toml: is not valid TOML",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_faulty_file_is_one_line_with_its_place(folder: Path, text: str) -> None:
    (folder / "prod.imports.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidEnvironmentError) as error:
        load_all()
    assert FAULTS[text] in str(error.value)
    assert "\n" not in str(error.value)


def test_the_stack_imports_what_the_file_names_and_is_otherwise_the_same(folder: Path, tmp_path: Path) -> None:
    def stack(output: Path) -> dict[str, object]:
        environ = {**os.environ, "ENVIRONMENTS_DIR": str(folder), "CDKTF_OUTDIR": str(output)}
        subprocess.run([sys.executable, "main.py"], cwd=ROOT, env=environ, check=True, timeout=120)
        content = json.loads((output / "stacks" / "prod" / "cdk.tf.json").read_text(encoding="utf-8"))
        del content["//"]
        return dict(content)

    plain = stack(tmp_path / "plain")
    (folder / "prod.imports.toml").write_text(RIGHT, encoding="utf-8")
    taking = stack(tmp_path / "taking")
    assert taking.pop("import") == [
        {"to": "aws_lb_target_group.link", "id": "arn:tg"},
        {"to": "aws_route53_record.a_b", "id": "Z_a.b_A"},
    ]
    assert taking == plain
