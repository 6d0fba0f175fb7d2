"""Names that a wildcard of others answers, and that our validation record would hide from it.

The record makes the name above it exist, without records of its own, and no wildcard answers for what exists (RFC 4592
section 2.2.2). The name's own record comes last, once its certificate is issued and its rule stands.
"""

from collections.abc import Iterator

from edge.review.expected import RECORD
from edge.review.findings import Risk
from edge.review.risks.scene import Scene
from edge.tfplan.model import Action
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import base_name


def _hidden(scene: Scene) -> Iterator[Risk]:
    """Find proofs that a plan makes before the records of a name which a wildcard of others answers today."""
    answered = {entry.name: entry.wildcard for entry in scene.neighbours.answered}
    first = set(map(base_name, scene.declared.made_first))
    for change in scene.plan.changes:
        address = RecordAddress.parse(change.name) if change.type == RECORD else None
        is_new_proof = address and address.purpose is Purpose.VALIDATION and change.action is Action.CREATE
        if address and is_new_proof and address.name in answered.keys() - first:
            service = scene.declared.owners.get(address.name, "the service")
            statement = (
                f"hides {address.name} from {answered[address.name]} of others, which answers it today: it does not "
                "resolve until its own record stands, after its certificate. Where that wildcard leads to this load "
                f'balancer, write records_first = ["{address.name}"] in services.{service}'
            )
            yield scene.risk("HIDDEN", change, statement)


RULES = (_hidden,)
