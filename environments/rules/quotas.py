"""Quotas: what the environment needs fits into what AWS gives. The counting is the ledger's."""

from collections.abc import Iterator

from environments import quota_usage
from environments.faults import Fault, dotted
from environments.rules.rule import Rule, fault
from environments.schema import EnvironmentFile
from environments.shared_hosts import SharedHosts


def _are_kept(environment: EnvironmentFile) -> Iterator[Fault]:
    for entry in quota_usage.take(environment):
        if entry.used > entry.limit:
            remedy = "move services to another load balancer, in an environment of its own"
            if entry.quota.is_adjustable:
                remedy = f"have AWS raise it and write it to limits.{entry.key}, or {remedy}"
            problem = f"need {entry.used} {entry.what}, and the quota is {entry.limit}; {remedy}"
            yield fault("services", problem, "limits", "platform.opens_sign_in_port")


def _certificates_hold_every_host(environment: EnvironmentFile) -> Iterator[Fault]:
    shared = SharedHosts(environment)
    limit = environment.limits.domain_names_per_acm_certificate
    for name in environment.services:
        needed = len(shared.owned_by(name))
        if needed > limit:
            problem = (
                f"{needed} hosts do not fit on one certificate, which takes {limit}; raise it with AWS and "
                "in limits.domain_names_per_acm_certificate, or move some to another service"
            )
            yield fault(dotted("services", name, "hosts"), problem, "limits")


RULES: tuple[Rule, ...] = (_are_kept, _certificates_hold_every_host)
