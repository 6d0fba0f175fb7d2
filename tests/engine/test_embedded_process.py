"""Does the embedded AWS end when it should, and only then?"""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from edge.aws import inventory
from embedded_aws.child import Server
from embedded_aws.corrections.patching import replace
from embedded_aws.errors import LocalAwsError
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.aws_calls import PROD, REGION
from tests.support.files import ROOT

pytestmark = pytest.mark.takes(minutes=0.2)

_PARENT = """
import sys, time
from edge.aws import inventory
from embedded_aws.child import Server
server = Server({}, keep=False, lifetime_seconds=60)
print(server.url, server.folder, flush=True)
time.sleep(60)
"""


def serves(url: str) -> bool:
    try:
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=2).close()
    except OSError:
        return False
    return True


def ends(url: str, folder: Path, *, seconds: float = 10) -> bool:
    """Wait until neither the port nor the folder is left."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and (serves(url) or folder.exists()):
        time.sleep(0.05)
    return not serves(url) and not folder.exists()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_it_dies_with_its_parent(end: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        url, folder = cast("Any", parent.stdout).readline().decode().split()
        assert serves(url)
        assert Path(folder).is_dir()
    finally:
        parent.send_signal(end)
        parent.communicate(timeout=10)
    assert ends(url, Path(folder))


def test_it_is_gone_once_stopped_and_stopping_twice_does_no_harm() -> None:
    server = Server({}, keep=False, lifetime_seconds=60)
    assert serves(server.url)
    server.stop()
    server.stop()
    assert not serves(server.url)
    assert not server.folder.exists()


def test_a_kept_one_outlives_its_pipes_but_not_its_lifetime() -> None:
    server = Server({}, keep=True, lifetime_seconds=2)
    try:
        server.let_go()
        time.sleep(0.2)
        assert serves(server.url)
        assert ends(server.url, server.folder)
    finally:
        server.stop()


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(LocalAwsError, match=r"did not start.*\n(.*\n)*.*invalid float value"):
        Server({}, keep=False, lifetime_seconds=cast("float", "soon"))


@pytest.mark.parametrize(
    ("name", "answer"), [("gone", "gone"), ("greet", r"now takes \['self', 'name'\]; the correction takes \['self'\]")]
)
def test_a_correction_whose_target_has_changed_stops_the_start(name: str, answer: str) -> None:
    class Moto:
        def greet(self, name: str) -> str:
            return name

    with pytest.raises(AttributeError, match=answer):
        replace(Moto, name, lambda _: lambda self: self)


def parameters(aws: LocalAws) -> set[str]:
    ssm = aws.client("ssm", PROD, REGION)
    return {parameter["Name"] for parameter in ssm.describe_parameters()["Parameters"]}


def put(aws: LocalAws, name: str) -> None:
    aws.client("ssm", PROD, REGION).put_parameter(Name=name, Value="1", Type="String")


def test_a_copy_has_all_that_stood_and_neither_sees_what_the_other_does(prod_environment: Environment) -> None:
    with LocalAws.start([prod_environment], lifetime_seconds=60) as first:
        put(first, "/before")
        before = set(inventory.take(prod_environment, first.client))
        with first.copied() as second, second.copied() as third:
            assert set(inventory.take(prod_environment, third.client)) == before
            put(first, "/first")
            put(second, "/second")
            put(third, "/third")
            seen = [parameters(aws) - {"/before"} for aws in (first, second, third)]
            assert seen == [{"/first"}, {"/second"}, {"/third"}]
            assert second.child_environment({})["AWS_ENDPOINT_URL"] == second.url != first.url
        assert ends(second.url, Path("gone"))
        assert ends(third.url, Path("gone"))
        assert parameters(first) == {"/before", "/first"}
        left = first.copied()
    assert ends(left.url, first.folder)
