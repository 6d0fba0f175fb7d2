"""What set-up installs from: locks with a checksum of every package, and a set without tests and npm for a deploy."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import cli_config, command, node, python_packages, run, synthesis_engines, terraform, warm
from bootstrap.mirrors import provider_address
from bootstrap.processes import Session
from bootstrap.terraform import Engine
from edge.terraform import provider_lock
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from tests.support import files
from tests.support.checkout import link_app
from tests.support.files import ROOT

LOCKS = ROOT / "locks"
MADE_FROM = {
    "deploy.txt": ["requirements.txt", "requirements-deploy.txt"],
    "project.txt": ["requirements.txt", "requirements-deploy.txt", "requirements-dev.txt"],
    "node.txt": ["requirements-node.txt"],
    "pip.txt": ["requirements-pip.txt"],
    "policy.txt": ["policy/requirements.txt"],
    "engines/cdktf-aws6.txt": ["requirements-engines/cdktf-aws6.txt"],
    "engines/cdktn.txt": ["requirements-engines/cdktn.txt"],
}
ENGINE = Engine("terraform", "Terraform", "1.11.4")


def pins(file: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==([^\s;]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("lock", MADE_FROM)
def test_every_package_of_a_lock_has_a_checksum_and_no_host(lock: str) -> None:
    text = (LOCKS / lock).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) == len(pins(LOCKS / lock)) > 0
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.findall(r"://|--(?!hash)[\w-]+", text) == []


@pytest.mark.parametrize(("lock", "requirements"), MADE_FROM.items(), ids=MADE_FROM)
def test_a_lock_holds_what_its_requirements_name(lock: str, requirements: list[str]) -> None:
    wanted = {name: version for file in requirements for name, version in pins(ROOT / file).items()}
    assert wanted.items() <= pins(LOCKS / lock).items()


def test_a_deploy_installs_a_part_of_the_project_without_what_tests_it() -> None:
    deploy, project = pins(LOCKS / "deploy.txt"), pins(LOCKS / "project.txt")
    assert deploy.items() <= project.items()
    assert {"pytest", "moto", "hypothesis", "mypy", "ruff", "werkzeug", "zizmor"} <= project.keys() - deploy.keys()


def test_no_package_of_npms_names_a_host_and_each_has_a_checksum() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    # What is bundled comes with the package around it, under that one's checksum.
    packages = {name: item for name, item in lock["packages"].items() if name and not item.get("inBundle")}
    assert len(packages) > 300
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


@pytest.mark.parametrize("deploy", [True, False])
def test_a_deploys_set_up_takes_its_own_lock_and_nothing_of_npms(
    session: Session, monkeypatch: pytest.MonkeyPatch, *, deploy: bool
) -> None:
    locks: list[str] = []
    npm: list[str] = []
    monkeypatch.setattr(python_packages, "make", lambda _, wanted: locks.extend(file.name for file in wanted.first))
    monkeypatch.setattr(python_packages, "fill", lambda _, wanted: locks.extend(file.name for file in wanted.locks))
    monkeypatch.setattr(node, "on_machine", lambda _: None)
    monkeypatch.setattr(node, "install_packages", lambda _: npm.append("ci"))
    monkeypatch.setattr(terraform, "choose", lambda _: ENGINE)
    for module, name in ((command, "write"), (node, "link"), (cli_config, "write"), (warm, "warm")):
        monkeypatch.setattr(module, name, lambda *_: None)
    run.set_up(session, deploy=deploy)
    assert locks == ["pip.txt", "node.txt", "deploy.txt" if deploy else "project.txt"]
    assert npm == ([] if deploy else ["ci"])


def test_npm_runs_no_script_of_a_package(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(session, "run", lambda command, **_: commands.append([str(word) for word in command]))
    node.install_packages(session)
    assert commands[0][1:3] == ["ci", "--ignore-scripts"]


def test_what_deploys_imports_nothing_that_only_tests_have() -> None:
    """In a Python that refuses what is not in the deploy's lock."""
    rooms = [
        "plan.command",
        "plan.review",
        "plan.deploy_command",
        "verify.command",
        "pipeline.command",
        "recover.command",
    ]
    extra = sorted(pins(LOCKS / "project.txt").keys() - pins(LOCKS / "deploy.txt").keys())
    program = (
        "import sys\n"
        "from importlib.metadata import packages_distributions\n"
        f"extra = set({extra!r})\n"
        "mine = packages_distributions()\n"
        "class Refuse:\n"
        "    def find_spec(self, name, *_):\n"
        "        owners = {owner.lower().replace('_', '-').replace('.', '-') for owner in mine.get(name, ())}\n"
        "        if owners and owners <= extra: raise ImportError(f'{name} is not in the lock of a deploy')\n"
        "sys.meta_path.insert(0, Refuse())\n" + "".join(f"import edge.{room}\n" for room in rooms)
    )
    ast.parse(program)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_synthesized_needs_nothing_of_npms(tmp_path: Path) -> None:
    """The app in a folder without node_modules, and with jsii's Node.js alone on PATH, writes the same bytes."""
    app = link_app(tmp_path / "app")
    node_alone = tmp_path / "bin"
    node_alone.mkdir()
    (node_alone / "node").symlink_to(ROOT / ".tools" / "bin" / "node")
    made: list[bytes] = []
    everything = os.pathsep.join([str(ROOT / ".tools" / "bin"), os.environ["PATH"]])
    for folder, path in ((ROOT, everything), (app, str(node_alone))):
        places = {"CDKTF_OUTDIR": str(tmp_path / f"out{len(made)}"), "ENVIRONMENTS_DIR": str(files.ENVIRONMENTS)}
        environ = {**os.environ, **places, "PATH": path}
        subprocess.run([sys.executable, "-m", "main"], cwd=folder, env=environ, check=True)
        made.append((Path(places["CDKTF_OUTDIR"]) / "stacks" / "prod" / "cdk.tf.json").read_bytes())
    assert not (app / "node_modules").exists()
    assert made[0] == made[1]


