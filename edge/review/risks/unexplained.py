"""What a plan does that its configuration does not explain: one risk for each resource, with all that strays."""

import json
from collections.abc import Iterable, Iterator

from edge.review.differences import HIDDEN
from edge.review.explained.plans import Stray
from edge.review.explained.values import Unexplained
from edge.review.findings import Risk
from edge.review.resource_names import value
from edge.review.risks.scene import Scene
from edge.tfplan.model import hides, part
from environments.text import printable

UNEXPLAINED = "UNEXPLAINED"


def of_strays(strays: Iterable[Stray], scene: Scene) -> Iterator[Risk]:
    """Find one risk for each resource, data source and output of which something does not follow."""
    for stray in strays:
        wrong = [*stray.statements, *_values(stray)]
        name = scene.named(stray.change) if stray.change else stray.address
        yield Risk(
            kind=UNEXPLAINED,
            address=printable(stray.address),
            service=scene.owners.service_of(stray.change) if stray.change else None,
            account=stray.change.account if stray.change else None,
            sentence=printable(f"{name} is not what the configuration says: {'; '.join(wrong)}"),
            content=tuple(_bound(found, stray) for found in stray.values),
        )


def _values(stray: Stray) -> Iterator[str]:
    """Write the values that stray; those of which the configuration sets nothing together, since many may be."""
    unset = [found for found in stray.values if found.expected is None and not _is_secret(found, stray)]
    together = unset if len(unset) > 1 else []
    if together:
        yield f"{', '.join(f'{found.path} is {value(found.planned)}' for found in together)}, of which it sets none"
    yield from (_written(found, stray) for found in stray.values if found not in together)


def _written(found: Unexplained, stray: Stray) -> str:
    """Write a value that strays, with its own and the configuration's content, unless some of it is secret."""
    if _is_secret(found, stray):
        return f"{found.path} differs"
    configured = "sets nothing" if found.expected is None else f"says {value(found.expected)}"
    return f"{found.path} is {value(found.planned)}, and the configuration {configured}"


def _bound(found: Unexplained, stray: Stray) -> str:
    """Write all of a value that strays, which the sentence shortens: an acceptance is of that."""
    both = HIDDEN if _is_secret(found, stray) else [found.expected, found.planned]
    return json.dumps([found.path, both], sort_keys=True, default=repr)


def _is_secret(found: Unexplained, stray: Stray) -> bool:
    return any(hides(part(mask, found.attribute)) for mask in stray.masks)
