"""The rules that a service puts on the shared HTTPS listener: their conditions, and the priorities that follow."""

from dataclasses import dataclass

from environments import patterns
from environments.aws_limits import CONDITION_VALUES_PER_RULE, CONDITION_WILDCARDS_PER_RULE

# One value of each rule is left for a host.
PATHS_PER_RULE = CONDITION_VALUES_PER_RULE - 1
EVERY_PATH = "/*"

# The identity provider sends a client back here, and the load balancer answers, by a rule that asks for the sign-in:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
SIGN_IN_CALLBACK_PATH = "/oauth2/idpresponse"


@dataclass(frozen=True, kw_only=True)
class ListenerRule:
    """One rule: its priority, and of which hosts and paths a request must have one; no paths stand for every path."""

    priority: int
    hosts: tuple[str, ...]
    paths: tuple[str, ...] = ()


def listener_rules(
    *, priority: int, hosts: tuple[str, ...], paths: tuple[str, ...] = (), signs_in: bool = False
) -> tuple[ListenerRule, ...]:
    """Split hosts over as many rules as AWS's limits ask for; they take `priority` and those that follow it.

    Every rule has all the paths. One that takes some paths and asks for a sign-in also takes the path to which clients
    come back from it: AWS does not say that another rule would do.
    """
    if paths and signs_in and not patterns.takes(paths, SIGN_IN_CALLBACK_PATH):
        paths += (SIGN_IN_CALLBACK_PATH,)
    groups: list[tuple[str, ...]] = []
    for host in hosts:
        if groups and _fit((*groups[-1], host, *paths)):
            groups[-1] += (host,)
        else:
            groups.append((host,))
    return tuple(
        ListenerRule(priority=priority + number, hosts=group, paths=paths) for number, group in enumerate(groups)
    )


def _fit(values: tuple[str, ...]) -> bool:
    return len(values) <= CONDITION_VALUES_PER_RULE and patterns.wildcards(values) <= CONDITION_WILDCARDS_PER_RULE
