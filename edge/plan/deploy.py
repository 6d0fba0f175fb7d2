"""`edge deploy` and `edge destroy` of an environment: plan, review, ask, and apply that very plan, all in one.

The plan lies in a folder of its own that nobody else reads or changes, from the review to the apply, and is gone at the
end with the secrets that it holds. Not by cdktf: that asks no review, and at one Ctrl-C it aborts at once and leaves
Terraform to die, with the lock held and the state unwritten.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.cli.exits import Exit
from edge.cli.lines import say
from edge.plan import checks, neighbours
from edge.plan.apply import approved, run
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.make import make
from edge.plan.neighbour_answers import beside_neighbours
from edge.plan.state_file import recovery_of
from edge.policy.folder_scan import scan
from edge.preflight.accounts import accounts
from edge.preflight.writing import demand_writable
from edge.review.gate import gate
from environments.checked import Environment


@dataclass(frozen=True)
class Change:
    """What a command does to an environment, in its own words; `asked_for` are the risks that its name asks for."""

    verb: str
    question: str
    nothing: str
    asked_for: Sequence[str] = ()
    destroying: bool = False


DEPLOY = Change("deploy", "Apply this plan to {name}?", "Nothing to deploy: {name} is as its configuration says.")
DESTROY = Change(
    "destroy",
    "Destroy all of {name}, as listed above?",
    "Nothing to destroy: the state of {name} holds nothing.",
    asked_for=["DESTROY"],
    destroying=True,
)


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What stands for somebody's yes: the digest of a plan that was reviewed, the accepted risks, or no question."""

    digest: str = ""
    accept: Sequence[str] = ()
    auto_approve: bool = False

    @property
    def asks(self) -> bool:
        """Whether a person is asked: where there is a terminal, whatever digest was named."""
        return not self.auto_approve and sys.stdin.isatty()

    def demand(self, change: Change, name: str) -> None:
        """Refuse, before anything is planned, a change that nobody could approve."""
        if not self.asks and not self.auto_approve and not self.digest:
            other = (
                "" if change.destroying else f"name the plan that was reviewed: edge {change.verb} {name} --digest …, "
            )
            raise RefusedError(
                f"edge {change.verb} asks before it changes anything, and there is no terminal to ask on; run it in "
                f"one, {other}or pass --auto-approve, which asks nobody"
            )


def carry_out(change: Change, environment: Environment, approval: Approval, *, base: str | None = None) -> int:
    """Plan, review, ask, and apply: 0 when it is done, 1 where a risk is open or somebody answers no.

    Raises RefusedError for a plan of another digest, or where something that it would create stands; and EngineError.
    """
    name = environment.name
    approval.demand(change, name)
    for line in accounts(environment):
        say(line, sys.stderr)
    with TemporaryDirectory(prefix="orcha-plan-") as place:
        folder = PlanFolder(Path(place, "plan"), title=f"The plan of {name}")
        demand_writable(environment, recovery=recovery_of(name, destroying=change.destroying))
        made = make(environment, folder, base=base, destroying=change.destroying)
        checks.reviewed(folder, made.seal, approval.digest)
        scan(folder.path)
        if code := gate(folder.path, name, approval.accept, asked_for=change.asked_for, in_full=True):
            return code
        if folder.tfplan().changes_nothing:
            print(change.nothing.format(name=name), file=sys.stderr)
            return Exit.DONE
        if approval.asks and not approved(change.question.format(name=name)):
            return Exit.FAILED
        neighbours.refuse_changed(folder, environment)
        again = f"edge {change.verb} {name}" if change.destroying else ""
        return beside_neighbours(folder, environment, lambda: run(made.terraform, folder, made.seal, again=again))
