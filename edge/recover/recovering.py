"""The steps of a recovery, in the order that loses nothing: the state first, imports in the plan, removals last."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edge.aws.survey.model import Found, Wanted
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import blocks, unknown_types
from edge.cli.exits import Exit
from edge.plan.apply import unfinished
from edge.plan.base import base_of, write_base
from edge.plan.dead_certificates import notice, plan_past_dead, replaced
from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.standing import REPLACED, moved_ports, refusal, replacing, standing, wanted
from edge.plan.state_file import StateFile, copies, newer_copy
from edge.plan.watching import apply_shown
from edge.policy.folder_scan import scan
from edge.preflight.platform import missing
from edge.recover import removal
from edge.recover.accepted import succeeded
from edge.recover.imports import importing, refuse_replacing
from edge.recover.report import Report
from edge.review.gate import gate
from edge.terraform.errors import EngineError
from edge.terraform.private_files import write_private
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import Stack
from edge.tfplan.model import REPLACED_FIRST, REPLACEMENTS, Action, Plan
from edge.tfplan.parse import parse
from environments.checked import Environment

_ROUNDS = 6
_FOR_WHAT_LEAVES = (
    "Nothing was planned. `edge deploy {0}` removes what has left the file all the same, `edge destroy {0}` all of it."
)


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
    base: str | None = None

    def store_state(self) -> int:
        """Store the state that could not be written, and nothing else: for a destroy that is to go on."""
        self._push_copy()
        if not self.report.done:
            self.report.say(f"The state of {self.environment.name} is stored, and nobody holds its lock.")
        return Exit.DONE

    def run(self) -> int:
        """Recover: 0 when the environment stands as its file says, 1 where a person said no, or a risk is open."""
        with TemporaryDirectory() as folder:
            return self._run(Path(folder, "recover.tfplan"), PlanFolder(Path(folder)))

    def _run(self, file: Path, reviewed: PlanFolder) -> int:
        self._push_copy()
        if gone := missing(self.environment):
            raise RefusedError("\n".join([*gone, _FOR_WHAT_LEAVES.format(self.environment.name)]))
        joined = self._joining_plan(file)
        for change in replaced(parse(joined.shown)):
            self.report.did(notice(change), f"terraform apply -replace={change.address}")
        if not parse(joined.shown).changes_nothing:
            write_private(reviewed.json, json.dumps(joined.shown))
            write_private(reviewed.imports, json.dumps(joined.imports))
            write_private(reviewed.configuration, Stack(self.terraform.folder).file.read_bytes())
            compared = base_of(self.environment.name, self.base, self.terraform.environ)
            write_base(reviewed, self.environment, compared, self._state())
            scan(reviewed.path)
            if code := self._apply(file, reviewed, joined):
                return code
        if not self._remove_leftovers():
            return Exit.FAILED
        return self._conclude()

    def _push_copy(self) -> None:
        """Store a copy of the state that Terraform could not write, where it is newer than the stored one."""
        for copy in copies(self.terraform.folder):
            if (newer := newer_copy(copy, self._state())) is not None:
                self.terraform.change_state("state", "push", *self.no_lock, str(copy))
                copy.replace(copy.with_name(f"{copy.name}.{newer.serial}.stored"))
                what = f"stored the state that could not be written, serial {newer.serial}"
                self.report.did(what, f"terraform state push {copy.name}")

    def _joining_plan(self, file: Path) -> "_Joined":
        """Plan until nothing is left to correct or to import; give the last plan, and make its file."""
        imports: dict[str, str] = {}
        for _ in range(_ROUNDS):
            with importing(self.terraform.folder, imports):
                shown = plan_past_dead(self.terraform.plan, self.terraform.show, file)
            plan, state = parse(shown), self._state()
            corrected = self._correct_state(plan, state)
            ours = [*self._ours(plan), *([] if corrected else self._successors(plan, state))]
            for found in ours:
                imports[found.wanted.address] = found.import_id
                by_hand = f"terraform import {found.wanted.address} '{found.import_id}'"
                self.report.did(f"takes {found.thing} into the plan: it stands, and it is ours", by_hand)
            if not corrected and not ours:
                refuse_replacing(plan)
                return _Joined(shown, imports)
        raise EngineError("What stands changed with every look; wait for whatever changes it to end, and run again.")

    def _correct_state(self, plan: Plan, state: StateFile) -> bool:
        """Untaint what stands, forget what is gone, or is needed until the end; whether anything was corrected."""
        by_address = {change.address: change for change in plan.changes if change.deposed is None}
        standing = [
            address for address in state.tainted if address in by_address and by_address[address].action in REPLACEMENTS
        ]
        # An import of an address that the stored state has is passed over silently, so it must go first.
        gone = sorted(
            address for address in state.addresses & by_address.keys() if by_address[address].action is Action.CREATE
        )
        moved = sorted(moved_ports(plan) & state.addresses)
        for address in standing:
            self._change_state("untaint", address, f"untainted {address}: it stands, and need not be replaced")
        for address in gone:
            self._change_state("state rm", address, f"forgot {address}: AWS no longer has it")
        for address in moved:
            self._change_state("state rm", address, f"forgot {address}: requests may still come by its earlier port")
        return bool(standing or gone or moved)

    def _change_state(self, command: str, address: str, what: str) -> None:
        self.terraform.change_state(*command.split(), *self.no_lock, address)
        self.report.did(what, f"terraform {command} '{address}'")

    def _ours(self, plan: Plan) -> list[Found]:
        """Find what stands of all that a plan would create; raises RefusedError where something is not ours."""
        things = wanted(self.environment, plan)
        if unknown := unknown_types(things):
            self.report.say(f"Not looked for, since nothing says whose they are: {', '.join(unknown)}.")
        return self._found(things)

    def _found(self, things: Sequence[Wanted]) -> list[Found]:
        """Find what stands of these and is ours; raises RefusedError where something is not ours."""
        found = standing(things, self.reader())
        if foreign := [match for match in found if not match.ours and blocks(match)]:
            raise RefusedError("\n".join(map(refusal, foreign)))
        return [match for match in found if match.ours]

    def _successors(self, plan: Plan, state: StateFile) -> list[Found]:
        """Find what would replace something, and stands already; forget what it replaces, so that it can be imported.

        With a target group its ports are forgotten too. Else the plan, which then sees no replacement, would move them
        to the new port in place, and close the old one while requests still come by it; what is forgotten stays open
        until the listener has switched, and is removed last.
        """
        found = self._found(replacing(self.environment, plan))
        names = {match.wanted.name for match in found}
        for change in plan.changes:
            replaced = change.action in REPLACED_FIRST and change.type in REPLACED and change.name in names
            if replaced and change.address in state.addresses:  # what is only imported by this plan needs no forgetting
                self._change_state("state rm", change.address, f"forgot {change.address}: what replaces it stands")
        return found

    def _apply(self, file: Path, reviewed: PlanFolder, joined: "_Joined") -> int:
        plan = parse(joined.shown)
        if code := gate(reviewed.path, self.environment.name, (*self.accept, *succeeded(plan)), in_full=True):
            return code
        if not self.ask(f"Apply this plan to {self.environment.name}?"):
            self.report.say("Nothing was changed in AWS; the state is corrected as far as reported above.")
            return Exit.FAILED
        if self._ours(plan) or self._found(replacing(self.environment, plan)):
            raise RefusedError("Something more appeared meanwhile, as the last call of a killed run does; run again")
        code, _ = apply_shown(self.terraform, file, plan, *self.no_lock)
        if code != 0:
            raise unfinished(self.environment.name, self.terraform.log)
        self.report.did("applied the plan", "terraform apply")
        return Exit.DONE

    def _remove_leftovers(self) -> bool:
        reader = self.reader()
        found = removal.leftovers(reader, self._state())
        for orphan in found.kept:
            self.report.say(f"Left {orphan.thing}, which is ours and no state knows: {orphan.kept_because}.")
        if found.certificates and (unasked := reader.elsewhere.unasked):
            self.report.say(f"Left their validation records: certificates elsewhere may rest on them ({unasked}).")
        if not found.things:
            return True
        listed = "\n".join(f"  {thing}" for thing in found.things)
        self.report.say(f"An interrupted run made these, no state knows them, and nothing needs them:\n{listed}")
        if not self.ask("Remove them?"):
            self.report.say("They stay; run again to remove them.")
            return False
        removal.remove(found, reader, self.report)
        return True

    def _conclude(self) -> int:
        if not self.report.done:
            self.report.say(f"Nothing to recover: {self.environment.name} stands as its file and its state say.")
            return Exit.DONE
        if not self.terraform.plans_nothing():
            raise EngineError(
                f"Recovered, but a new plan is not empty: read it with `edge plan {self.environment.name}`."
            )
        self.report.say(f"Recovered {self.environment.name}; a new plan is empty.")
        return Exit.DONE

    def _state(self) -> StateFile:
        return StateFile.of(self.terraform.pull(), "The stored state")


@dataclass(frozen=True)
class _Joined:
    """A plan that takes in what stands: as JSON, and what it imports by address."""

    shown: dict[str, Any]
    imports: Mapping[str, str]
