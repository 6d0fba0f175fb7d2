"""The stored plans are those that real Terraform makes today: a change of a module or of a provider makes them stale.

Where one is stale, make them again with `python -m tests.engine.plans`, and look at what changed in their reviews.

For time, about a third of production's plans are made again here, those whose shapes differ most, and without `WHOLE=1`
a fifth of these. A plan that this leaves out is not lost: all are made from the same modules and the same base, so
what makes one stale shows in others. Staging's are made in `test_managed_platform.py`, on the deployment that stands
there.
"""

from collections.abc import Iterator

import pytest

from tests.engine.plans.comparing import stale
from tests.engine.plans.making import Plan, making
from tests.engine.plans.prod import PROD_WORLD

REMADE = ("first_deploy", "san_added", "drift")
OTHERS = (
    "removed_service",
    "port_without_generation",
    "host_moved",
    "renamed_service",
    "login_added",
    "destroy_all",
    "imported",
    "shadowed_rule",
    "forget",
    "rule_misrouted",
    "instances_reached",
)


@pytest.fixture(scope="module")
def remade(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Plan]]:
    here = [item.name for item in request.session.items if item.path == request.path]
    asked = [name for name in (*REMADE, *OTHERS) if any(item.endswith(f"[{name}]") for item in here)]
    with making(PROD_WORLD, tmp_path_factory.mktemp("plans")) as maker:
        yield {scenario.name: plan for scenario, plan in maker.run(PROD_WORLD.stages, asked)}


@pytest.mark.parametrize("name", [*REMADE, *(pytest.param(name, marks=pytest.mark.whole) for name in OTHERS)])
def test_the_stored_plan_is_the_one_that_terraform_makes_today(remade: dict[str, Plan], name: str) -> None:
    assert stale(name, remade[name]) == []
