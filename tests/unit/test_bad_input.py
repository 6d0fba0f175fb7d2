"""Bad environment files: one clear line for each fault, all at once, exit 2, nothing written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all
from tests.files import PROD_TOML, ROOT

PROD = PROD_TOML.read_text(encoding="utf-8")
SECOND_SERVICE = """
[services.admin]
port = 7777
priority = 30
hosts = ["admin.prod.getorcha.com"]
"""
NAME_REMEDY = "give a name of at most 32 characters of a-z, 0-9 and inner hyphens that starts with a letter"
HOST_REMEDY = 'give a list of host names in lower case, the primary host first, such as ["link.prod.getorcha.com"]'
PORT_REMEDY = "give the TCP port that the service listens on, 1-65535"

# What is replaced in prod.toml, what stands there instead, and the lines that follow, in full.
TABLE: list[tuple[str, str, list[str]]] = [
    ("port     = 9999", "port = 70000", [f"services.link.port: 70000 is above 65535; {PORT_REMEDY}"]),
    ("port     = 9999", "port = 0", [f"services.link.port: 0 is below 1; {PORT_REMEDY}"]),
    ("port     = 9999", 'port = "9999"', [f'services.link.port: "9999" is not a whole number; {PORT_REMEDY}']),
    ("port     = 9999", "port = true", [f"services.link.port: true is not a whole number; {PORT_REMEDY}"]),
    ("port     = 9999", "", [f"services.link.port: is missing; {PORT_REMEDY}"]),
    (
        "port     = 9999",
        "port = 9999\nprot = 1",
        ["services.link.prot: 1 is given to a key that is not known here; write port"],
    ),
    (
        'prefix = "v1-orcha"',
        'prefix = "v1-orcha"\nowner = "me"',
        [
            'owner: "me" is given to a key that is not known here; remove it, or use one of prefix, region, backend, '
            "accounts, zones, platform, limits, services"
        ],
    ),
    (
        'prefix = "v1-orcha"',
        'prefix = "V1"',
        [
            'prefix: "V1" is not accepted; give the start of every physical name, at most 24 characters of a-z, 0-9 '
            "and inner hyphens"
        ],
    ),
    (
        '"link.getorcha.com"]',
        '"link.example.org"]',
        [
            'services.link.hosts[1]: "link.example.org" lies in no declared zone; add its zone to [zones], or use a '
            "host in one of prod.getorcha.com, getorcha.com"
        ],
    ),
    (
        '"link.getorcha.com"]',
        '"Link.getorcha.com"]',
        ['services.link.hosts[1]: "Link.getorcha.com" holds capital letters; write "link.getorcha.com"'],
    ),
    ('"link.getorcha.com"]', "5]", [f"services.link.hosts[1]: 5 is not text in quotes; {HOST_REMEDY}"]),
    ('["link.prod.getorcha.com", "link.getorcha.com"]', "[]", [f"services.link.hosts: [] is empty; {HOST_REMEDY}"]),
    (
        '["link.prod.getorcha.com", "link.getorcha.com"]',
        '["link.getorcha.com"]',
        [
            'services.link.hosts[0]: "link.getorcha.com" is the primary host and lies in getorcha.com, which account '
            '"management" holds; put a host in a zone of account "prod" first'
        ],
    ),
    (
        '"getorcha.com"      = "management"',
        '"getorcha.com" = "mgmt"',
        ['zones."getorcha.com": "mgmt" is not a declared account; add [accounts.mgmt], or use one of prod, management'],
    ),
    (
        '"getorcha.com"      = "management"',
        '"getorcha" = "management"',
        ['zones.getorcha: "getorcha" has no dot; give the full name, such as link.getorcha.com'],
    ),
    (
        'id      = "111111111111"',
        'id = "1111"',
        [
            'accounts.prod.id: "1111" is not accepted; give the AWS account id, 12 digits in quotes, such as '
            '"111111111111"'
        ],
    ),
    (
        'id      = "222222222222"',
        'id = "111111111111"',
        [
            'accounts.management.id: "111111111111" is also the id of accounts.prod; correct it, or use "prod" in its '
            "place"
        ],
    ),
    (
        'profile = "orcha"',
        'role_arn = "arn:aws:iam::333333333333:role/deploy"',
        [
            'accounts.management.role_arn: "arn:aws:iam::333333333333:role/deploy" is a role of another account than '
            "222222222222; correct one of them"
        ],
    ),
    ('profile = "orcha"', "", ["accounts.management: has neither profile nor role_arn; give one of them"]),
    (
        'kind                         = "existing"',
        'kind = "rented"',
        ['platform.kind: "rented" is not accepted; give "existing"'],
    ),
    (
        "[services.link]\n",
        SECOND_SERVICE.replace("7777", "9999") + "[services.link]\n",
        ["services.link.port: 9999 is also used by services.admin; choose another"],
    ),
    (
        "[services.link]\n",
        SECOND_SERVICE.replace("30", "20") + "[services.link]\n",
        ["services.link.priority: 20 is also used by services.admin; choose a free one"],
    ),
    (
        "[services.link]\n",
        SECOND_SERVICE.replace("admin.prod", "link.prod") + "[services.link]\n",
        ['services.link.hosts[0]: "link.prod.getorcha.com" is also given at services.admin.hosts[0]; keep one of them'],
    ),
    (
        "[services.link]\n",
        SECOND_SERVICE.replace("services.admin", "services.a_b") + "[services.link]\n",
        [f'services.a_b: "a_b" is not accepted as a name here; {NAME_REMEDY}'],
    ),
    (
        "[services.link]\n",
        "[services.link]\nlogin = true\n",
        ["services.link.login: true needs a Cognito user pool; name it in platform.user_pool"],
    ),
    (
        "[services.link]\n",
        '[services.link]\ncanonical_host = "www.getorcha.com"\n',
        [
            'services.link.canonical_host: "www.getorcha.com" is not among the service\'s hosts; add it there, or use '
            "one of them"
        ],
    ),
    (
        "[services.link",
        "[services.a-very-long-name-of-a-service",
        [
            "services.a-very-long-name-of-a-service: its target group's name "
            '"v1-orcha-a-very-long-name-of-a-service-tg" '
            "has 41 characters, and AWS takes 32; shorten the prefix or the service's name"
        ],
    ),
    (
        'path = "/health"',
        'path = "health"\ninterval_seconds = 1',
        [
            'services.link.health_check.path: "health" is not accepted; give a path that starts with a slash, such as '
            "/health",
            "services.link.health_check.interval_seconds: 1 is below 5; give the seconds between two checks, 5-300",
        ],
    ),
    (
        'path = "/health"',
        "interval_seconds = 5\ntimeout_seconds = 5",
        ["services.link.health_check.timeout_seconds: 5 is not below the interval of 5; lower it"],
    ),
    (
        '"v1-orcha-asg"',
        "'${file(1)}'",
        ['platform.autoscaling_group: "${file(1)}" is not accepted; give the name of the Auto Scaling group'],
    ),
    (
        'path = "/health"',
        'path = "/${self}"',
        [
            'services.link.health_check.path: "/${self}" is not accepted; give a path that starts with a slash, such '
            "as /health"
        ],
    ),
    (
        'path = "/health"',
        'matcher = "200-250-299"',
        [
            'services.link.health_check.matcher: "200-250-299" is not accepted; give the HTTP codes of a healthy '
            'answer, such as "200", "200,202" or "200-299"'
        ],
    ),
    (
        'prefix = "v1-orcha"',
        'prefix = "v1-orcha"\n"\\u2028\\u202e\\U000e0001" = 5',
        [
            '"\\u2028\\u202e\\U000e0001": 5 is given to a key that is not known here; remove it, or use one of prefix, '
            "region, backend, accounts, zones, platform, limits, services"
        ],
    ),
    ("port     = 9999", f"port = {'9' * 5000}", ["holds a number that is too long to read; shorten it"]),
    (
        "# Every key",
        "# Every key\rlimits = 5 # Every key",
        ["is not valid TOML: Found invalid character '\\r' (at line 3, column 12); correct the line"],
    ),
    (
        "[zones]",
        "[zones",
        ["is not valid TOML: Expected ']' at the end of a table declaration (at line 23, column 7); correct the line"],
    ),
]


def lines_for(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "prod.toml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    monkeypatch.chdir(folder)
    with pytest.raises(InvalidEnvironmentError) as error:
        load_all()
    return str(error.value).splitlines()


@pytest.mark.parametrize(("old", "new", "expected"), TABLE)
def test_a_faulty_file_is_told_in_these_lines(
    old: str, new: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert old in PROD
    lines = lines_for(PROD.replace(old, new), tmp_path, monkeypatch)
    assert lines == [f"prod.toml: {line}" for line in expected]


LONG = {
    "a key": (
        f"{'k' * 1000} = 5",
        f"{'k' * 80}…{'k' * 79}: 5 is given to a key that is not known here; remove it, or use one of prefix, region, "
        "backend, accounts, zones, platform, limits, services",
    ),
    "a key that the parser tells": (
        f"[{'k' * 1000}]\n[{'k' * 1000}]",
        f"is not valid TOML: Cannot declare ('{'k' * 83}…{'k' * 65}',) twice (at line 2, column 1002); "
        "correct the line",
    ),
    "a path": (f"x{'.a' * 5000} = 1", "is nested too deeply; write it as flat tables"),
    "a hexadecimal number": (f"x = 0x{'f' * 5000}", "holds a number that is too long to read; shorten it"),
}


@pytest.mark.parametrize(("start", "expected"), LONG.values(), ids=LONG)
def test_what_has_no_end_is_told_in_a_short_line(
    start: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lines_for(f"{start}\n{PROD}", tmp_path, monkeypatch) == [f"prod.toml: {expected}"]


def test_faults_of_every_kind_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
        "accounts",
        'zones."prod.getorcha.com"',
        "acounts",
    ]


@pytest.mark.parametrize(("old", "new"), [("", "\ufeff"), ("\n", "\r\n")], ids=["byte order mark", "CR LF"])
def test_what_editors_of_other_systems_write_is_read(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prod.toml").write_bytes(PROD.replace(old, new, -1 if old else 1).encode())
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    assert [each.name for each in load_all()] == ["prod"]


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
        "latin.toml: is not UTF-8 text at byte 10; save it as UTF-8",
        "nowhere.toml: cannot be read: No such file or directory; make it a file that you may read",
        "prod.toml: is not valid TOML: Expected newline or end of document after a statement (at line 1, column 7); "
        "correct the line",
    ]


def test_a_file_name_that_cannot_name_a_stack_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_for(PROD, tmp_path, monkeypatch, name="Prod 1.toml") == [
        'Prod 1.toml: the file name "Prod 1" is not accepted; give a file name of a-z, 0-9 and inner hyphens that ends '
        "in .toml"
    ]


def test_a_value_stays_on_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROD.replace('path = "/health"', 'path = "a\\nb\\u001b[31m' + "c" * 200 + '"')
    (line,) = lines_for(text, tmp_path, monkeypatch)
    assert "\x1b" not in line
    assert len(line) < 250


def test_an_empty_folder_and_a_missing_one_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    with pytest.raises(InvalidEnvironmentError, match=r"holds no environment file; add one, such as prod\.toml"):
        load_all()
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path / "missing"))
    with pytest.raises(
        InvalidEnvironmentError, match="cannot be read: No such file or directory; set ENVIRONMENTS_DIR"
    ):
        load_all()


def test_an_environment_that_has_no_file_is_told_with_those_that_have() -> None:
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
