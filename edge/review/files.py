"""The files around a review: the plan that it reads, the environment that the plan is of, and what it writes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from edge.aws.neighbours.model import Neighbours
from edge.review import policy_findings
from edge.review.code_changes import Code, Comparison
from edge.review.findings import Review
from edge.review.markdown_tables import FULL_REVIEW
from edge.review.render_json import document
from edge.review.render_markdown import full_markdown, markdown
from edge.review.reviewing import review
from edge.tfplan import plan_files
from edge.tfplan.model import PlanError
from edge.tfplan.parse import read
from environments.loader import load
from environments.whereabouts import Place

_MOVES: TypeAdapter[dict[Place, tuple[str, str]]] = TypeAdapter(dict[Place, tuple[str, str]])
_LEFT: TypeAdapter[dict[Place, str]] = TypeAdapter(dict[Place, str])
_ASKED: TypeAdapter[tuple[str, ...] | None] = TypeAdapter(tuple[str, ...] | None)
T = TypeVar("T")
_PLAN_ALONE = (
    "This is a review of the plan's JSON alone: whether its configuration comes from changed code is not known, nor "
    "what others have in the accounts. Review the folder that the plan was made in."
)


def review_of(place: Path, name: str = "") -> Review:
    """Review a plan's JSON file, or the one in the folder that `edge plan` wrote, as one of a named environment.

    Without a name it is the one that the folder was sealed for, never the one that the plan says it is of. Raises
    PlanError for what is not a plan of that environment, and InvalidEnvironmentError where its file has faults.
    """
    file = place / plan_files.PLAN if place.is_dir() else place
    content, code = read(file), _code_of(place)
    (environment,) = load([_asked_for(place, name)])
    policy = policy_findings.of_folder(place) if code else policy_findings.PolicyFindings()
    try:
        made = review(content, environment, code, _neighbours_of(place), policy.risks)
    except PlanError as error:
        raise PlanError(f"{file}: {error}") from None
    notices = policy.notices if code else (_PLAN_ALONE,)
    return replace(made, notices=(*made.notices, *notices))


def _asked_for(place: Path, name: str) -> str:
    """Name the environment that a review is asked of: the named one, which must be the seal's where there is one."""
    seal = place / plan_files.SEAL
    sealed = read(seal).get("environment") if seal.is_file() else None
    if sealed is None and not name:
        raise PlanError(
            f"{place}: is not sealed for an environment; name the one that it is of, as in `edge review prod --plan …`"
        )
    if sealed is not None and name not in ("", sealed):
        raise PlanError(f"{place}: is a plan of {sealed}, not of {name}; name another plan")
    return name or str(sealed)


def _code_of(folder: Path) -> Code | None:
    """Read what stands behind a plan, where its folder holds that: the configuration, and that of the base."""
    if not (folder / plan_files.CONFIGURATION).is_file():
        return None
    code = Code(read(folder / plan_files.CONFIGURATION), None, imports=_imports(folder))
    base = read(folder / plan_files.BASE)
    if "not_compared" in base:
        return replace(code, not_compared=str(base["not_compared"]))
    name, made = str(base.get("name")), base.get("configuration", {})
    if made is not None and not isinstance(made, dict):
        raise PlanError(f"{folder / plan_files.BASE}: holds no configuration; plan again with `edge plan`")
    comparison = (
        Comparison(name, (), str(base.get("failure")))
        if made is None
        else Comparison.of(name, made, code.configuration)
    )
    moved, asked = _read_as(_MOVES, folder, base.get("moved", {})), _read_as(_ASKED, folder, base.get("asked"))
    left = _read_as(_LEFT, folder, base.get("left", {}))
    return replace(code, comparison=replace(comparison, moved=moved, asked=asked, left=left))


def _read_as(type: TypeAdapter[T], folder: Path, value: Any) -> T:
    """Read what was written of the base's version of the environment file."""
    try:
        return type.validate_python(value)
    except ValidationError:
        raise PlanError(f"{folder / plan_files.BASE}: is damaged; plan again with `edge plan`") from None


def _imports(folder: Path) -> dict[str, str]:
    """Read what a recovery takes over by itself; of a sealed folder nothing, since no seal covers such a file."""
    file = folder / plan_files.IMPORTS
    if (folder / plan_files.SEAL).exists() or not file.is_file():
        return {}
    return {address: str(id_) for address, id_ in read(file).items()}


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
