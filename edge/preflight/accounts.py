"""Whose accounts a change reaches, shown before it is planned."""

import os
from collections.abc import Iterator

from edge.aws.embedded_endpoint import embedded
from environments.checked import Environment


def accounts(environment: Environment) -> Iterator[str]:
    """Say which accounts a change of the environment reaches, by which sign-in, and what they hold of it."""
    url = embedded(os.environ)
    where = f", on the embedded AWS at {url} and not on AWS" if url else ""
    yield f"{environment.name} changes these accounts{where}:"
    for name, account in environment.accounts.items():
        zones = [zone for zone, declared in environment.zones.items() if declared.account == name]
        holds = [*zones, *(["the platform"] if environment.platform.account == name else [])]
        signed_in = account.role_arn or f"the profile {account.profile}"
        yield f"  {name} ({account.id}), signed in by {signed_in}: {', '.join(holds) or 'nothing'}"
