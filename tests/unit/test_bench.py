"""What `edge bench` measures, and what it makes of the figures."""

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import reporting, worlds
from bench.measuring import measure
from bench.reporting import Figures
from bench.variants import ALL, CDK, CDKTN, EAGER, FILES, FLOOR, OUR_FLOOR, OURS, SERVICES, Variant, lay_out, variants
from edge.__main__ import main
from environments.loader import ENVIRONMENTS_DIR, load_all


def test_the_worlds_are_right_and_of_the_size_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for services in SERVICES:
        for files in FILES:
            folder = tmp_path / f"{services}-{files}"
            worlds.write(folder, services=services, files=files)
            monkeypatch.setenv(ENVIRONMENTS_DIR, str(folder))
            found = {environment.name: len(environment.services) for environment in load_all()}
            assert len(found) == files
            assert found.pop(worlds.FIRST) == services
            assert set(found.values()) <= {1}


def test_the_other_engine_and_the_cdk_are_measured_where_a_python_has_them() -> None:
    names = {variant.name for variant in variants(cdktn=None, cdk=None)}
    assert {OURS, ALL, FLOOR, OUR_FLOOR, EAGER} <= names
    assert not {CDKTN, CDK} & names
    assert {CDKTN, CDK} <= {variant.name for variant in variants(cdktn="python", cdk="python")}


def test_the_costs_are_those_of_the_whole_tree() -> None:
    burn = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    below = f"import subprocess, sys; held = b'x' * 60_000_000; subprocess.run([sys.executable, '-c', {burn!r}])"
    cost = measure([sys.executable, "-c", below], os.environ)
    assert cost.code == 0
    assert 0.3 < cost.cpu < 3
    assert cost.wall > 0.3
    assert cost.peak > 60_000_000
    assert measure([sys.executable, "-c", "raise SystemExit(2)"], os.environ).code == 2


def test_a_variant_runs_in_its_own_world_and_engine(tmp_path: Path) -> None:
    variant = next(it for it in variants(cdktn="other", cdk=None) if it.name == CDKTN and it.services == SERVICES[-1])
    command, environ = lay_out(variant, tmp_path / "world", tmp_path)
    assert command == ["other", "main.py", worlds.FIRST]
    assert (environ["EDGE_ENGINE"], environ["CDKTF_OUTDIR"]) == ("cdktn", str(tmp_path / "world" / "out"))
    assert Path(environ["ENVIRONMENTS_DIR"], f"{worlds.FIRST}.toml").read_text().count("[services.") == SERVICES[-1]


def test_the_floor_is_what_jsii_costs_without_this_project(tmp_path: Path) -> None:
    floor, ours = (next(it for it in variants(cdktn=None, cdk=None) if it.name == name) for name in (FLOOR, OUR_FLOOR))
    command, environ = lay_out(floor, tmp_path / "floor", tmp_path)
    assert "imports" not in command[-1]
    assert "import" in lay_out(ours, tmp_path / "ours", tmp_path)[0][-1]
    assert Path(environ["JSII_NODE"]).read_bytes()[:4] == b"\x7fELF" or not sys.platform.startswith("linux")


def results() -> dict[Variant, Figures]:
    ours = Figures(2.0, 1.5, 150_000_000)
    return {
        Variant(FLOOR, []): Figures(1.0, 1.0, 90_000_000),
        Variant(OUR_FLOOR, []): Figures(0.8, 0.8, 80_000_000),
        Variant(OURS, []): ours,
        Variant(OURS, [], services=SERVICES[-1]): Figures(4.0, 3.0, 160_000_000),
        Variant(OURS, [], files=FILES[-1]): Figures(2.0, 1.65, 155_000_000),
        Variant(EAGER, []): Figures(30.0, 22.5, 1_200_000_000),
    }


def test_the_ratios_are_of_processor_time_and_of_what_was_measured() -> None:
    assert reporting.ratios(results()) == [
        ("main.py / jsii's floor", 1.5),
        ("main.py / the floor started as main.py does", pytest.approx(1.875)),
        ("eager imports / main.py", 15.0),
        ("50 services / 1 service", 2.0),
        ("one of 20 files / one of 1 file", pytest.approx(1.1)),
    ]


def test_the_page_has_every_figure_and_the_machine_and_the_picture_every_bar(tmp_path: Path) -> None:
    page, picture = reporting.write(tmp_path, results(), runs=3)
    text = page.read_text(encoding="utf-8")
    assert "| main.py, 50 services, 1 file | 3.00 | 4.00 | 160 |" in text
    assert "| eager imports / main.py | 15.00 |" in text
    assert reporting.machine()[:20] in text
    assert f"]({picture.name})" in text
    svg = ET.fromstring(picture.read_text(encoding="utf-8"))
    assert len(svg.findall("{http://www.w3.org/2000/svg}rect")) == len(results())
    assert "22.50 s" in picture.read_text(encoding="utf-8")


def test_a_variant_that_fails_ends_the_run_with_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGE_ENGINE", "none")
    assert main(["bench", "--runs", "1", "--only", "started as"]) == 1
    assert main(["bench", "--runs", "1", "--only", "main.py, 1 service, 1 file"]) == 2
    assert "failed; its own words stand above." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--cdktn", "/nonexistent"], "--cdktn /nonexistent is not a program; name a Python that has its packages\n"),
        (["--cdk", "/nonexistent"], "--cdk /nonexistent is not a program; name a Python that has its packages\n"),
        (
            ["--only", "nonsense"],
            "--only nonsense: no variant has that text in its name; write a part of one, such as eager\n",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["bench", *arguments, "--write", str(tmp_path / "benchmarks")]) == 2
    assert capsys.readouterr().err == sentence
    assert not (tmp_path / "benchmarks").exists()


def test_a_missing_folder_for_temporary_files_is_a_sentence_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    monkeypatch.setenv("TMPDIR", str(gone))
    assert main(["bench", "--runs", "1"]) == 2
    sentence = f"TMPDIR: {gone} cannot be written (No such file or directory); create it, or run `unset TMPDIR`\n"
    assert capsys.readouterr() == ("", sentence)
