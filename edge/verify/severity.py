"""How bad it is that a check fails: what a user or an attacker notices, and when."""

from collections.abc import Mapping
from enum import StrEnum


class Severity(StrEnum):
    """The severities, the worst first."""

    OUTAGE = "outage"
    SECURITY = "security"
    PART = "part"
    LATENT = "latent"
    OPERATIONS = "operations"


MEANINGS: Mapping[Severity, str] = {
    Severity.OUTAGE: "clients do not get through",
    Severity.SECURITY: "somebody gets in who must not, or a protection is off",
    Severity.PART: "some clients, requests or targets fail, or are answered by something else",
    Severity.LATENT: "all is served today, and ends quietly: a renewal, a replaced instance, a moved address",
    Severity.OPERATIONS: "all is served, and nobody would be notified of a failure",
}

# What a check's failure means unless the failure itself says otherwise; a check that is not asked counts as this too.
OF_CHECKS: Mapping[str, Severity] = {
    "delegation": Severity.OUTAGE,
    "name servers": Severity.OUTAGE,
    "NS set": Severity.PART,
    "DNSSEC": Severity.PART,
    "load balancer": Severity.OUTAGE,
    "records": Severity.PART,
    "wildcard": Severity.PART,
    "resolves": Severity.OUTAGE,
    "CAA": Severity.LATENT,
    "TLS": Severity.OUTAGE,
    "certificate": Severity.OUTAGE,
    "expiry": Severity.LATENT,
    "redirect": Severity.PART,
    "routing": Severity.OUTAGE,
    "targets": Severity.OUTAGE,
    "firewall": Severity.OUTAGE,
    "all targets": Severity.PART,
    "health check": Severity.LATENT,
    "target group": Severity.LATENT,
    "health": Severity.OUTAGE,
    "answers": Severity.OUTAGE,
    "sign-in": Severity.OUTAGE,
    "user pool client": Severity.OUTAGE,
    "identity provider": Severity.OUTAGE,
    "OAuth discovery": Severity.PART,
    "certificates": Severity.LATENT,
    "issued": Severity.LATENT,
    "renewal": Severity.LATENT,
    "alarms": Severity.OPERATIONS,
    "Auto Scaling group": Severity.OUTAGE,
    "instances": Severity.PART,
    "attachment": Severity.LATENT,
    "exposure": Severity.SECURITY,
    "rules": Severity.PART,
    "bypass": Severity.SECURITY,
    "user pool": Severity.SECURITY,
    "clients": Severity.PART,
    "network": Severity.PART,
    "listener certificates": Severity.LATENT,
    "settings": Severity.PART,
    "TLS policy": Severity.SECURITY,
    "web ACL": Severity.SECURITY,
    "protection": Severity.LATENT,
    "alert topic": Severity.OPERATIONS,
}


def worst(severities: list[Severity]) -> Severity:
    """Give the worst of some severities, at least one."""
    return min(severities, key=list(Severity).index)
