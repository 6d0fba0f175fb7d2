"""The provider's defaults are those that real Terraform planned, all of them and no other."""

from functools import cache

import pytest

from edge.review.explained import defaults, values
from edge.review.explained.plans import strays
from edge.tfplan.parse import parse
from tests.plans import STORED_PLANS, stored_plan
from tests.support.reviewing import code

# Of the code that a scenario edits in, nothing is a default.
FROM_FILES = [
    name
    for name in STORED_PLANS
    if name.endswith("first_deploy") or name in ("login_added", "new_service", "network_replaced")
]


@cache
def planned_where_nothing_is_set() -> dict[str, dict[str, object]]:
    """What the stored plans hold that the table alone explains.

    Of several blocks only the first that strays is reported, so the search goes on until nothing strays any more.
    """
    found: dict[str, dict[str, object]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "DEFAULTS", found)
        for name in FROM_FILES:
            plan, configuration = parse(stored_plan(name)), code(name).configuration
            while more := list(strays(plan, configuration)):
                for stray in more:
                    for value in stray.values:
                        assert value.expected is None
                        paths = found.setdefault(stray.address.partition(".")[0], {})
                        assert paths.setdefault(value.path, value.planned) == value.planned
    return found


def test_every_default_was_planned_by_terraform() -> None:
    found = planned_where_nothing_is_set()
    for type, paths in defaults.DEFAULTS.items():
        for path, value in paths.items():
            assert found.get(type, {}).get(path) == value, f"{type}.{path}"


def test_no_default_is_missing() -> None:
    for type, paths in planned_where_nothing_is_set().items():
        assert paths == {path: defaults.DEFAULTS.get(type, {}).get(path) for path in paths}, type
