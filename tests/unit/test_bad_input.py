"""Bad environment files: one clear line for each fault, all at once, exit 2, nothing written."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all
from tests.support.files import PROD_TOML, ROOT

PROD = PROD_TOML.read_text(encoding="utf-8")
BAD_ENVIRONMENTS = Path(__file__).parent / "bad_environments"
MIN_BAD_ENVIRONMENTS = 80
PORT_REMEDY = "give the TCP port that the service listens on, 1-65535"


@dataclass(frozen=True)
class BadEnvironment:
    """prod.toml with something wrong, and the lines that tell it, but for the file's name."""

    name: str
    lines: list[str]
    replace: list[list[str]] = field(default_factory=list)
    add: str = ""

    @property
    def text(self) -> str:
        text = PROD
        for old, new in self.replace:
            assert old in text, f"prod.toml no longer holds {old}"
            text = text.replace(old, new)
        return text + self.add


def bad_environments() -> Iterator[Any]:
    for file in sorted(BAD_ENVIRONMENTS.glob("*.toml")):
        for content in tomllib.loads(file.read_text(encoding="utf-8"))["environment"]:
            yield pytest.param(BadEnvironment(**content), id=f"{file.stem}: {content['name']}")


def lines_for(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "prod.toml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    monkeypatch.chdir(folder)
    with pytest.raises(InvalidEnvironmentError) as error:
        load_all()
    return str(error.value).splitlines()


@pytest.mark.parametrize("bad", list(bad_environments()))
def test_a_bad_environment_is_reported_in_these_lines(
    bad: BadEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lines_for(bad.text, tmp_path, monkeypatch) == [f"prod.toml: {line}" for line in bad.lines]


def test_every_bad_environment_is_another() -> None:
    texts = [environment.values[0].text for environment in bad_environments()]
    assert len(set(texts)) == len(texts) >= MIN_BAD_ENVIRONMENTS


def services(count: int) -> str:
    return "".join(
        f'[services.s{n}]\nport = {10000 + n}\npriority = {100 + n}\nhosts = ["s{n}.prod.getorcha.com"]\n'
        for n in range(count)
    )


ELSEWHERE = "move services to another load balancer, in an environment of its own"
SHARE = 'let services share a certificate, by certificate = "<service>"'
CERTIFICATES = "certificates, with the one more that a replacement needs, and the quota is"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (23, []),
        (
            24,
            [
                f"need 26 {CERTIFICATES} 25; {SHARE}, have AWS raise it and write it to "
                f"limits.certificates_per_application_load_balancer, or {ELSEWHERE}"
            ],
        ),
        (
            50,
            [
                f"need 52 {CERTIFICATES} 25; {SHARE}, have AWS raise it and write it to "
                f"limits.certificates_per_application_load_balancer, or {ELSEWHERE}",
                "need 51 target groups on the Auto Scaling group, and the quota is 50; "
                "move services to another Auto Scaling group, in an environment of its own",
            ],
        ),
    ],
)
def test_the_quotas_are_kept(count: int, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """prod.toml has one service already."""
    text = f"{PROD}\n{services(count)}"
    if not expected:
        (tmp_path / "prod.toml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
        assert len(load_all()[0].services) == count + 1
    else:
        lines = lines_for(text, tmp_path, monkeypatch)
        assert lines == [f"prod.toml: services: {line}" for line in expected]


def test_a_number_that_python_will_not_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROD.replace("port     = 9999", f"port = {'9' * 5000}")
    assert lines_for(text, tmp_path, monkeypatch) == ["prod.toml: holds a number that is too long to read; shorten it"]


LONG = {
    "a key": (
        f"{'k' * 1000} = 5",
        f"{'k' * 80}…{'k' * 79}: 5 is given to a key that is not known here; remove it, or use one of prefix, region, "
        "backend, accounts, zones, platform, limits, services",
    ),
    "a key that the parser tells": (
        f"[{'k' * 1000}]\n[{'k' * 1000}]",
        f"is not valid TOML: [{'k' * 99}…{'k' * 54}] stands there twice (at line 2, column 1002); "
        "write all of its keys below one of them",
    ),
    "a path": (f"x{'.a' * 5000} = 1", "is nested too deeply; write it as flat tables"),
    "a hexadecimal number": (f"x = 0x{'f' * 5000}", "holds a number that is too long to read; shorten it"),
}


@pytest.mark.parametrize(("start", "expected"), LONG.values(), ids=LONG)
def test_what_has_no_end_is_reported_in_a_short_line(
    start: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lines_for(f"{start}\n{PROD}", tmp_path, monkeypatch) == [f"prod.toml: {expected}"]


def test_faults_of_every_kind_are_reported_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROD.replace("port     = 9999", "port = 70000\nprot = 1").replace("link.getorcha.com", "link.example.org")
    text = text.replace('"management"', '"mgmt"').replace('region = "eu-central-1"\n\n[backend]', "[backend]")
    text = text.replace("priority = 20", 'priority = "20"')
    paths = [line.split(": ")[1] for line in lines_for(text, tmp_path, monkeypatch)]
    assert sorted(paths) == [
        "region",
        "services.link.hosts[1]",
        "services.link.port",
        "services.link.priority",
        "services.link.prot",
        'zones."getorcha.com"',
    ]


def test_a_fault_brings_no_faults_that_only_follow_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROD.replace('"prod.getorcha.com" = "prod"', '"prod.getorcha.com" = 5').replace("[accounts.", "[acounts.")
    assert [line.split(": ")[1] for line in lines_for(text, tmp_path, monkeypatch)] == [
        'zones."prod.getorcha.com"',
        "acounts",
    ]


@pytest.mark.parametrize(("old", "new"), [("", "\ufeff"), ("\n", "\r\n")], ids=["byte order mark", "CR LF"])
def test_what_editors_of_other_systems_write_is_read(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prod.toml").write_bytes(PROD.replace(old, new, -1 if old else 1).encode())
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert [item.name for item in load_all()] == ["prod"]


def test_an_empty_file_lacks_every_required_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [line.split(": ")[1] for line in lines_for("", tmp_path, monkeypatch)]
    assert paths == ["prefix", "region", "accounts", "zones", "platform"]


def test_unreadable_files_are_named_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b"prefix = '\xe9'")
    (tmp_path / "nowhere.toml").symlink_to("missing")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 5000, encoding="utf-8")
    lines = lines_for("x = 1 2", tmp_path, monkeypatch)
    assert lines == [
        "deep.toml: is nested too deeply; write it as flat tables",
        "folder.toml: cannot be read: Is a directory; make it a file that you may read",
        "latin.toml: is not UTF-8 text in line 1; save it as UTF-8",
        "nowhere.toml: cannot be read: No such file or directory; make it a file that you may read",
        "prod.toml: is not valid TOML: Expected newline or end of document after a statement (at line 1, column 7); "
        "correct the line",
    ]


def test_a_file_name_that_cannot_name_a_stack_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_for(PROD, tmp_path, monkeypatch, name="Prod 1.toml") == [
        'Prod 1.toml: the file name "Prod 1" is not accepted; give a file name of at most 32 characters of a-z, 0-9 '
        "and inner hyphens that ends in .toml"
    ]


def test_a_value_stays_on_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROD.replace('path = "/health"', 'path = "a\\nb\\u001b[31m' + "c" * 200 + '"')
    (line,) = lines_for(text, tmp_path, monkeypatch)
    assert "\x1b" not in line
    assert len(line) < 250


def test_an_empty_folder_and_a_missing_one_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    with pytest.raises(InvalidEnvironmentError, match=r"holds no environment file; add one, such as prod\.toml"):
        load_all()
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path / "missing"))
    with pytest.raises(
        InvalidEnvironmentError, match="cannot be read: No such file or directory; set ENVIRONMENTS_DIR"
    ):
        load_all()


