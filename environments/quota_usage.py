"""The ledger: what an environment alone needs of each of AWS's quotas, and how much AWS gives.

It counts what this environment makes. What others hold on the same load balancer is not known here: `[limits]` can be
lowered to leave room for it.
"""

from dataclasses import dataclass

from environments import quotas
from environments.certificates import Certificates
from environments.platforms import ManagedPlatform
from environments.quotas import Quota
from environments.schema import EnvironmentFile

# HTTP and HTTPS from anywhere, into a load balancer that is made here; AWS counts the same over IPv6 apart.
PUBLIC_RULES = 2


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How much of one quota is needed: `what` is counted, and counts of that."""

    quota: Quota
    what: str
    used: int
    limit: int

    @property
    def key(self) -> str:
        """The quota's name, in `[limits]` where AWS raises it."""
        return self.quota.key


def take(environment: EnvironmentFile) -> tuple[Entry, ...]:
    """Count an environment against the quotas of its load balancer, Auto Scaling group and security groups."""
    services = len(environment.services)
    opened = sum(service.opens_port for service in environment.services.values())
    rules = sum(len(service.rules) for service in environment.services.values())
    having = Certificates(environment)
    certificates = sum(bool(having.names_on(name)) for name in environment.services)
    replaced = 1 if services else 0  # a certificate's replacement stands beside it until the new one is attached
    sign_in = 1 if environment.opens_sign_in_port else 0
    outbound, inbound = (counted.named(quotas.BALANCERS_GROUP) for counted in quotas.RULES_PER_SECURITY_GROUP.counted)
    counted: list[tuple[Quota, str, int]] = [
        (quotas.RULES_PER_LOAD_BALANCER, "listener rules", rules),
        (
            quotas.CERTIFICATES_PER_LOAD_BALANCER,
            "certificates, with the one more that a replacement needs",
            certificates + replaced,
        ),
        (quotas.TARGET_GROUPS_PER_LOAD_BALANCER, "target groups", services),
        (quotas.TARGET_GROUPS_PER_AUTO_SCALING_GROUP, "target groups on the Auto Scaling group", services),
        (quotas.RULES_PER_SECURITY_GROUP, outbound, opened + sign_in),
    ]
    if isinstance(environment.platform, ManagedPlatform):
        counted.append((quotas.RULES_PER_SECURITY_GROUP, inbound, PUBLIC_RULES))
    return tuple(
        Entry(quota=quota, what=what, used=used, limit=environment.limits.of(quota)) for quota, what, used in counted
    )
