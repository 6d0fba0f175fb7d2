"""What people run around a deploy and only reads AWS, run on a workspace whose calls are recorded."""

import json
import subprocess
import sys

from tests.support.call_recorder import Recorder
from tests.support.files import ROOT
from tests.support.workspace import Workspace

_COMPARE = """
import sys
from environments.loader import load
from edge.preflight import held_priorities
print(held_priorities(load(sys.argv[1:])))
"""


def verified(workspace: Workspace, recorder: Recorder) -> set[tuple[str, str]]:
    """Verify the environment of a workspace; give what did not pass, each as its subject and check."""
    with recorder.noting("verify"):
        done = _python(workspace, "-m", "edge", "verify", workspace.folder.name, "--json", "--wait", "0")
    results = json.loads(done.stdout)
    assert len(results) > 10, done.stderr
    return {(each["subject"], each["check"]) for each in results if each["outcome"] != "passed"}


def compare_priorities(workspace: Workspace, recorder: Recorder) -> None:
    """Compare the live listener's priorities as `edge plan` does, and `edge deploy` of a plan before it applies."""
    with recorder.noting("plan"):
        done = _python(workspace, "-c", _COMPARE, workspace.folder.name)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def _python(workspace: Workspace, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    environ = dict(workspace.environ)
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
