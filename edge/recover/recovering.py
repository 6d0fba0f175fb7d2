"""The steps of a recovery, in the order that loses nothing: the state first, imports in the plan, removals last."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edge.aws.survey.model import Found
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import blocks, survey, unknown_types
from edge.cli.exits import Exit
from edge.plan.apply import unfinished
from edge.plan.base import write_base
from edge.plan.dead_certificates import notice, plan_past_dead, replaced
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder, write_private
from edge.plan.standing import refusal, wanted
from edge.recover import removal
from edge.recover.report import Report
from edge.recover.state import StateFile, newer_copy
from edge.review.gate import gate
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import Stack
from edge.tfplan.model import GONE, REPLACEMENTS, Action, Plan
from edge.tfplan.parse import parse
from environments.checked import Environment

_COPY = "errored.tfstate"
_ROUNDS = 6
_SUCCESSORS = {"aws_acm_certificate", "aws_acm_certificate_validation", "aws_lb_listener_certificate"}
_STANDING = {Action.NOTHING, Action.UPDATE}


@dataclass
class Recovery:
    """One recovery: `ask` puts a question to whoever runs it, and `no_lock` are Terraform's options under our lock."""

    environment: Environment
    terraform: Terraform
    reader: Callable[[], Reader]
    report: Report
    ask: Callable[[str], bool]
    accept: tuple[str, ...] = ()
    no_lock: tuple[str, ...] = ()

    def run(self) -> int:
        """Recover: 0 when the environment stands as its file says, 1 where a person said no, or a risk is open."""
        with TemporaryDirectory() as folder:
            return self._run(Path(folder, "recover.tfplan"), PlanFolder(Path(folder)))

    def _run(self, file: Path, reviewed: PlanFolder) -> int:
        self._push_copy()
        plan, imports = self._joining_plan(file)
        for change in replaced(parse(plan)):
            self.report.did(notice(change), f"terraform apply -replace={change.address}")
        if not parse(plan).changes_nothing:
            write_private(reviewed.json, json.dumps(plan))
            write_private(reviewed.imports, json.dumps(imports))
            write_private(reviewed.configuration, Stack(self.terraform.folder).file.read_bytes())
            write_base(reviewed, self.environment.name, None, self.terraform.environ)
            if code := self._apply(file, reviewed, plan):
                return code
        if not self._remove_leftovers():
            return Exit.FAILED
        return self._conclude(file)

    def _push_copy(self) -> None:
        """Store the copy of the state that Terraform could not write, where it is newer than the stored one."""
        copy = self.terraform.folder / _COPY
        stored = self._state()
        if (newer := newer_copy(copy, stored)) is not None:
            self.terraform.change_state("state", "push", *self.no_lock, str(copy))
            copy.replace(copy.with_name(f"{_COPY}.{newer.serial}.stored"))
            what = f"stored the state that could not be written, serial {newer.serial}"
            self.report.did(what, f"terraform state push {_COPY}")

    def _joining_plan(self, file: Path) -> tuple[dict[str, Any], dict[str, str]]:
        """Plan until nothing is left to correct or to import; give the plan's JSON and the imports; make its file."""
        imports: dict[str, str] = {}
        for _ in range(_ROUNDS):
            shown = self._plan(file, imports)
            plan = parse(shown)
            corrected = self._correct_state(plan)
            ours = self._ours(plan)
            for found in ours:
                imports[found.wanted.address] = found.import_id
                by_hand = f"terraform import {found.wanted.address} '{found.import_id}'"
                self.report.did(f"takes {found.thing} into the plan: it stands, and it is ours", by_hand)
            if not corrected and not ours:
                _refuse_replacing_imports(plan)
                return shown, imports
        raise EngineError("What stands changed with every look; wait for whatever changes it to end, and run again.")

    def _plan(self, file: Path, imports: Mapping[str, str]) -> dict[str, Any]:
        with importing(self.terraform.folder, imports):
            return plan_past_dead(self.terraform.plan_quietly, self.terraform.show, file)

    def _correct_state(self, plan: Plan) -> bool:
        """Untaint what stands, and forget what AWS no longer has; whether anything was corrected."""
        state = self._state()
        by_address = {change.address: change for change in plan.changes if change.deposed is None}
        standing = [
            address for address in state.tainted if address in by_address and by_address[address].action in REPLACEMENTS
        ]
        # An import of an address that the stored state has is passed over silently, so it must go first.
        gone = sorted(
            address for address in state.addresses & by_address.keys() if by_address[address].action is Action.CREATE
        )
        for address in standing:
            self._change_state("untaint", address, f"untainted {address}: it stands, and need not be replaced")
        for address in gone:
            self._change_state("state rm", address, f"forgot {address}: AWS no longer has it")
        return bool(standing or gone)

    def _change_state(self, command: str, address: str, what: str) -> None:
        self.terraform.change_state(*command.split(), *self.no_lock, address)
        self.report.did(what, f"terraform {command} '{address}'")

    def _ours(self, plan: Plan) -> list[Found]:
        """Find what stands of all that a plan would create; raises RefusedError where something is not ours."""
        things = wanted(self.environment, plan)
        if unknown := unknown_types(things):
            self.report.say(f"Not looked for, since nothing says whose they are: {', '.join(unknown)}.")
        found = survey(things, self.reader())
        if foreign := [match for match in found if not match.ours and blocks(match)]:
            raise RefusedError("\n".join(map(refusal, foreign)))
        return [match for match in found if match.ours]

    def _apply(self, file: Path, reviewed: PlanFolder, plan: dict[str, Any]) -> int:
        if code := gate(reviewed.path, self.environment.name, (*self.accept, *succeeded(parse(plan)))):
            return code
        self.terraform.show_readable(file)
        if not self.ask(f"Apply this plan to {self.environment.name}?"):
            self.report.say("Nothing was changed in AWS; the state is corrected as far as reported above.")
            return Exit.FAILED
        if self._ours(parse(plan)):
            raise RefusedError("Something more appeared meanwhile, as the last call of a killed run does; run again")
        code, _ = self.terraform.apply(file, *self.no_lock)
        if code != 0:
            raise unfinished(self.environment.name)
        return Exit.DONE

    def _remove_leftovers(self) -> bool:
        reader = self.reader()
        found = removal.leftovers(reader, self._state())
        for orphan in found.kept:
            self.report.say(f"Left {orphan.thing}, which is ours and no state knows: {orphan.kept_because}.")
        if not found.things:
            return True
        listed = "\n".join(f"  {thing}" for thing in found.things)
        self.report.say(f"An interrupted run made these, no state knows them, and nothing needs them:\n{listed}")
        if not self.ask("Remove them?"):
            self.report.say("They stay; run again to remove them.")
            return False
        removal.remove(found, reader, self.report)
        return True

    def _conclude(self, file: Path) -> int:
        if not self.report.done:
            self.report.say(f"Nothing to recover: {self.environment.name} stands as its file and its state say.")
            return Exit.DONE
        self.terraform.plan_quietly(file)
        if not parse(self.terraform.show(file)).changes_nothing:
            raise EngineError(
                f"Recovered, but a new plan is not empty: read it with `edge plan {self.environment.name}`."
            )
        self.report.say(f"Recovered {self.environment.name}; a new plan is empty.")
        return Exit.DONE

    def _state(self) -> StateFile:
        return StateFile.of(self.terraform.pull(), "The stored state")


