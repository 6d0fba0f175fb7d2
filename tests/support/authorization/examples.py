"""Environments of every shape, with ids, for what must hold of all their policies."""

import tomllib
from collections.abc import Mapping

from edge.roles import ids
from edge.roles.roles import Role, roles
from environments.checked import Environment
from tests.support.files import EVERYTHING_TOML, MANAGED_TOML_FILE, PROD_TOML, STAGING_TOML, environment, environment_of

_IDS = {"hosted zone": "Z{:013}", "security group": "sg-{:017}", "user pool": "eu-central-1_{:09}"}


def _many_services() -> Environment:
    """A hundred services, each with two hosts: more than fits into one statement, and all that a listener takes."""
    content = tomllib.loads(PROD_TOML.read_text(encoding="utf-8"))
    content["services"] = {
        f"s{number}": {
            "port": 9000 + number,
            "priority": 10 + number,
            "hosts": [f"service-{number}.prod.getorcha.com", f"service-{number}.getorcha.com"],
        }
        for number in range(100)
    }
    return environment(content)


def _bare_managed() -> Environment:
    """A managed platform with as little as there can be: IPv4, no NAT, no web ACL, nobody to notify, no service."""
    content = tomllib.loads(MANAGED_TOML_FILE.read_text(encoding="utf-8"))
    content["platform"] |= {
        "network": {"nat_gateways": "none", "flow_logs": False},
        "balancer": {"deletion_protection": False, "web_acl": False},
    }
    del content["platform"]["alert_emails"]
    return environment({**content, "services": {}}, "staging")


def _state_elsewhere() -> Environment:
    content = tomllib.loads(PROD_TOML.read_text(encoding="utf-8"))
    key = "arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    content["backend"] |= {"account": "management", "kms_key_arn": key}
    return environment({**content, "services": {}})


EXAMPLES: Mapping[str, Environment] = {
    "prod": environment_of(PROD_TOML.read_text(encoding="utf-8")),
    "staging": environment_of(MANAGED_TOML_FILE.read_text(encoding="utf-8"), "staging"),
    "everything": environment_of(EVERYTHING_TOML),
    "local state": environment_of(STAGING_TOML, "staging"),
    "hundred services": _many_services(),
    "bare managed": _bare_managed(),
    "state elsewhere, no service": _state_elsewhere(),
}


def ids_of(example: Environment) -> dict[str, str]:
    """Give each thing that needs an id one of its kind; a zone that is made has none."""
    wanted = [thing for thing in ids.wanted(example) if thing.must_stand]
    return {thing.name: _IDS[thing.kind].format(number) for number, thing in enumerate(wanted)}


def roles_of(
    example: Environment, leaving: tuple[str, ...] = (), *, adopting: bool = False
) -> dict[tuple[str, str], Role]:
    """Derive the roles of an example, by account and task."""
    return {(role.account, role.task): role for role in roles(example, ids_of(example), leaving, adopting=adopting)}
