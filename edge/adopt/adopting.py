"""The steps of an adoption: look, plan the imports, and write them down only where nothing would be lost."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.adopt import templates
from edge.adopt.templates import Kept
from edge.aws.survey.model import Found, Standing
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import survey
from edge.cli.exits import Exit
from edge.plan.errors import RefusedError
from edge.plan.standing import refusal, wanted
from edge.plan.state_file import StateFile
from edge.recover.imports import importing
from edge.review.files import review_of
from edge.terraform.runner import Terraform
from edge.tfplan.model import GONE, REPLACEMENTS, Plan
from edge.tfplan.parse import parse
from environments import imports_file
from environments.checked import Environment

_LOST = REPLACEMENTS | GONE


@dataclass(frozen=True)
class Adoption:
    """One adoption: `file` is where the imports are written, `shown` how its user would type that."""

    environment: Environment
    terraform: Terraform
    reader: Callable[[], Reader]
    say: Callable[[str], None]
    file: Path
    shown: str
    template: Path | None = None

    def run(self) -> int:
        """Adopt: 0 when the imports are written, or nothing is left to adopt.

        Raises RefusedError for what only looks alike, and for imports by which something would be lost.
        """
        if self._is_done():
            self.file.unlink()
            self.say(f"The state holds all that {self.shown} names; it is removed. Commit that.")
            return Exit.DONE
        with TemporaryDirectory() as folder:
            return self._adopt(Path(folder, "adopt.tfplan"), Path(folder, "plan.json"))

    def _is_done(self) -> bool:
        state = StateFile.of(self.terraform.pull(), "The stored state")
        return bool(self.environment.imports) and self.environment.imports.keys() <= state.addresses

    def _adopt(self, file: Path, content: Path) -> int:
        self.terraform.plan(file)
        found = survey(wanted(self.environment, parse(self.terraform.show(file))), self.reader())
        if look_alikes := [match for match in found if match.standing is Standing.IN_THE_WAY]:
            sentences = [refusal(match) for match in look_alikes]
            raise RefusedError("\n".join([*sentences, "Nothing was written; each of these needs a choice first."]))
        imports = self.environment.imports | {match.wanted.address: match.import_id for match in found}
        if not found:
            self.say(f"Nothing to adopt: of what {self.environment.name} would create, nothing stands.")
            return Exit.DONE
        with importing(self.terraform.folder, {match.wanted.address: match.import_id for match in found}):
            self.terraform.plan(file)
        shown = self.terraform.show(file)
        plan = parse(shown)
        _refuse_losses(plan)
        content.write_text(json.dumps(shown), encoding="utf-8")
        self._report(found, plan, content)
        kept = self._kept(found)
        self.file.write_text(imports_file.text(self.environment.name, imports), encoding="utf-8")
        self._say_what_follows(kept)
        return Exit.DONE

    def _report(self, found: list[Found], plan: Plan, content: Path) -> None:
        """Tell each import with what changes of it, and what is added beside."""
        taken = {match.wanted.address: match for match in found}
        imported = {change.address for change in plan.changes if change.imported_id}
        for line in review_of(content, self.environment.name).lines:
            if line.address in imported:
                thing = taken[line.address].thing if line.address in taken else line.address
                note = taken[line.address].note if line.address in taken else ""
                self.say("\n      ".join([f"  {thing} -> {line.address}", line.sentence, *([note] if note else [])]))
        added = sum(change.changes_something and not change.imported_id for change in plan.changes)
        self.say(f"{len(imported)} to import, {added} to add or change beside, 0 to destroy, 0 to replace.")

    def _kept(self, found: list[Found]) -> list[Kept]:
        """Find what CloudFormation calls the things, in the template that was named or in the stacks that run."""
        if self.template is not None:
            return list(templates.in_template(found, templates.read(self.template), str(self.template)))
        reader = self.reader()
        return templates.asked(found, lambda account: reader.client("cloudformation", account), self.say)

    def _say_what_follows(self, kept: list[Kept]) -> None:
        name = self.environment.name
        logical = "".join(f"     - {line}\n" for line in templates.lines(kept))
        self.say(
            f"Wrote {self.shown}. In this order, so that nothing is lost:\n"
            "  1. In the other tool, let what is named above stay when it is removed there (in CDK: "
            "removalPolicy RETAIN, DeletionPolicy: Retain in CloudFormation), and deploy that.\n"
            f"{logical}"
            f"  2. Commit {self.shown}, and deploy: `edge deploy {name}`.\n"
            "  3. Remove it from the other tool. The target group's attachment is a property of the Auto Scaling group "
            "and cannot be retained: leave it there, or remove it and deploy here again.\n"
            f"  4. `edge adopt {name}` removes {self.shown} once the state holds all of it."
        )


def _refuse_losses(plan: Plan) -> None:
    lost = [change for change in plan.changes if change.action in _LOST]
    if lost:
        named = ", ".join(f"{change.address} ({change.action.value})" for change in lost)
        raise RefusedError(
            f"Nothing was written: the imports would destroy or replace {named}; change the environment file to what "
            "stands, or leave that to a deploy of its own first"
        )
