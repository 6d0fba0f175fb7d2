"""`make demo` as a newcomer runs it: to its end, interrupted, and on a faulty file."""

import math
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests import recording
from tests.support.files import PROD_TOML, ROOT
from tests.support.workspace import engine_environment

pytestmark = pytest.mark.takes(minutes=3)

DEMO = [sys.executable, "-m", "edge", "demo"]
COLUMNS = 100
MOST_LINES = 37  # with the three waits for DNS, forty
MOST_LINES_OF_STAGING = 60  # with the ten waits of an idle machine, seventy
PROVIDER_SECONDS = 300  # it takes ten on an idle machine


def start(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
    environ = {**engine_environment(), "COLUMNS": str(COLUMNS), **variables}
    pipe = subprocess.PIPE
    return subprocess.Popen([*DEMO, *arguments], cwd=ROOT, env=environ, stdout=pipe, stderr=pipe, text=True)


def finish(process: "subprocess.Popen[str]") -> tuple[str, str]:
    try:
        return process.communicate(timeout=400)
    finally:
        process.kill()


@dataclass(frozen=True)
class Demonstration:
    """What it wrote: for programs, and for people."""

    output: str
    errors: str


@pytest.fixture(scope="module")
def demonstration() -> Demonstration:
    process = start()
    shown = Demonstration(*finish(process))
    assert process.returncode == 0, shown.output[-3000:] + shown.errors[-3000:]
    return shown


def test_it_fits_a_screen_and_shows_nothing_of_the_engines(demonstration: Demonstration) -> None:
    """Short of what a slow machine waits for: a line in every ten seconds."""
    lines = [line for line in (demonstration.output + demonstration.errors).splitlines() if not is_waiting(line)]
    assert sum(math.ceil(len(line) / COLUMNS) for line in lines) < MOST_LINES
    for words in ("Terraform", "terraform ", "Initializing", "Warning", "\x1b"):
        assert words not in demonstration.output + demonstration.errors


@pytest.mark.whole
def test_staging_which_makes_its_platform_fits_70_lines() -> None:
    process = start("staging")
    output, errors = finish(process)
    assert process.returncode == 0, output[-3000:] + errors[-3000:]
    lines = [line for line in (output + errors).splitlines() if not is_waiting(line)]
    assert sum(math.ceil(len(line) / COLUMNS) for line in lines) < MOST_LINES_OF_STAGING
    assert len(lines) == len(set(lines)), "it says something twice"


def is_waiting(line: str) -> bool:
    return line.startswith("  ") and (line.startswith("  waiting: ") or line.endswith("…"))


@pytest.mark.parametrize("output", ["LinkTargetGroupArn", "LinkCertificateArn", "LinkUrl"])
def test_it_prints_the_outputs(demonstration: Demonstration, output: str) -> None:
    outputs = demonstration.output.split("Outputs:")[1]
    assert re.search(rf"^  {output} +(arn:aws:|https://link\.prod\.getorcha\.com)", outputs, re.MULTILINE)


def test_it_shows_each_part_and_what_exists_in_each_account(demonstration: Demonstration) -> None:
    row = re.compile(r"^  (\S[\w -]*?) {2,}(.*?) {2,}(\d+ created) {2,}\d:\d\d$", re.MULTILINE)
    rows = row.findall(demonstration.errors)
    assert {(part, ", ".join(sorted(accounts.split(", "))), done) for part, accounts, done in rows} == {
        ("names", "management, prod", "2 created"),
        ("certificates", "management, prod", "5 created"),
        ("firewall", "prod", "2 created"),
        ("routing", "prod", "1 created"),
        ("targets", "prod", "2 created"),
        ("alarms", "prod", "5 created"),
    }
    shown = demonstration.output.split("Outputs:")[0].replace("\n  ", " ")
    prod, management = shown.split("New in account prod (111111111111):")[1].split("New in account management")
    assert "5 x alarm; certificate link.prod.getorcha.com; " in prod
    assert prod.rstrip().endswith("2 x security group rule; target group v1-orcha-link-tg")
    assert "2 x record CNAME" in management


def test_it_says_that_the_older_services_answer_as_before(demonstration: Demonstration) -> None:
    answers = "Others answer as before: admin.prod.getorcha.com 302 to its sign-in, app.prod.getorcha.com 200.\n"
    assert answers in demonstration.output


def test_the_recording_of_the_readme_shows_what_it_shows_today(demonstration: Demonstration) -> None:
    lines = (demonstration.errors + demonstration.output).splitlines()
    assert recording.alike(recording.shown(recording.FILE.read_text(encoding="utf-8"))) == recording.alike(lines)


def test_it_says_that_a_second_plan_is_empty(demonstration: Demonstration) -> None:
    assert "It works" in demonstration.output
    assert "the second plan is empty" in demonstration.output


def test_it_ends_with_the_verification_and_a_requests_way(demonstration: Demonstration) -> None:
    _, shown = demonstration.output.split("the second plan is empty.\n")
    for host in ("link.prod.getorcha.com", "link.getorcha.com"):
        assert re.search(rf"^  {re.escape(host)} +resolves, CAA, TLS, certificate, ", shown, re.MULTILINE)
    assert re.search(r"^prod serves: all \d+ checks passed, in [\d.]+ s\.$", shown, re.MULTILINE)
    way = shown.split("The way of a request to https://link.getorcha.com:\n")[1].splitlines()
    parts = ["link.getorcha.com", "link.prod.getorcha.com", "load balancer", "listener rule", "target group"]
    assert [line.split("  ")[1] for line in way[:-1]] == parts
    assert way[-1].startswith("Next: `edge picture prod`")


@pytest.mark.parametrize(
    ("number", "keep"), [(signal.SIGINT, ""), pytest.param(signal.SIGTERM, "1", marks=pytest.mark.whole)]
)
def test_interrupted_in_the_middle_it_stops_all_that_it_started(number: signal.Signals, keep: str) -> None:
    process = start(KEEP=keep)
    root = psutil.Process(process.pid)
    tree = wait_for_terraform(root)
    process.send_signal(number)
    _, errors = finish(process)
    assert process.returncode == 130
    assert "Interrupted; everything that was started is stopped." in errors
    _, alive = psutil.wait_procs(tree, timeout=15)
    assert alive == []


def wait_for_terraform(root: psutil.Process) -> list[psutil.Process]:
    """Wait until cdktf has started Terraform and that its provider; give every process of the tree."""
    deadline = time.monotonic() + PROVIDER_SECONDS
    while time.monotonic() < deadline:
        tree = root.children(recursive=True)
        if any("terraform-provider-aws" in name_of(process) for process in tree):
            return tree
        time.sleep(0.1)
    pytest.fail(f"the demo started no Terraform provider in {PROVIDER_SECONDS} s")


def name_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_a_faulty_file_ends_with_2_before_anything_starts(tmp_path: Path) -> None:
    text = PROD_TOML.read_text(encoding="utf-8").replace("9999", "0")
    (tmp_path / "prod.toml").write_text(text, encoding="utf-8")
    process = start(ENVIRONMENTS_DIR=str(tmp_path))
    output, errors = finish(process)
    assert (process.returncode, output) == (2, "")
    assert errors.endswith("services.link.port: 0 is below 1; give the TCP port that the service listens on, 1-65535\n")
    assert "Traceback" not in errors


def test_kept_it_says_how_to_look_and_the_lines_work() -> None:
    process = start(KEEP="1")
    output, errors = finish(process)
    pid = int(re.search(r"`kill (\d+)` ends it", output)[1])  # type: ignore[index]
    try:
        assert process.returncode == 0, errors
        shown = output.split("The same by hand:")[1].split("The embedded AWS keeps")[0]
        by_hand = [line.strip() for line in shown.splitlines() if line.strip()]
        assert [line.split()[0] for line in by_hand] == ["dig", "curl", "curl"] * 2
        for line in by_hand:
            if line.startswith("curl"):
                asked = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30, check=True)
                assert asked.stdout.startswith("HTTP/1.1 200 OK")
        lines = [line.strip() for line in output.split("ends it.")[1].splitlines() if line.strip()]
        script = "\n".join(["set -e", *(line for line in lines if not line.startswith("aws "))])
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        done = subprocess.run(
            ["bash", "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "aws_lb_target_group.link" in done.stdout
        assert "link.prod.getorcha.com" in done.stdout
        assert "ok     link.getorcha.com: health: https://link.getorcha.com/health answers 200" in done.stdout
    finally:
        os.kill(pid, signal.SIGTERM)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
