"""One prod on an embedded AWS of its own, with a folder in which Terraform works; and copies of both.

A scenario begins in a copy of what was prepared once: AWS and the state in it by a fork of the server's process, the
synthesized and initialized stack by a copy of its folder. So nothing is deployed or initialized twice.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from edge.aws import inventory
from edge.terraform.child_processes import run
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.files import ROOT, environment_of
from tests.support.workspace import Workspace, synthesize, write_stack

Thing = tuple[str, str, str, str]
"""Account, kind, name and settings of what stands, written alike for all worlds."""


@dataclass(frozen=True)
class World:
    """One environment named prod; `toml` is its file, and `workspace` Terraform on what was synthesized of it."""

    aws: LocalAws
    folder: Path
    toml: str
    workspace: Workspace

    @property
    def environment(self) -> Environment:
        return environment_of(self.toml)

    @contextmanager
    def copied(self, folder: Path) -> Iterator["World"]:
        """Give a world in which all stands that stands here; it ends with the block."""
        shutil.copytree(self.folder, folder, symlinks=True)
        with self.aws.copied() as aws:
            yield replace(self, aws=aws, folder=folder, workspace=_moved(self.workspace, folder, aws))

    def with_file(self, toml: str) -> "World":
        """Write another version of the environment file, and synthesize it."""
        workspace = write_stack(toml, name="prod", folder=self.folder, aws=self.aws)
        return replace(self, toml=toml, workspace=workspace)

    def close(self, port: int) -> None:
        """Close a port of the instances, on both sides."""
        ec2 = self._client("ec2")
        for rule in ec2.describe_security_group_rules()["SecurityGroupRules"]:
            if rule.get("FromPort") == port:
                way = "egress" if rule["IsEgress"] else "ingress"
                revoke = getattr(ec2, f"revoke_security_group_{way}")
                revoke(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])

    def locked(self) -> bool:
        backend = self.environment.backend
        assert backend
        keys = self._client("s3").list_objects_v2(Bucket=backend.bucket).get("Contents", [])
        return f"{backend.key}.tflock" in {entry["Key"] for entry in keys}

    def _client(self, service: str) -> Any:
        account = self.environment.accounts[self.environment.platform.account]
        return self.aws.client(service, account.id, self.environment.region)

    def edge(self, *arguments: str, url: str = "") -> Any:
        """Run a subcommand of `edge`, by another way to the embedded AWS where one is named."""
        environ = dict(self.workspace.at(url or self.aws.url).environ)
        # Else a changed module would be a risk beside an origin/main.
        environ["GIT_DIR"] = str(self.folder / "no.git")
        return run([sys.executable, "-m", "edge", *arguments], environ=environ, folder=ROOT, capture=True)

    def things(self) -> list[Thing]:
        """List what stands in both accounts."""
        return sorted(
            (thing.account, thing.kind, thing.name, _sorted(thing.detail))
            for thing in inventory.take(self.environment, self.aws.client)
        )


def _moved(workspace: Workspace, folder: Path, aws: LocalAws) -> Workspace:
    places = {"ENVIRONMENTS_DIR": str(folder / "environments"), "CDKTF_OUTDIR": str(folder / "cdktf.out")}
    environ = {**workspace.environ, **aws.variables, **places}
    return Workspace(folder / "cdktf.out" / "stacks" / "prod", environ, aws)


def _sorted(detail: str) -> str:
    """Sort the hosts of a rule and the names of a certificate: Terraform gives both as sets."""
    hosts, arrow, target = detail.partition(" -> ")
    status, colon, names = hosts.partition(": ")
    if arrow:
        return ", ".join(sorted(hosts.split(", "))) + arrow + target
    return f"{status}{colon}{', '.join(sorted(names.split(', ')))}"


@contextmanager
def world(toml: str, folder: Path, *, lifetime_seconds: float) -> Iterator[World]:
    """Start an embedded AWS that holds what prod finds on its first day."""
    with LocalAws.start([environment_of(toml)], lifetime_seconds=lifetime_seconds) as aws:
        yield World(aws, folder, toml, synthesize(toml, name="prod", folder=folder, aws=aws))
