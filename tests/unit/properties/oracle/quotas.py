"""AWS's quotas, counted as docs/environment-file.md says: what the environment alone needs."""

from collections.abc import Iterator
from typing import Any

from tests.unit.properties.oracle.listener import rules
from tests.unit.properties.oracle.managed import is_managed
from tests.unit.properties.oracle.shared_certificates import on_certificate
from tests.unit.properties.oracle.sign_ins import kinds_of


def quota_breaches(content: dict[str, Any]) -> Iterator[str]:
    services = content.get("services", {})
    limits = content.get("limits", {})
    opens = bool(kinds_of(content)) and content["platform"].get("opens_sign_in_port", True)
    ports = sum(service.get("opens_port", True) for service in services.values())
    owning = {name: on_certificate(services, name) for name in services}
    counted = {
        "listener rules": (len(rules(services)), limits.get("rules_per_application_load_balancer", 100)),
        # One more, for the certificate that stands beside the one that it replaces.
        "certificates": (
            sum(bool(item) for item in owning.values()) + bool(services),
            limits.get("certificates_per_application_load_balancer", 25),
        ),
        "target groups of the group": (len(services), 50),
        # The world reaches a load balancer that is made here on 80 and on 443.
        "rules into the load balancer": (2 * is_managed(content), limits.get("rules_per_security_group", 60)),
        "rules out of the load balancer": (ports + opens, limits.get("rules_per_security_group", 60)),
        **{
            f"names on the certificate of {name}": (
                len(owning[name]),
                limits.get("domain_names_per_acm_certificate", 10),
            )
            for name in services
        },
    }
    yield from (f"{needed} {what}, and AWS takes {most}" for what, (needed, most) in counted.items() if needed > most)
