"""What people run around a deploy and only reads AWS, run on a workspace whose calls are recorded."""

import json
import subprocess
import sys
from typing import Any

from tests.support.call_recorder import Recorder, Task
from tests.support.files import ROOT
from tests.support.workspace import Workspace

_COMPARE = """
import sys
from environments.loader import load
from edge.preflight.priorities import held_priorities
print(held_priorities(load(sys.argv[1:])))
"""

_READY = """
import sys
from edge.preflight.readiness import demand_readiness
from environments.loader import load
demand_readiness(*load(sys.argv[1:]))
"""

_WRITABLE = """
import sys
from edge.preflight.writing import demand_writable
from environments.loader import load
demand_writable(*load(sys.argv[1:]))
"""

_SURVEY = """
import json, sys
from dataclasses import replace
from edge.plan.errors import RefusedError
from edge.plan.neighbours import survey
from edge.plan.removable import refuse_what_cannot_go
from edge.tfplan.model import Action
from edge.tfplan.parse import parse
from environments.loader import load
(environment,) = load(sys.argv[1:])
plan = parse(json.load(sys.stdin))
going = replace(plan, changes=tuple(replace(change, action=Action.DESTROY) for change in plan.changes))
try:
    refuse_what_cannot_go(environment, going)
except RefusedError:
    pass
print(json.dumps([survey(environment, one).model_dump(mode="json") for one in (plan, going)]))
"""

_LOOK = """
import json, sys
from edge.aws.sessions import client_of
from edge.aws.survey.model import Wanted
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import survey
from environments.loader import load
(environment,) = load(sys.argv[1:])
things = [Wanted(**thing) for thing in json.load(sys.stdin)]
found = survey(things, Reader(environment, client_of(environment)))
print(json.dumps([[match.wanted.address, match.standing.value, match.import_id] for match in found]))
"""


def look_for_what_stands(workspace: Workspace, recorder: Recorder) -> dict[str, tuple[str, str]]:
    """Look for all that the state has as a plan looks for what it would create; give standing and id by address."""
    state = json.loads(workspace.succeed("state", "pull"))
    things = [
        {
            "address": f"{resource['type']}.{resource['name']}",
            "type": resource["type"],
            "account": resource["provider"].rpartition("].")[2],
            "values": instance["attributes"],
        }
        for resource in state["resources"]
        if resource["mode"] == "managed"
        for instance in resource["instances"]
    ]
    with recorder.noting("plan"):
        done = _python(workspace, "-c", _LOOK, workspace.folder.name, stdin=json.dumps(things))
    assert done.returncode == 0, done.stderr
    return {address: (standing, number) for address, standing, number in json.loads(done.stdout)}


def ask_before(workspace: Workspace, recorder: Recorder) -> None:
    """Ask what is asked before every plan, and before every deploy."""
    questions: list[tuple[Task, str]] = [("plan", _READY), ("deploy", _WRITABLE)]
    for task, code in questions:
        with recorder.noting(task):
            done = _python(workspace, "-c", code, workspace.folder.name)
        assert (done.returncode, done.stderr) == (0, "")


def verified(workspace: Workspace, recorder: Recorder) -> set[tuple[str, str]]:
    """Verify the environment of a workspace; give what did not pass, each as its subject and check."""
    with recorder.noting("verify"):
        done = _python(workspace, "-m", "edge", "verify", workspace.folder.name, "--json", "--wait", "0")
    results = json.loads(done.stdout)
    assert len(results) > 10, done.stderr
    return {(result["subject"], result["check"]) for result in results if result["outcome"] != "passed"}


def compare_priorities(workspace: Workspace, recorder: Recorder) -> None:
    """Compare the live listener's priorities as `edge plan` does, and `edge deploy` of a plan before it applies."""
    with recorder.noting("plan"):
        done = _python(workspace, "-c", _COMPARE, workspace.folder.name)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def survey_neighbours(workspace: Workspace, recorder: Recorder) -> dict[str, Any]:
    """Survey the neighbours of a plan of what stands, as `edge plan` does, and a deploy of that plan again.

    The same is done for a plan that removes all of it, which asks for certificates in every region, and for each thing
    whether AWS would let it go.
    """
    workspace.succeed("plan", "-input=false", "-lock=false", "-out=neighbours.tfplan")
    shown = workspace.succeed("show", "-json", "neighbours.tfplan")
    with recorder.noting("plan"):
        done = _python(workspace, "-c", _SURVEY, workspace.folder.name, stdin=shown)
    assert (done.returncode, done.stderr) == (0, "")
    found, going = json.loads(done.stdout)
    assert "the certificates of further regions" not in going["unasked"], going["unasked"]
    return dict(found)


def _python(workspace: Workspace, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    environ = dict(workspace.environ)
    return subprocess.run(
        command, cwd=ROOT, env=environ, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )
