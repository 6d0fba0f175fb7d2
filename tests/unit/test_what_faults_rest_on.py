"""Every path that a fault names, or follows from, is one that an environment file may have.

A fault that follows from a field which is wrong itself is left out. A path that is none would never match, and the
fault would be reported beside the true one.
"""

import re
import tomllib

import pytest
from pydantic import BaseModel, ValidationError

from environments.backend import Backend
from environments.platforms import KINDS
from environments.quota_overrides import Limits
from environments.rules import faults
from environments.schema import Account, EnvironmentFile, Service
from environments.zones import DeclaredZone
from tests.support.files import prod
from tests.unit.test_bad_input import BadEnvironment, bad_environments

BAD = [parameter.values[0] for parameter in bad_environments()]
# A bare key, a quoted key, or an index.
STEP = re.compile(r'\.?(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|\[(\d+)\])')
OF_NAMES: dict[str, type[BaseModel]] = {
    "services": Service,
    "accounts": Account,
    "zones": DeclaredZone,
}  # tables whose keys people choose
FIELDS = {"platform": {key for kind in KINDS.values() for key in kind.model_fields}}
FIELDS |= {"limits": set(Limits.model_fields), "backend": set(Backend.model_fields)}


def exists(path: str) -> bool:
    """Say whether a file may have a path, as far as its first field."""
    assert "".join(match.group() for match in STEP.finditer(path)) == path
    first, *rest = [bare or quoted for bare, quoted, index in STEP.findall(path) if not index]
    if first in OF_NAMES:
        return len(rest) < 2 or rest[1] in OF_NAMES[first].model_fields
    return first in EnvironmentFile.model_fields and (not rest or rest[0] in FIELDS[first])


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("services.link.hosts[0]", True),
        ("services.link.host", False),
        ("service.link", False),
        ('zones."getorcha.com".account', True),
        ("platform.load_balancer", True),
        ("platform.balancers", False),
        ("accounts.prod", True),
        ("prefix", True),
    ],
)
def test_a_path_is_one_of_the_schema(path: str, is_one: bool) -> None:
    assert exists(path) is is_one


def paths_of(bad: BadEnvironment) -> set[str]:
    """Collect the paths in the faults that the rules find, where the values themselves are right."""
    try:
        environment = EnvironmentFile.model_validate({**tomllib.loads(bad.text), "name": "prod"})
    except (ValidationError, tomllib.TOMLDecodeError):
        return set()
    return {path for fault in faults(environment, "prod.toml") for path in (fault.path, *fault.rests_on)}


def test_every_path_that_a_rule_names_can_be_in_a_file() -> None:
    found = {path for bad in BAD for path in paths_of(bad)}
    assert len(found) > 60
    assert sorted(path for path in found if not exists(path)) == []


def test_a_host_in_two_services_rests_on_the_paths_of_both() -> None:
    content = prod()
    shared = {"port": 7777, "priority": 30, "hosts": ["link.prod.getorcha.com"]}
    content["services"]["other"] = shared
    found = faults(EnvironmentFile.model_validate({**content, "name": "prod"}), "prod.toml")
    (fault,) = (fault for fault in found if fault.path == "services.other.hosts[0]" and "also given" in fault.problem)
    assert fault.rests_on == ("services.link.hosts[0]", "services.other.paths", "services.link.paths")


def test_of_two_sign_ins_on_one_host_the_later_by_priority_is_refused_whatever_they_are_called() -> None:
    content = prod()
    content["platform"]["user_pool"] = "v1-orcha-users"
    host = ["both.prod.getorcha.com"]
    first = {"port": 7778, "priority": 25, "hosts": host, "login": True, "paths": ["/z/*"]}
    content["services"] |= {"zeta": first, "alpha": {"port": 7777, "priority": 30, "hosts": host, "login": True}}
    found = faults(EnvironmentFile.model_validate({**content, "name": "prod"}), "prod.toml")
    (fault,) = (fault for fault in found if "clients come back" in fault.problem)
    assert (fault.path, "from the sign-in of services.zeta" in fault.problem) == ("services.alpha.login", True)
    keys = ("hosts", "paths", "priority", "login", "sign_in")
    assert set(fault.rests_on) == {f"services.{name}.{key}" for name in ("zeta", "alpha") for key in keys}
