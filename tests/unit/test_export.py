"""An environment as plain Terraform: strings, blocks, files, and what the command refuses."""

from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.export.hcl import block
from edge.export.templates import expression
from edge.terraform import provider_lock
from tests.support.files import EVERYTHING_TOML, environment_of
from tests.support.synthesizing import synthesize

# The JSON syntax' string, and the same in the native syntax.
STRINGS = {
    "plain": '"plain"',
    "": '""',
    "${aws_lb.one.arn}": "aws_lb.one.arn",
    "${ aws_lb.one.arn }": "aws_lb.one.arn",
    '${split("/", arn)[1] == "app"}': 'split("/", arn)[1] == "app"',
    '${split("}", arn)[1]}': 'split("}", arn)[1]',
    '${{ a = "x" }["a"]}': '{ a = "x" }["a"]',
    '${"${a}-${b}"}': '"${a}-${b}"',
    "${a}${b}": '"${a}${b}"',
    "a ${length(self.ids)}; b": '"a ${length(self.ids)}; b"',
    'say "no" \\ twice': '"say \\"no\\" \\\\ twice"',
    "$${kept}": '"$${kept}"',
    "curl -w %%{http_code}": '"curl -w %%{http_code}"',
    "%{ if a }b%{ endif }": '"%{ if a }b%{ endif }"',
    "${~ a ~}": '"${~ a ~}"',
    "one\ntwo": '"one\\ntwo"',
    "tab\tand\rbell\x07": '"tab\\tand\\rbell\\U00000007"',
    "Zürich 💶": '"Zürich 💶"',
}


@pytest.mark.parametrize("template", STRINGS)
def test_a_string_becomes_the_expression_that_means_the_same(template: str) -> None:
    assert expression(template) == STRINGS[template]


@pytest.mark.parametrize("template", ["${a", '${"a}', '${"${a}'])
def test_an_interpolation_without_an_end_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="has no end"):
        expression(template)


def test_lines_become_a_heredoc_where_it_can_hold_them() -> None:
    assert expression("a\n  b\n", heredoc=True) == "<<EOT\na\n  b\nEOT"
    for text in ("a\nb", "a\nEOT\n", "a\r\nb\n"):
        assert expression(text, heredoc=True).startswith('"'), text


def test_a_block_holds_arguments_objects_and_blocks() -> None:
    body: dict[str, Any] = {
        "//": {"metadata": {}},
        "provider": "aws.prod",
        "name": "x",
        "unset": None,
        "tags": {"Service": "link", "two words": "${local.b}"},
        "depends_on": ["aws_lb.one"],
        "hosts": ["a", "b"],
        "condition": [{"host_header": {"values": ["a"]}}],
        "lifecycle": {"ignore_changes": ["tags"]},
        "allow": {},
    }
    assert block("resource", ["aws_lb_listener_rule", "link"], body) == (
        'resource "aws_lb_listener_rule" "link" {\n'
        "  provider   = aws.prod\n"
        '  name       = "x"\n'
        "  depends_on = [aws_lb.one]\n"
        "\n"
        "  tags = {\n"
        '    Service     = "link"\n'
        '    "two words" = local.b\n'
        "  }\n"
        "\n"
        "  hosts = [\n"
        '    "a",\n'
        '    "b",\n'
        "  ]\n"
        "\n"
        "  condition {\n"
        "    host_header {\n"
        '      values = ["a"]\n'
        "    }\n"
        "  }\n"
        "\n"
        "  lifecycle {\n"
        "    ignore_changes = [tags]\n"
        "  }\n"
        "\n"
        "  allow {}\n"
        "}\n"
    )


def test_a_script_is_read_as_it_is_written_and_not_as_it_is_sent() -> None:
    text = block("resource", ["aws_launch_template", "a"], {"user_data": "ZWNobyAke0F9CmVjaG8gYgo="})
    assert "base64encode(<<EOT\necho $${A}\necho b\nEOT\n  )" in text


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.tf").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "mine.tf"):
        assert main(["export", "prod", "--to", str(folder)]) == 2
        assert capsys.readouterr().err == f"{folder} holds something already; name another folder with --to.\n"
    assert main(["export", "prod", "--to", str(tmp_path / "mine.tf" / "in")]) == 2
    assert "name another folder with --to." in capsys.readouterr().err
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [("mine.tf", "mine")]


def test_each_service_has_a_file_each_block_is_in_one_and_what_comes_next_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prod.toml").write_text(EVERYTHING_TOML, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert main(["export", "prod", "--to", str(tmp_path / "plain")]) == 0
    assert "terraform plan" in capsys.readouterr().out
    environment = environment_of(EVERYTHING_TOML)
    document = synthesize(environment)
    written = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "plain").iterdir()}
    assert {f"service_{name}.tf" for name in environment.services} <= set(written)
    assert (".terraform.lock.hcl" in written) is provider_lock.is_of_the_engine()
    heads = [line for text in written.values() for line in text.splitlines() if line.startswith(("resource ", "data "))]
    kinds = ("resource", "data")
    declared = [
        f'{kind} "{type}" "{name}" {{' for kind in kinds for type in document[kind] for name in document[kind][type]
    ]
    assert sorted(heads) == sorted(declared)
