"""One setting chooses the engine: set-up installs what the synthesis then imports, and neither takes anything else."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import command, node, python_packages, run, synthesis_engines, terraform
from bootstrap.places import HERE, Places
from bootstrap.processes import Session, SetupError
from bootstrap.synthesis_engines import ENGINES
from edge.terraform import provider_lock
from imports import engine
from tests.support.files import ROOT

REQUIREMENTS = {
    name: ROOT / ("requirements.txt" if name == "cdktf" else f"requirements-engines/{name}.txt") for name in ENGINES
}
OTHERS = [name for name in ENGINES if name != "cdktf"]


def pins(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9-]+)==(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def project_file(places: Places, content: object) -> Path:
    file = places.root / "cdktf.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_set_up_and_the_synthesis_know_the_same_engines_and_setting() -> None:
    assert list(ENGINES) == list(engine.ENGINES)
    assert synthesis_engines.DEFAULT.name == engine.DEFAULT.name
    assert synthesis_engines.SETTING == engine.SETTING


@pytest.mark.parametrize(
    ("environ", "content", "name"),
    [
        ({}, {}, "cdktf"),
        ({}, {"context": {}}, "cdktf"),
        ({}, {"context": {"engine": "cdktn"}}, "cdktn"),
        ({"EDGE_ENGINE": "cdktf-aws6"}, {"context": {"engine": "cdktn"}}, "cdktf-aws6"),
        ({"EDGE_ENGINE": ""}, {"context": {"engine": "cdktn"}}, "cdktn"),
    ],
)
def test_both_read_the_setting_alike(places: Places, environ: dict[str, str], content: object, name: str) -> None:
    file = project_file(places, content)
    assert synthesis_engines.chosen(places, environ).name == engine.chosen(environ, file).name == name


def test_without_the_projects_file_both_take_the_default(places: Places) -> None:
    missing = places.root / "cdktf.json"
    assert synthesis_engines.chosen(places, {}).name == engine.chosen({}, missing).name == "cdktf"


@pytest.mark.parametrize(
    ("environ", "context", "place"),
    [({"EDGE_ENGINE": "cdktf6"}, {}, "EDGE_ENGINE"), ({}, {"engine": "cdktf6"}, "cdktf.json: context.engine")],
)
def test_both_refuse_an_unknown_engine_in_one_sentence(
    places: Places, environ: dict[str, str], context: object, place: str
) -> None:
    file = project_file(places, {"context": context})
    sentence = f"{place}: cdktf6 is not an engine; write one of cdktf, cdktf-aws6, cdktn"
    with pytest.raises(SetupError, match=f"^{re.escape(sentence)}$"):
        synthesis_engines.chosen(places, environ)
    with pytest.raises(engine.EngineError, match=f"^{re.escape(sentence)}$"):
        engine.chosen(environ, file)


def test_the_projects_own_file_chooses_the_default() -> None:
    assert json.loads((ROOT / "cdktf.json").read_bytes())["context"] == {"engine": "cdktf"}


@pytest.mark.parametrize("name", ENGINES)
def test_the_versions_are_those_of_the_requirements(name: str) -> None:
    pinned, known = pins(REQUIREMENTS[name]), engine.ENGINES[name]
    assert pinned[known.distribution] == known.version
    assert {known.core, "constructs", "jsii"} <= pinned.keys()


@pytest.mark.parametrize("name", OTHERS)
def test_an_engine_changes_nothing_of_the_project_but_its_own_packages(name: str) -> None:
    """Its lock is installed over the project's, so whatever else it needs must be there in the same version."""
    over, project = pins(HERE.locks / ENGINES[name].lock), pins(HERE.locks / "project.txt")  # type: ignore[operator]
    own = {engine.ENGINES[name].core, engine.ENGINES[name].distribution, "constructs"}
    assert {package for package, version in over.items() if project.get(package) != version} <= own


@pytest.mark.parametrize("name", ENGINES)
def test_set_up_installs_the_engines_lock_over_the_projects(
    session: Session, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    installed: list[list[str]] = []
    session = Session(session.places, {**session.environ, "EDGE_ENGINE": name})
    monkeypatch.setattr(node, "on_machine", lambda _: Path("machine"))
    for module, function in ((command, "write"), (node, "link"), (node, "install_packages")):
        monkeypatch.setattr(module, function, lambda *_: None)
    monkeypatch.setattr(session, "run", lambda line, **_: installed.append([str(word) for word in line]))
    monkeypatch.setattr(session, "attempt", lambda *_, **__: (0, ""))

    def stop(_: object) -> None:
        raise SetupError("enough")

    monkeypatch.setattr(terraform, "choose", stop)
    with pytest.raises(SetupError, match="enough"):
        run.set_up(session)
    requirements = [
        [word.removeprefix(f"--requirement={session.places.locks}/") for word in line if "--requirement=" in word]
        for line in installed
        if "pip" in line
    ]
    lock = ENGINES[name].lock
    assert requirements == [["pip.txt"], ["project.txt"], *([] if lock is None else [[lock]])]


def test_another_engine_is_installed_into_an_environment_that_is_there(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(session, "run", lambda line, **_: lines.append(" ".join(map(str, line))))
    monkeypatch.setattr(session, "attempt", lambda *_, **__: (0, ""))
    monkeypatch.setattr(os, "access", lambda *_: True)
    for over in (None, None, "engines/cdktn.txt", None):
        python_packages.install(session, python_packages.project(session.places, "project.txt", node=False, over=over))
    assert sum("venv --clear" in line for line in lines) == 1
    assert sum("pip install" in line and "cdktn.txt" in line for line in lines) == 1
    assert sum("pip install" in line and "project.txt" in line for line in lines) == 3


def run_main(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "EDGE_ENGINE": name, "CDKTF_OUTDIR": str(folder)}
    command = [sys.executable, "main.py"]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_an_engine_that_is_not_installed_ends_with_2_and_one_sentence(tmp_path: Path) -> None:
    missing = next(name for name in OTHERS if name != engine.chosen(os.environ).name)
    done = run_main(missing, tmp_path)
    assert done.returncode == 2
    assert re.fullmatch(rf"The engine {missing} needs .+; run `make setup` with the same EDGE_ENGINE .+\n", done.stderr)
    assert not (tmp_path / "stacks").exists()


def test_an_unknown_engine_ends_with_2_and_one_sentence(tmp_path: Path) -> None:
    done = run_main("pulumi", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "EDGE_ENGINE: pulumi is not an engine" in done.stderr


@pytest.mark.parametrize("name", ENGINES)
def test_the_lock_of_the_provider_is_of_the_default_engine_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(provider_lock, "engine_version", lambda: "Terraform 1.11.4")
    monkeypatch.setattr(provider_lock, "platform_name", lambda: "linux_amd64")
    monkeypatch.setenv("EDGE_ENGINE", name)
    assert provider_lock.is_locked() is (name == "cdktf")
