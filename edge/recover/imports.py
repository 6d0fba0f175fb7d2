"""Imports for the plans of a recovery or an adoption, which no environment file names."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from edge.plan.errors import RefusedError
from edge.terraform.synthesis import Stack
from edge.tfplan.model import GONE, REPLACEMENTS, Plan


def refuse_replacing(plan: Plan) -> None:
    """Refuse imports by which something that stands would be replaced; raises RefusedError."""
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
