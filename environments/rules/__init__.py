"""Checks across fields, by what they are about. All of them run, and none stops another.

Each rule is a generator of faults over one environment whose own values are right. `across` compares whole files.
"""

from collections.abc import Set as AbstractSet

from environments.faults import Fault
from environments.rules import (
    accounts,
    certificates,
    names,
    ownership,
    paths,
    platform,
    ports,
    quotas,
    routing,
    settings,
)
from environments.schema import EnvironmentFile

RULES = (
    *accounts.RULES,
    *ownership.RULES,
    *platform.RULES,
    *routing.RULES,
    *paths.RULES,
    *ports.RULES,
    *names.RULES,
    *certificates.RULES,
    *quotas.RULES,
    *settings.RULES,
)


def faults(environment: EnvironmentFile, file: str, *, published_ports: AbstractSet[int] | None = None) -> list[Fault]:
    """Run every rule; give the faults, with the file's name, in the order of the rules.

    `published_ports` are those that the compose file publishes; None where there is no compose file to compare with.
    """
    found = [fault for rule in RULES for fault in rule(environment)]
    if published_ports is not None:
        found += ports.unpublished(environment, published_ports)
    return [Fault(file, fault.path, fault.problem, fault.rests_on) for fault in found]