# The provider


def test_the_lock_is_of_the_provider_that_is_planned_with() -> None:
    text = provider_lock.LOCK.read_text(encoding="utf-8")
    assert re.findall(r'^provider "(.*)"', text, re.MULTILINE) == [provider_address("Terraform")]
    assert f'version     = "{synthesis_engines.DEFAULT.provider_version}"' in text
    assert text.count('"h1:') == len(provider_lock.LOCKED_PLATFORMS)


class Fake(Terraform):
    """Terraform that notes how it was started, or fails with some words."""

    fails = ""

    def init(self, *options: str) -> None:
        content = self.lock.read_text(encoding="utf-8") if self.lock.is_file() else "none"
        Path(self.folder, "started").write_text(f"{' '.join(options)}|{content}", encoding="utf-8")
        if self.fails:
            raise EngineError(self.fails)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    monkeypatch.setattr(provider_lock, "engine_version", lambda: "Terraform 1.11.4")
    monkeypatch.setattr(provider_lock, "platform_name", lambda: "linux_amd64")
    monkeypatch.setenv(synthesis_engines.SETTING, synthesis_engines.DEFAULT.name)
    fake = Fake(tmp_path, {})
    fake.lock.write_text("what an earlier run or a change has left", encoding="utf-8")
    return fake


def started(fake: Fake) -> tuple[str, str]:
    options, _, content = Path(fake.folder, "started").read_text(encoding="utf-8").partition("|")
    return options, content


def test_the_provider_is_checked_against_the_repositorys_lock_which_nothing_changes(fake: Fake) -> None:
    provider_lock.init(fake)
    assert started(fake) == ("-lockfile=readonly", provider_lock.LOCK.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("platform", "engine"), [("darwin_arm64", "Terraform 1.11.4"), ("linux_amd64", "OpenTofu 1.10.0")]
)
def test_where_the_lock_has_no_checksum_it_says_so_and_the_signature_stands(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], platform: str, engine: str
) -> None:
    monkeypatch.setattr(provider_lock, "engine_version", lambda: engine)
    monkeypatch.setattr(provider_lock, "platform_name", lambda: platform)
    provider_lock.init(fake)
    assert started(fake) == ("", "none")
    assert f"has no checksum of the provider for {platform} and {engine}" in capsys.readouterr().err


def test_with_another_engine_it_says_so_too(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(synthesis_engines.SETTING, "cdktn")
    provider_lock.init(fake)
    assert started(fake) == ("", "none")
    assert (
        "no checksum of the provider in version 6.69.1, which cdktn names, for linux_amd64" in capsys.readouterr().err
    )


def test_another_provider_is_refused_with_terraforms_words(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "the current package doesn't match any of the checksums previously recorded in the dependency lock file"
    monkeypatch.setattr(Fake, "fails", words)
    with pytest.raises(EngineError, match=r"is not the one that \.terraform\.lock\.hcl has a checksum of"):
        provider_lock.init(fake)
    monkeypatch.setattr(Fake, "fails", "no such bucket")
    with pytest.raises(EngineError, match=r"^no such bucket$"):
        provider_lock.init(fake)
