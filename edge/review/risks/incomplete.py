"""A plan that is not all that there is to do: what it leaves out is not reviewed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edge.review.findings import Risk
from edge.tfplan.blocks import blocks
from edge.tfplan.model import Plan
from environments.text import listed, printable

INCOMPLETE, _PLAN = "INCOMPLETE", "plan"
# Of these blocks a whole plan names every one, also those that it leaves as they are:
# https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
_NO_RESOURCES = ("provider.", "terraform", "check.", "locals", "variable.", "module.", "ephemeral.")
_LISTS = ("moved", "import", "removed")


def of_plan(plan: Plan, configuration: Mapping[str, Any] | None) -> Iterator[Risk]:
    """Find one risk for a plan that says itself that it is a part, or that lacks what its configuration has.

    A plan that does nothing, or only removes, lacks nothing: after a part of a destroy the rest is less than all.
    """
    missing = list(_missing(plan, configuration)) if configuration and plan.does_more_than_remove else []
    reasons = [*plan.gaps, *([f"the configuration has {listed(missing)}, and the plan does not"] if missing else [])]
    if reasons:
        yield Risk(
            kind=INCOMPLETE,
            address=_PLAN,
            service=None,
            account=None,
            sentence=printable(
                f"the plan is not all that there is to do, and the rest was not reviewed: {'; '.join(reasons)}"
            ),
            content=(json.dumps(missing),),
        )


def _missing(plan: Plan, configuration: Mapping[str, Any]) -> Iterator[str]:
    planned = {change.address.partition("[")[0] for change in plan.changes if not change.deposed}
    planned |= {address.partition("[")[0] for address in plan.data}
    planned |= {f"output.{name}" for name in plan.outputs}
    yield from sorted(address for address in _resources(blocks(configuration)) if address not in planned)


def _resources(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if not address.startswith(_NO_RESOURCES) and address not in _LISTS:
            yield address
