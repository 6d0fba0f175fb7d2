"""The ledger: what an environment alone needs of each of AWS's quotas, and how much AWS gives.

It counts what this environment makes. What others hold on the same load balancer is not known here: `[limits]` can be
lowered to leave room for it.
"""

from dataclasses import dataclass

from environments import aws_limits
from environments.platforms import ManagedPlatform
from environments.schema import Environment

# HTTP and HTTPS from anywhere, into a load balancer that is made here; AWS counts the same over IPv6 apart.
_INBOUND = ("rules_per_security_group", "inbound rules of the load balancer's security group", 2, aws_limits.VPC_QUOTAS)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One quota: its `key` (in `[limits]` where it is adjustable), `what` is counted, and counts of that."""

    key: str
    what: str
    used: int
    limit: int
    adjustable: bool
    source: str


def take(environment: Environment) -> tuple[Entry, ...]:
    """Count an environment against the quotas of its load balancer, Auto Scaling group and security groups."""
    services = len(environment.services)
    rules = sum(len(service.rules) for service in environment.services.values())
    replaced = 1 if services else 0  # a certificate's replacement stands beside it until the new one is attached
    sign_in = 1 if environment.opens_sign_in_port else 0
    given = environment.limits
    counted = (
        ("rules_per_application_load_balancer", "listener rules", rules, aws_limits.ELB_QUOTAS),
        (
            "certificates_per_application_load_balancer",
            "certificates, with the one more that a replacement needs",
            services + replaced,
            aws_limits.ELB_QUOTAS,
        ),
        ("target_groups_per_application_load_balancer", "target groups", services, aws_limits.ELB_QUOTAS),
        (
            "target_groups_per_auto_scaling_group",
            "target groups on the Auto Scaling group",
            services,
            aws_limits.AUTO_SCALING_QUOTAS,
        ),
        (
            "rules_per_security_group",
            "outbound rules of the load balancer's security group",
            services + sign_in,
            aws_limits.VPC_QUOTAS,
        ),
        *([_INBOUND] if isinstance(environment.platform, ManagedPlatform) else []),
    )
    return tuple(
        Entry(
            key=key,
            what=what,
            used=used,
            limit=aws_limits.FIXED.get(key) or getattr(given, key),
            adjustable=key not in aws_limits.FIXED,
            source=source,
        )
        for key, what, used, source in counted
    )
