"""The oracle: the stated rules of environment files, judged a second time by code that shares nothing with the loader.

It reads the raw table of a file and knows docs/environment-file.md only. It is slow and plain on purpose: where the
loader reasons about priorities, it sends requests to a simulated listener.
"""

from typing import Any

from tests.unit.properties.oracle import across_keys, listener, managed, paths, quotas, zones
from tests.unit.properties.oracle.keys import FILE


def breaches(content: dict[str, Any]) -> list[str]:
    """List every breach of a stated rule as a sentence; checks across keys need values that are right."""
    found = list(FILE.breaches(content, "file"))
    if found:
        return found
    services = content.get("services", {})
    return [
        *across_keys.account_breaches(content),
        *zones.zone_breaches(content),
        *managed.managed_breaches(content),
        *across_keys.ownership_breaches(content),
        *across_keys.port_breaches(services),
        *across_keys.name_breaches(content),
        *across_keys.setting_breaches(content),
        *listener.priority_breaches(services),
        *listener.shadowing_breaches(services),
        *paths.path_breaches(services),
        *paths.sign_in_breaches(services),
        *paths.discovery_breaches(services),
        *quotas.quota_breaches(content),
    ]
