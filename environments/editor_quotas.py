"""What the loader's quotas and numbers say, as far as JSON Schema can: it counts tables, and compares no two keys.

So each rule is stated once for every value that one of the two may have.
"""

from collections.abc import Iterator

from environments import quotas
from environments.editor_parts import Schema, every, no_service_has, of, sets, when
from environments.platforms import Instances
from environments.quotas import Quota

_MOST_SERVICES = quotas.TARGET_GROUPS_PER_AUTO_SCALING_GROUP.default


def rules() -> Iterator[Schema]:
    """State how many services fit into each quota: a service needs one listener rule, and of others one in a case.

    A certificate more stands beside the others while one is replaced. A service whose hosts another one owns has none.
    """
    opens_all = of({"services": every({"not": sets("opens_port", const=False)})})
    own = {"allOf": [no_service_has(key) for key in ("certificate", "paths", "takes_over")]}
    yield from _fitting(quotas.RULES_PER_LOAD_BALANCER, spare=0)
    yield {"if": own, "then": {"allOf": list(_fitting(quotas.CERTIFICATES_PER_LOAD_BALANCER, spare=1))}}
    yield {"if": opens_all, "then": {"allOf": list(_fitting(quotas.RULES_PER_SECURITY_GROUP, spare=0))}}


def _fitting(quota: Quota, *, spare: int) -> Iterator[Schema]:
    for most in range(quota.least, min(quota.default, _MOST_SERVICES + spare) + 1):
        is_so = of({"limits": of({quota.key: {"maximum": most}})})
        if most < quota.default:  # else it is so where nothing is set, too
            is_so = sets("limits", **sets(quota.key, maximum=most))
        yield when(is_so, then={"services": {"maxProperties": most - spare}})


def numbers_of_instances() -> Iterator[Schema]:
    """State that the fewest instances are not more than the most, also where one of the two is the default."""
    smallest, largest = (Instances.model_json_schema()["properties"][key] for key in ("min_size", "max_size"))
    for fewest in range(2, largest["maximum"] + 1):
        yield when(sets("min_size", minimum=fewest), then={"max_size": {"minimum": fewest}})
    yield {"if": sets("min_size", minimum=largest["default"] + 1), "then": {"required": ["max_size"]}}
    yield {"if": sets("max_size", maximum=smallest["default"] - 1), "then": {"required": ["min_size"]}}