def succeeded(plan: Plan) -> list[str]:
    """Name the risks of removing what is left of earlier certificates, where their successors stand.

    A review cannot know whether a successor took over before the deploy was cut off. Here the plan has just looked: the
    certificate, its validation and its place on the listener stand, and none of them is to be made or replaced.
    """
    return [
        f"DESTROY:{left.address}.deposed.{left.deposed}"
        for left in plan.changes
        if left.deposed and left.type in _SUCCESSORS and left.action is Action.DESTROY
        if {
            change.type
            for change in plan.changes
            if change.name == left.name and not change.deposed and change.action in _STANDING
        }
        >= _SUCCESSORS
    ]


def _refuse_replacing_imports(plan: Plan) -> None:
    for change in plan.changes:
        if change.imported_id and change.action in REPLACEMENTS | GONE:
            why = f"would be replaced for its {', '.join(change.replaced_for) or 'settings'}"
            raise RefusedError.because(change.address, why, "change the environment file to what stands")


@contextmanager
def importing(folder: Path, imports: Mapping[str, str]) -> Iterator[None]:
    """Let the plans of this block import ids to addresses, by a file beside the synthesized one."""
    if not imports:
        yield
        return
    file = Stack(folder).imports_of_one_plan
    blocks = [{"to": address, "id": number} for address, number in sorted(imports.items())]
    file.write_text(json.dumps({"import": blocks}), encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
