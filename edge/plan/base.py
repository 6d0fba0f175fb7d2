"""The base beside a plan: what the code that a change started from makes of the changed environment file."""

import json
from collections.abc import Mapping

from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder, write_private
from edge.terraform.base_code import DEFAULT_BASE, BaseError, has_default_base, synthesize_with_base
from environments.loader import compose_file_beside, file_of

_NO_DEFAULT = f"there is no {DEFAULT_BASE} here; name a base with --base, such as a branch, a commit or a folder"


def write_base(folder: PlanFolder, environment: str, base: str | None, environ: Mapping[str, str]) -> None:
    """Write what the base makes of an environment's file into the plan's folder, for the review.

    Without a named base the change is compared with `origin/main`; where that is not known, the reason is written
    instead, and the review reports it. Raises RefusedError for a named base that cannot be used.
    """
    if base is None and not has_default_base():
        write_private(folder.base, json.dumps({"not_compared": _NO_DEFAULT}))
        return
    try:
        made = synthesize_with_base(
            base or DEFAULT_BASE,
            environment=environment,
            file=file_of(environment),
            compose_file=compose_file_beside(),
            environ=environ,
        )
    except BaseError as error:
        raise RefusedError(f"--base {error}") from None
    content = {
        "name": made.name,
        "commit": made.commit,
        "configuration": made.configuration,
        "failure": made.failure,
    }
    write_private(folder.base, json.dumps(content))
