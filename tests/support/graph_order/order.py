"""Terraform asked for the order of its steps: what it would do, and what each step waits for; then it is done."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.terraform.toolchain import terraform_binary
from tests.support.graph_order.skeleton import resource_of, skeleton
from tests.support.workspace import engine_environment

Configuration = Mapping[str, Any]
Resource = tuple[str, str]
_NODE = re.compile(r"\[root\] (terraform_data\.[\w-]+)(?: \((destroy)(?: deposed \w+)?\)| \((?:expand|close)\))?")
_LATE = "known_late"
_EDGE = re.compile(r'"((?:[^"\\]|\\.)*)" -> "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Step:
    """One step of an apply: a resource is written (created or changed), or one that stood is removed.

    `is_of_a_replacement` says that the removed one's successor stands, or will, under the same address.
    """

    resource: Resource
    is_removal: bool
    is_of_a_replacement: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.is_removal else '+'} {'.'.join(self.resource)}"


@dataclass(frozen=True)
class Order:
    """The steps of one apply, each with those that it waits for, at whatever distance."""

    waits: Mapping[Step, frozenset[Step]]


class Engine:
    """Terraform in a folder of its own, on the skeletons of one stack's configurations."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._environ = folder, engine_environment()
        self._environ.pop("TF_CLI_CONFIG_FILE", None)  # there is no provider to look for

    def plan(self, configuration: Configuration) -> Order:
        """Plan a configuration and give the order of its steps; none where nothing changes."""
        return self._planned(skeleton(configuration))

    def _planned(self, content: Mapping[str, Any]) -> Order:
        (self._folder / "main.tf.json").write_text(json.dumps(content), encoding="utf-8")
        if not (self._folder / ".terraform").exists():
            self._run("init", "-input=false")
        if self.is_settled():
            return Order({})
        changes = json.loads(self._run("show", "-json", "plan")).get("resource_changes", [])
        steps = [step for change in changes for step in _steps(change)]
        return Order(_waits(steps, self._run("graph", "-plan=plan", "-type=apply")))

    def fail(self, configuration: Configuration, at: Resource) -> list[Step]:
        """Apply a configuration in which the step of one resource fails; give the steps that are done all the same."""
        content = skeleton(configuration)
        made = content["resource"]["terraform_data"]
        # Known only while it is applied, so that the plan does not fail.
        made[_LATE] = {"provider": next(iter(made.values()))["provider"], "input": "${plantimestamp()}"}
        never = {"condition": f'${{terraform_data.{_LATE}.output == "never"}}', "error_message": "It fails."}
        failing = made["--".join(at)]
        failing["lifecycle"] = {**failing.get("lifecycle", {}), "precondition": [never]}
        order = self._planned(content)
        assert self._terraform("apply", "-input=false", "plan").returncode == 1
        return [
            step
            for step in sorted(order.waits, key=lambda step: len(order.waits[step]))
            if at not in {other.resource for other in (step, *order.waits[step])} and step.resource != (_LATE, "")
        ]

    def is_settled(self) -> bool:
        """Plan what was planned last again, and say whether nothing is left to do."""
        return self._terraform("plan", "-input=false", "-detailed-exitcode", "-out=plan").returncode == 0

    def apply(self) -> None:
        """Do what was planned last."""
        self._run("apply", "-input=false", "plan")

    def _run(self, *arguments: str) -> str:
        done = self._terraform(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _terraform(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [terraform_binary(self._environ), *arguments]
        done = subprocess.run(command, cwd=self._folder, env=self._environ, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 2) or arguments[0] == "apply", done.stdout + done.stderr
        return done


def _steps(change: Mapping[str, Any]) -> list[Step]:
    resource, actions = resource_of(change["address"]), change["change"]["actions"]
    written = [Step(resource, False)] if {"create", "update"} & set(actions) else []
    removed = [Step(resource, True, bool(written))] if "delete" in actions else []
    return [*written, *removed]


def _waits(steps: Sequence[Step], graph: str) -> dict[Step, frozenset[Step]]:
    by_node = {(step.resource, step.is_removal): step for step in steps}
    edges: dict[str, list[str]] = {}
    for source, target in _EDGE.findall(graph):
        edges.setdefault(source.replace('\\"', '"'), []).append(target.replace('\\"', '"'))
    below: dict[str, frozenset[Step]] = {}

    def waited_for(node: str) -> frozenset[Step]:
        """Give the steps that a node's own step waits for, and its own."""
        if node not in below:
            found = _NODE.fullmatch(node)
            own = (
                by_node.get((resource_of(found[1]), found[2] is not None)) if found and "(expand)" not in node else None
            )
            below[node] = frozenset([own] if own else []).union(*map(waited_for, edges.get(node, ())))
        return below[node]

    of_nodes = {step: node for node in list(edges) for step in waited_for(node) if _is_of(node, step)}
    return {step: (waited_for(of_nodes[step]) - {step} if step in of_nodes else frozenset()) for step in steps}


def _is_of(node: str, step: Step) -> bool:
    found = _NODE.fullmatch(node)
    if found is None or "(expand)" in node:
        return False
    return (resource_of(found[1]), found[2] is not None) == (step.resource, step.is_removal)
