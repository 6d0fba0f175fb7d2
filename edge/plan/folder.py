"""The folder of one plan: what lies in it, under which names, and that only its owner reads it.

A plan holds secrets in the clear, such as a user pool's client secret, so the folder is 0700 and every file 0600.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bootstrap.places import HERE
from edge.aws.neighbours.model import Neighbours
from edge.plan.errors import RefusedError
from edge.plan.seal import Seal
from edge.terraform.private_files import OWNER_ONLY
from edge.tfplan import plan_files, strict_json
from edge.tfplan.digest import digest_of
from edge.tfplan.model import Plan, PlanError
from edge.tfplan.parse import parse
from environments.text import listed

PLANS = HERE.root / "plans"


@dataclass(frozen=True)
class PlanFolder:
    """The files of a plan below a folder, which may be moved to another machine as a whole.

    `title` is how a plan is called whose folder means nothing to its user.
    """

    path: Path
    title: str = ""

    @property
    def plan(self) -> Path:
        """The plan as Terraform applies it."""
        return self.path / "plan.tfplan"

    @property
    def json(self) -> Path:
        """The same as JSON, for the review."""
        return self.path / plan_files.PLAN

    @property
    def configuration(self) -> Path:
        """The synthesized configuration that was planned."""
        return self.path / plan_files.CONFIGURATION

    @property
    def base(self) -> Path:
        """What the base's code makes of the environment file, or why that was not asked."""
        return self.path / plan_files.BASE

    @property
    def imports(self) -> Path:
        """What the command that made the plan imports by itself, by address; a sealed plan has none."""
        return self.path / plan_files.IMPORTS

    @property
    def neighbours(self) -> Path:
        """What stood beside the environment in its accounts when the plan was made."""
        return self.path / plan_files.NEIGHBOURS

    @property
    def scan(self) -> Path:
        """What checkov found against the plan, once it was reviewed."""
        return self.path / plan_files.SCAN

    @property
    def lock(self) -> Path:
        """The exact providers that planned; Terraform applies with no other. Not hidden: artifacts leave those out."""
        return self.path / "terraform.lock.hcl"

    @property
    def seal(self) -> Path:
        """What the plan was made for, from and with; written last, so a folder without it is unfinished."""
        return self.path / plan_files.SEAL

    @property
    def applied(self) -> Path:
        """The mark of a plan that was applied."""
        return self.path / "applied.json"

    @property
    def shown(self) -> str:
        """The plan's title, or its folder as its user would type it."""
        if self.title:
            return self.title
        try:
            return str(self.path.absolute().relative_to(Path.cwd()))
        except ValueError:
            return str(self.path)

    def clear(self) -> None:
        """Make the folder for its owner alone, without the files of an earlier plan and of its review.

        Raises RefusedError, and touches nothing, for a folder that holds anything else and for what is not a folder.
        """
        reviews = [self.path / name for name in ("review.md", "review-full.md", "review.json")]
        made = (self.seal, self.plan, self.json, self.configuration, self.base, self.neighbours, self.lock)
        own = (*made, self.scan, self.applied, *reviews)
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            strangers = sorted({file.name for file in self.path.iterdir()} - {file.name for file in own})
        except OSError as error:
            why = f"cannot be a plan's folder: {error.strerror}"
            raise RefusedError.because(self.shown, why, "name another folder with --write") from None
        if strangers:
            why = f"holds {listed(strangers)} already, and a plan needs a folder of its own"
            raise RefusedError.because(self.shown, why, "name another folder with --write")
        self.path.chmod(0o700)
        for file in own:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        """Take everybody else's rights, which a download may have given."""
        self.path.chmod(0o700)
        for file in filter(Path.is_file, self.path.iterdir()):
            close(file)

    def read(self) -> Seal:
        """Read the seal, and check every file against it; raises RefusedError for what is missing or damaged."""
        if not self.path.is_dir():
            raise RefusedError.because(self.shown, "is not a folder", "make the plan first with `edge plan`")
        seal = Seal.parse(self._bytes(self.seal), self.shown)
        if digest_of(self.plan_json(), self.planned()) != seal.digest:
            why = "holds a plan.json of another plan than the sealed one"
            raise RefusedError.because(self.shown, why, f"plan again: edge plan {seal.environment}")
        for name, digest in seal.files.items():
            if not seal.matches(self._bytes(self.path / name), digest):
                why = f"does not hold the {name} that was sealed"
                raise RefusedError.because(self.shown, why, f"plan again: edge plan {seal.environment}")
        return seal

    def plan_json(self) -> dict[str, Any]:
        """Read the plan as JSON; raises RefusedError where it is none."""
        content: Any = None
        with suppress(ValueError):
            content = strict_json.loads(self._bytes(self.json))
        if not isinstance(content, dict):
            raise RefusedError.because(self.shown, "has a damaged plan.json", "plan again with `edge plan`")
        return content

    def tfplan(self) -> Plan:
        """Read the plan as a value; raises RefusedError where its JSON is none of a plan."""
        content = self.plan_json()
        try:
            return parse(content)
        except PlanError as error:
            raise RefusedError(f"{self.json}: {error}") from None

    def planned(self) -> dict[str, Any]:
        """Read the synthesized configuration that was planned; raises RefusedError where it is none."""
        content: Any = None
        with suppress(ValueError):
            content = strict_json.loads(self._bytes(self.configuration))
        if not isinstance(content, dict):
            raise RefusedError.because(self.shown, "has a damaged cdk.tf.json", "plan again with `edge plan`")
        return content

    def surveyed(self) -> Neighbours:
        """Read the neighbours that were surveyed with the plan; raises RefusedError where they are none."""
        try:
            return Neighbours.model_validate_json(self._bytes(self.neighbours))
        except ValidationError:
            why = f"has a damaged {self.neighbours.name}"
            raise RefusedError.because(self.shown, why, "plan again with `edge plan`") from None

    def _bytes(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            why = f"lacks {file.name} ({error.strerror})"
            raise RefusedError.because(self.shown, why, "plan again with `edge plan`") from None


def close(file: Path) -> None:
    """Take everybody else's right to read a file that another program wrote."""
    file.chmod(OWNER_ONLY)
