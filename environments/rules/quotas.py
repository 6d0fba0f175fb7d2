"""Quotas: what the environment needs fits into what AWS gives. The counting is the ledger's."""

from collections.abc import Iterator

from environments import quota_usage, quotas
from environments.certificates import Certificates
from environments.faults import Fault, dotted
from environments.rules.rule import Rule, fault
from environments.schema import EnvironmentFile

# What another load balancer alone does not help: two environments on one Auto Scaling group share its quota.
_OF_ITS_OWN = {
    quotas.TARGET_GROUPS_PER_AUTO_SCALING_GROUP.key: (
        "move services to another Auto Scaling group, in an environment of its own"
    )
}


def _are_kept(environment: EnvironmentFile) -> Iterator[Fault]:
    for entry in quota_usage.take(environment):
        if entry.used > entry.limit:
            remedy = _OF_ITS_OWN.get(entry.key, "move services to another load balancer, in an environment of its own")
            if entry.quota.is_adjustable:
                remedy = f"have AWS raise it and write it to limits.{entry.key}, or {remedy}"
            if entry.quota is quotas.CERTIFICATES_PER_LOAD_BALANCER:
                remedy = f'let services share a certificate, by certificate = "<service>", {remedy}'
            problem = f"need {entry.used} {entry.what}, and the quota is {entry.limit}; {remedy}"
            yield fault("services", problem, "limits", "platform.opens_sign_in_port")


def _certificates_hold_every_host(environment: EnvironmentFile) -> Iterator[Fault]:
    certificates = Certificates(environment)
    limit = environment.limits.domain_names_per_acm_certificate
    for name, service in environment.services.items():
        needed = len(certificates.names_on(name))
        if needed > limit:
            what = "names" if service.certificate_names else "hosts"
            problem = (
                f"{needed} {what} do not fit on one certificate, which takes {limit}; raise it with AWS and "
                "in limits.domain_names_per_acm_certificate, or move some to another service"
            )
            rests_on = (dotted("services", name, key) for key in ("certificate", "certificate_names"))
            yield fault(dotted("services", name, "hosts"), problem, "limits", *rests_on)


RULES: tuple[Rule, ...] = (_are_kept, _certificates_hold_every_host)
