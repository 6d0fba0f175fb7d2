"""Several worlds in one embedded AWS: the same environment under other accounts, zones and state keys.

An embedded AWS takes seconds to start, and a deploy mostly waits for Route 53. Worlds that share nothing but the server
let many deploys wait at once.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.aws import inventory
from edge.terraform.child_processes import run
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.files import PROD_TOML, ROOT, environment_of
from tests.support.workspace import Workspace, synthesize

# What differs between worlds: hashes of the account, and numbers that the server counts.
_OF_ONE_WORLD = {
    r"\b_[0-9a-f]{32}\.[a-z]{10}\.acm-": "_hash.letters.acm-",
    r"\b_[0-9a-f]{32}\.": "_hash.",
    r"v1-orcha-alb-\d+\.": "v1-orcha-alb-n.",
    r"ns-\d+\.awsdns-\d+\.": "ns-n.awsdns-n.",
}


@dataclass(frozen=True)
class World:
    """One environment named prod, alone in its accounts; `number` tells worlds of a server apart."""

    number: int
    toml: str
    aws: LocalAws
    folder: Path

    @property
    def environment(self) -> Environment:
        return environment_of(self.toml)

    @property
    def key(self) -> str:
        assert self.environment.backend
        return str(self.environment.backend.key)

    def synthesized(self, toml: str | None = None) -> Workspace:
        """Write the environment file, or another version of it, and synthesize and initialize its stack."""
        return synthesize(toml or self.toml, name="prod", folder=self.folder, aws=self.aws)

    def client(self, service: str, account: str = "prod") -> Any:
        return self.aws.client(service, self.environment.accounts[account].id, self.environment.region)

    def locked(self) -> bool:
        assert self.environment.backend
        keys = self.client("s3").list_objects_v2(Bucket=self.environment.backend.bucket).get("Contents", [])
        return f"{self.key}.tflock" in {entry["Key"] for entry in keys}

    def edge(self, workspace: Workspace, *arguments: str, environ: Mapping[str, str] | None = None) -> Any:
        """Run a subcommand of `edge`."""
        command = [sys.executable, "-m", "edge", *arguments]
        # Else a changed module would be a risk beside an origin/main, and so would the world's own accounts.
        places = {"GIT_DIR": str(workspace.folder / "no.git")}
        return run(command, environ={**workspace.environ, **places, **(environ or {})}, folder=ROOT, capture=True)

    def things(self) -> list[tuple[str, str, str, str]]:
        """List what stands in both accounts, written as in world 0, so that worlds compare."""
        return sorted(
            (thing.account, thing.kind, self._plain(thing.name), _sorted(self._plain(thing.detail)))
            for thing in inventory.take(self.environment, self.aws.client)
        )

    def _plain(self, text: str) -> str:
        for pattern, plain in _OF_ONE_WORLD.items():
            text = re.sub(pattern, plain, text)
        return text.replace(f"world{self.number}.test", "world.test")


def _sorted(detail: str) -> str:
    """Sort the hosts of a rule and the names of a certificate: Terraform gives both as sets."""
    hosts, arrow, target = detail.partition(" -> ")
    status, colon, names = hosts.partition(": ")
    if arrow:
        return ", ".join(sorted(hosts.split(", "))) + arrow + target
    return f"{status}{colon}{', '.join(sorted(names.split(', ')))}"


def toml_of(number: int, text: str | None = None) -> str:
    """Give prod's file, or a text like it, for one world."""
    text = text or PROD_TOML.read_text(encoding="utf-8")
    replaced = {
        "getorcha.com": f"world{number}.test",
        "111111111111": f"1{number:011}",
        "222222222222": f"2{number:011}",
        'profile = "orcha-prod"': f'profile = "orcha-prod-{number}"',
        'profile = "orcha"': f'profile = "orcha-{number}"',
        "v1-orcha-terraform-state": f"v1-orcha-terraform-state-{number}",
        "edge/prod.tfstate": f"edge/world-{number}.tfstate",
    }
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


@contextmanager
def worlds(numbers: Sequence[int], folder: Path, *, lifetime_seconds: float = 3600) -> Iterator[list[World]]:
    """Start one embedded AWS that holds some worlds."""
    tomls = {number: toml_of(number) for number in numbers}
    environments = [environment_of(toml, f"world-{number}") for number, toml in tomls.items()]
    with LocalAws.start(environments, lifetime_seconds=lifetime_seconds) as aws:
        yield [World(number, toml, aws, folder / f"world-{number}") for number, toml in tomls.items()]
