"""The files around a review: the plan that it reads, the environment that the plan is of, and what it writes."""

import json
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from edge.aws.neighbours.model import Neighbours
from edge.review import policy_findings
from edge.review.code_changes import Code, Comparison
from edge.review.findings import Review
from edge.review.render_json import document
from edge.review.render_markdown import FULL_REVIEW, full_markdown, markdown
from edge.review.reviewing import review
from edge.tfplan import plan_files
from edge.tfplan.model import PlanError
from edge.tfplan.parse import read
from environments.checked import Environment
from environments.loader import load, names

_PLAN_ALONE = (
    "This is a review of the plan's JSON alone: whether its configuration comes from changed code is not known, nor "
    "what others have in the accounts. Review the folder that the plan was made in."
)


def review_of(place: Path) -> Review:
    """Review a plan's JSON file, or the one in the folder that `edge plan` wrote.

    Raises PlanError for what is not a plan, and InvalidEnvironmentError where its environment's file has faults.
    """
    file = place / plan_files.PLAN if place.is_dir() else place
    content, code = read(file), _code_of(place)
    try:
        made = review(content, _environment_of, code, _neighbours_of(place))
    except PlanError as error:
        raise PlanError(f"{file}: {error}") from None
    if code is None:
        return replace(made, notices=(*made.notices, _PLAN_ALONE))
    policy = policy_findings.of_folder(place)
    return replace(made, risks=(*made.risks, *policy.risks), notices=(*made.notices, *policy.notices))


def _code_of(folder: Path) -> Code | None:
    """Read what stands behind a plan, where its folder holds that: the configuration, and that of the base."""
    if not (folder / plan_files.CONFIGURATION).is_file():
        return None
    configuration = read(folder / plan_files.CONFIGURATION)
    base = read(folder / plan_files.BASE)
    if "not_compared" in base:
        return Code(configuration, None, str(base["not_compared"]))
    name, made = str(base.get("name")), base.get("configuration", {})
    if made is None:
        return Code(configuration, Comparison(name, (), str(base.get("failure"))))
    if not isinstance(made, dict):
        raise PlanError(f"{folder / plan_files.BASE}: holds no configuration; plan again with `edge plan`")
    return Code(configuration, Comparison.of(name, made, configuration))


def _neighbours_of(folder: Path) -> Neighbours | None:
    """Read what stood beside the environment when its plan was made, where the plan's folder holds that."""
    file = folder / plan_files.NEIGHBOURS
    if not file.is_file():
        return None
    try:
        return Neighbours.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise PlanError(f"{file}: is damaged; plan again with `edge plan`") from None


def write(made: Review, folder: Path) -> None:
    """Write `review.md`, `review.json` and, where the first had to leave something out, `review-full.md`.

    Raises PlanError where the folder cannot be written to.
    """
    short, full = markdown(made), full_markdown(made)
    texts = {
        "review.md": short,
        "review.json": json.dumps(document(made), indent=2, ensure_ascii=False) + "\n",
        FULL_REVIEW: full if full != short else None,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            if text is None:
                (folder / name).unlink(missing_ok=True)
            else:
                (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise PlanError(f"{folder}: cannot be written to: {error.strerror}; name another folder") from None


def _environment_of(name: str) -> Environment | None:
    """Load the environment of a name; None where no file has it."""
    if name not in names():
        return None
    (environment,) = load([name])
    return environment