def test_an_environment_that_has_no_file_is_reported_with_those_that_have() -> None:
    with pytest.raises(InvalidEnvironmentError, match='has no environment "prd"; choose one of prod'):
        load(["prd"])


def test_main_exits_2_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "prod.toml").write_text(PROD.replace("port     = 9999", "port = 0"), encoding="utf-8")
    out = tmp_path / "out"
    variables = {**os.environ, "ENVIRONMENTS_DIR": str(tmp_path / "environments"), "CDKTF_OUTDIR": str(out)}
    command = [sys.executable, str(ROOT / "main.py")]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"environments/prod.toml: services.link.port: 0 is below 1; {PORT_REMEDY}\n"
    assert not out.exists()


@pytest.mark.parametrize("make", [os.mkfifo, lambda file: file.symlink_to("/dev/zero")], ids=["pipe", "device"])
def test_what_has_no_end_is_not_read(
    make: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "prod.toml")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    with pytest.raises(InvalidEnvironmentError, match="is not a regular file; make it a file that you may read"):
        load_all()


def test_a_file_of_any_size_is_one_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its terabyte is never in memory; it takes no room on the disk either."""
    with (tmp_path / "prod.toml").open("wb") as stream:
        stream.truncate(10**12)
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    with pytest.raises(
        InvalidEnvironmentError, match="is larger than 5000000 bytes; name a file that holds"
    ) as refused:
        load_all()
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize("key", ["secret_key", "access_key", "session_token", "db_password"])
def test_the_value_of_a_secret_is_never_shown(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = PROD_TOML.read_text(encoding="utf-8")
    text = content.replace("[accounts.prod]\n", f'[accounts.prod]\n{key} = "wJalrXUtnFEMI"\n')
    (tmp_path / "prod.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    with pytest.raises(InvalidEnvironmentError, match=f"accounts.prod.{key}: is a secret by its name") as refused:
        load_all()
    assert "wJalr" not in str(refused.value)
