"""What a plan does that its configuration does not explain: one risk for each resource, with all that strays."""

from collections.abc import Iterable, Iterator

from edge.review.explained.plans import Stray
from edge.review.explained.values import Unexplained
from edge.review.findings import Risk
from edge.review.resource_names import value
from edge.review.risks.scene import Scene
from edge.tfplan.model import Change, hides, part
from environments.text import printable

UNEXPLAINED = "UNEXPLAINED"


def of_strays(strays: Iterable[Stray], scene: Scene) -> Iterator[Risk]:
    """Find one risk for each resource, data source and output of which something does not follow."""
    for stray in strays:
        wrong = [*stray.statements, *(_written(found, stray.change) for found in stray.values)]
        name = scene.named(stray.change) if stray.change else stray.address
        yield Risk(
            kind=UNEXPLAINED,
            address=printable(stray.address),
            service=scene.owners.service_of(stray.change) if stray.change else None,
            account=stray.change.account if stray.change else None,
            sentence=printable(f"{name} is not what the configuration says: {'; '.join(wrong)}"),
        )


def _written(found: Unexplained, change: Change | None) -> str:
    """Write a value that strays, with its own and the configuration's content, unless some of it is secret."""
    if change is None or any(hides(part(mask, found.attribute)) for mask in _masks(change)):
        return f"{found.path} differs"
    configured = "sets nothing" if found.expected is None else f"says {value(found.expected)}"
    return f"{found.path} is {value(found.planned)}, and the configuration {configured}"


def _masks(change: Change) -> tuple[object, object]:
    return change.before_sensitive, change.after_sensitive
