"""The stored plans are those that real Terraform makes today: a change of a module or of a provider makes them stale.

Where one is stale, make them again with `python -m tests.engine.plans`, and look at what changed in their reviews.

For time, about a third of production's plans are made again here, those whose shapes differ most. A plan that only this
list leaves out is not lost: all are made from the same modules and the same base, so what makes one stale shows in
others. Staging's are made in `test_managed_platform.py`, on the deployment that stands there.
"""

from collections.abc import Iterator

import pytest

from tests.engine.plans.comparing import stale
from tests.engine.plans.making import Plan, making
from tests.engine.plans.prod import PROD_WORLD

REMADE = (
    "first_deploy",
    "removed_service",
    "san_added",
    "host_moved",
    "port_without_generation",
    "renamed_service",
    "login_added",
    "destroy_all",
    "imported",
    "shadowed_rule",
    "forget",
    "drift",
)


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Plan]]:
    with making(PROD_WORLD, tmp_path_factory.mktemp("plans")) as maker:
        yield {scenario.name: plan for scenario, plan in maker.run(PROD_WORLD.stages, REMADE)}


@pytest.mark.parametrize("name", REMADE)
def test_the_stored_plan_is_the_one_that_terraform_makes_today(remade: dict[str, Plan], name: str) -> None:
    assert stale(name, remade[name]) == []
