"""What counts as finished."""

import sys
from pathlib import Path

import pytest

from bootstrap import node, python_packages, stamps
from bootstrap.processes import Session, SetupError
from bootstrap.stamps import Stamps, digest
from tests.unit.setup.conftest import FakeProgram


class Recorder:
    """Stands in for the programs of a session: notes each command, makes what it would make, or is interrupted."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch, *, interrupted: str = "") -> None:
        self.session, self.interrupted = session, interrupted
        self.commands: list[str] = []
        monkeypatch.setattr(session, "run", self.run)
        monkeypatch.setattr(session, "attempt", lambda *_, **__: (0, ""))

    def run(self, command: list[str | Path], **_: object) -> None:
        line = " ".join(map(str, command))
        self.commands.append(line)
        made = self.session.places.python if "venv --clear" in line else None
        made = self.session.places.node_modules / ".bin" / "cdktf" if "npm ci" in line else made
        if made:
            made.parent.mkdir(parents=True, exist_ok=True)
            made.touch(mode=0o755)
        if self.interrupted and self.interrupted in line:
            raise KeyboardInterrupt

    def times(self, words: str) -> int:
        return sum(words in command for command in self.commands)


@pytest.fixture
def requirements(session: Session) -> Path:
    file = session.places.locks / "project.txt"
    file.parent.mkdir()
    file.write_text("pytest==9.1.1\n", encoding="utf-8")
    return file


def install(session: Session) -> None:
    python_packages.install(session, python_packages.project(session.places, "project.txt", node=False))


def test_a_second_run_installs_nothing(session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(session, monkeypatch)
    install(session)
    install(session)
    assert recorder.times("venv --clear") == 1
    assert recorder.times("pip install") == 2, "pip itself, and the packages"
    assert recorder.times("pip.txt") == 1
    assert recorder.times(f"--requirement={requirements}") == 1
    assert recorder.times("--require-hashes --only-binary=:all:") == 2


def test_a_changed_requirement_is_installed_over_what_is_there(
    session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(session, monkeypatch)
    install(session)
    requirements.write_text("pytest==9.1.2\n", encoding="utf-8")
    install(session)
    assert (recorder.times("venv --clear"), recorder.times(f"--requirement={requirements}")) == (1, 2)


def test_the_policys_checks_have_an_environment_of_their_own(
    session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(session, monkeypatch)
    own = python_packages.policy(session.places)
    own.python.parent.mkdir(parents=True)
    own.python.touch(mode=0o755)
    install(session)
    python_packages.install(session, own)
    python_packages.install(session, own)
    assert recorder.times(f"venv --clear {session.places.tools / 'policy'}") == 1
    assert recorder.times(f"--requirement={session.places.locks / 'policy.txt'}") == 1
    assert recorder.times(f"--requirement={requirements}") == 1


@pytest.mark.parametrize("moment", ["venv --clear", "pip install"])
def test_an_interrupted_virtual_environment_is_made_again(
    session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    assert requirements.exists()
    recorder = Recorder(session, monkeypatch, interrupted=moment)
    with pytest.raises(KeyboardInterrupt):
        install(session)
    recorder.interrupted = ""
    install(session)
    assert recorder.times("venv --clear") == 2


def test_an_interrupted_upgrade_makes_the_virtual_environment_again(
    session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(session, monkeypatch)
    install(session)
    requirements.write_text("pytest==9.1.2\n", encoding="utf-8")
    recorder.interrupted = "pip install"
    with pytest.raises(KeyboardInterrupt):
        install(session)
    recorder.interrupted = ""
    requirements.write_text("pytest==9.1.1\n", encoding="utf-8")
    install(session)
    assert recorder.times("venv --clear") == 2


def test_a_lost_or_foreign_virtual_environment_is_made_again(
    session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert requirements.exists()
    recorder = Recorder(session, monkeypatch)
    install(session)
    session.places.python.unlink()
    install(session)
    assert recorder.times("venv --clear") == 2
    monkeypatch.setattr(sys, "version_info", type("V", (), {"major": 3, "minor": 99}))
    install(session)
    assert recorder.times("venv --clear") == 3


def test_an_interrupted_repair_of_the_virtual_environment_is_not_taken_for_the_sound_one(
    session: Session, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert requirements.exists()
    recorder = Recorder(session, monkeypatch)
    install(session)
    session.places.python.unlink()
    recorder.interrupted = "venv --clear"
    with pytest.raises(KeyboardInterrupt):
        install(session)
    recorder.interrupted = ""
    install(session)
    assert recorder.times("venv --clear") == 3


def test_an_interrupted_npm_is_not_taken_for_a_finished_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(session, monkeypatch)
    node.install_packages(session)
    node.install_packages(session)
    assert recorder.times("npm ci") == 1
    session.places.root.joinpath("package-lock.json").write_text("{}", encoding="utf-8")
    recorder.interrupted = "npm ci"
    with pytest.raises(KeyboardInterrupt):
        node.install_packages(session)
    recorder.interrupted = ""
    session.places.root.joinpath("package-lock.json").unlink()
    node.install_packages(session)
    assert recorder.times("npm ci") == 3


def test_removed_node_packages_are_installed_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(session, monkeypatch)
    node.install_packages(session)
    session.places.node_modules.joinpath(".bin", "cdktf").unlink()
    node.install_packages(session)
    assert recorder.times("npm ci") == 2


def test_a_failed_program_shows_its_last_lines_and_the_advice(session: Session, program: FakeProgram) -> None:
    with pytest.raises(SetupError) as failed:
        session.run([program("pip", "no such package", exit_code=1)], environ={}, advice="Do this.")
    assert str(failed.value) == "  | no such package\nDo this."


def test_a_program_that_does_not_exist_is_a_sentence(session: Session) -> None:
    with pytest.raises(SetupError, match=r"did not start \(No such file or directory\). Do this."):
        session.run(["/nowhere/npm"], environ={}, advice="Do this.")


def test_the_digest_tells_a_missing_file_from_an_empty_one_and_follows_contents(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    missing = digest("3.11", file)
    file.touch()
    empty = digest("3.11", file)
    file.write_text("x==1", encoding="utf-8")
    assert len({missing, empty, digest("3.11", file), digest("3.12", file)}) == 4


def test_the_sources_of_set_up_are_part_of_what_it_did() -> None:
    assert "stamps.py" in {source.name for source in stamps.sources()}


def test_a_stamp_holds_until_it_is_forgotten(tmp_path: Path) -> None:
    kept = Stamps(tmp_path / "stamps")
    assert not kept.holds("node", "a")
    kept.keep("node", "a")
    assert kept.holds("node", "a")
    assert not kept.holds("node", "b")
    kept.forget("node")
    kept.forget("node")
    assert not kept.holds("node", "a")
