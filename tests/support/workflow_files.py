"""The workflows as values: their jobs, their steps, and what a runner would run and answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.files import ROOT

FOLDER = ROOT / ".github" / "workflows"
ACTIONS = ROOT / ".github" / "actions"


@dataclass(frozen=True)
class Step:
    """One step, with the workflow and the job that it stands in."""

    file: Path
    job: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.content.get("name") or self.content.get("uses") or self.content.get("run"))

    @property
    def run(self) -> str | None:
        return self.content.get("run")


def repository() -> str:
    """Give the repository whose workflows at main review a pull request, as its owner has written it: `owner/name`."""
    (job,) = workflows()["pull-request.yml"]["jobs"].values()
    return str(job["uses"]).partition("/.github/")[0]


def files() -> list[Path]:
    return sorted([*FOLDER.glob("*.yml"), *ACTIONS.glob("*/action.yml")])


def workflows() -> dict[str, dict[str, Any]]:
    return {file.name: read(file) for file in sorted(FOLDER.glob("*.yml"))}


def read(file: Path) -> dict[str, Any]:
    """Read a workflow; YAML 1.1 takes its key `on` for true."""
    content: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    if True in content:
        content["on"] = content.pop(True)
    return content


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, content in workflows().items():
        yield from ((name, job, item) for job, item in content["jobs"].items())


def steps() -> Iterator[Step]:
    for file in files():
        content = read(file)
        for job, item in content.get("jobs", {"": content.get("runs", {})}).items():
            yield from (Step(file, job, step) for step in item.get("steps", []))


def uses() -> Iterator[tuple[Path, str]]:
    """Go over every `uses:` line as it is written, with its comment."""
    for file in files():
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip().removeprefix("- ").startswith("uses: "):
                yield file, line.partition("uses: ")[2]
