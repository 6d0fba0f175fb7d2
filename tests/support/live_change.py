"""A deployed environment whose file is changed and applied again, under the sampler's eyes."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge.aws import inventory
from edge.aws.inventory import Thing
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.files import environment_of
from tests.support.other_services import SEEDED, ZONE
from tests.support.sampler import Sampler, Samples
from tests.support.workspace import Workspace, synthesize

Record = Callable[[str, object], None]
OF_CDK = {f"{name}.{ZONE}" for name in SEEDED}
SAMPLES_AT_LEAST = 10  # beside one after every write, however fast or busy the machine is


@dataclass(frozen=True)
class Change:
    """What one apply said, how it ended, and what the sampler saw meanwhile."""

    log: str
    returncode: int
    samples: Samples
    seconds: float

    @property
    def touched_proofs(self) -> set[str]:
        """The addresses of validation records that were rewritten or removed, by Terraform's own word."""
        return set(re.findall(r"aws_route53_record\.(\w+__validation).*(?:Modifying|Destroying)\.\.\.", self.log))

    def in_order(self, *steps: str) -> bool:
        """Say whether the log has these steps one after the other; a step that is missing fails."""
        places = [self.log.index(step) for step in steps]
        return places == sorted(places)


@dataclass
class Live:
    """A deployed environment in one working folder."""

    aws: LocalAws
    environment: Environment
    workspace: Workspace
    folder: Path

    def change(
        self,
        toml: str,
        *,
        always: Sequence[str],
        while_named: Sequence[str] = (),
        served: Sequence[str] = (),
        edit: Callable[[Workspace], None] = lambda _: None,
    ) -> Change:
        """Apply a changed file, sampling from before the first call to after the last; it may fail.

        The services that CDK left beside ours are sampled too, but for hosts that the file takes over from them.
        `edit` changes what is synthesized, for what no environment file would say.
        """
        edit(synthesize(toml, name="prod", folder=self.folder, aws=self.aws))
        start = time.monotonic()
        others = sorted(OF_CDK - set(environment_of(toml).hosts))
        sampler = Sampler(
            self.aws, self.environment, always=always, while_named=while_named, served=served, others=others
        )
        with sampler:
            done = self.workspace.at(sampler.gate.url).terraform("apply", "-auto-approve", "-input=false")
        return Change(done.stdout + done.stderr, done.returncode, sampler.samples, time.monotonic() - start)

    def things(self, kind: str) -> set[Thing]:
        return {item for item in inventory.take(self.environment, self.aws.client) if item.kind == kind}

    def proofs(self) -> set[Thing]:
        return {thing for thing in self.things("record CNAME") if thing.name.startswith("_")}

    def expect_seamless(
        self, change: Change, record: Record, what: str, *, removed_proofs: set[str] | None = None
    ) -> None:
        """Demand that a change succeeded unnoticed and is complete; note its figures for the run's summary."""
        lost = change.touched_proofs - (removed_proofs or set())
        record("live change", f"{what}: {change.samples}, {len(lost)} proofs lost, {change.seconds:.0f} s")
        assert change.returncode == 0, change.log + self.aws.last_words()
        assert change.samples.bad == []
        assert change.samples.count >= max(SAMPLES_AT_LEAST, change.samples.writes)
        assert lost == set()
        assert (removed_proofs or set()) <= change.touched_proofs
        plan = self.workspace.plan()
        assert plan.returncode == 0, plan.stdout + plan.stderr


@contextmanager
def deployed(toml: str, folder: Path) -> Iterator[Live]:
    """Deploy an environment file named prod to an embedded AWS of its own."""
    environment = environment_of(toml)
    with LocalAws.start([environment], lifetime_seconds=3600) as aws:
        workspace = synthesize(toml, name="prod", folder=folder, aws=aws)
        workspace.apply()
        yield Live(aws, environment, workspace, folder)
