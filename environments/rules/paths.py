"""Paths of one host: what a listener rule can hold, and what a service must get to do what it says."""

from collections.abc import Iterator
from itertools import combinations

from environments import patterns
from environments.aws_limits import CONDITION_WILDCARDS_PER_RULE
from environments.faults import Fault, dotted
from environments.listener_rules import EVERY_PATH, PATHS_PER_RULE, SIGN_IN_CALLBACK_PATH
from environments.oauth import DISCOVERY_PATH
from environments.rules.rule import Rule, fault, named
from environments.schema import EnvironmentFile, Service
from environments.shared_hosts import SharedHosts
from environments.sign_in import CognitoLogin
from environments.text import shown


def _paths_are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        for number, path in enumerate(service.paths):
            if path in service.paths[:number]:
                problem = f"{shown(path)} is in the list twice; keep one of them"
                yield fault(dotted("services", name, "paths", number), problem, dotted("services", name, "paths"))


def _paths_leave_some_out(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse paths that are all paths: a service without `paths` owns its hosts, and these would say the opposite."""
    for name, service in environment.services.items():
        if service.paths and patterns.first_taken(EVERY_PATH, besides=service.paths) is None:
            verb = "takes" if len(service.paths) == 1 else "together take"
            problem = f"{verb} every path; leave paths out, and the service gets what no other one takes"
            yield fault(dotted("services", name, "paths"), problem)


def _conditions_fit(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        path, paths = dotted("services", name, "paths"), service.rules[0].paths
        if len(paths) > PATHS_PER_RULE:
            problem = (
                f"{len(service.paths)} paths do not fit into one rule with {shown(SIGN_IN_CALLBACK_PATH)}, to which a "
                f"sign-in comes back; give {PATHS_PER_RULE - 1}, or one that takes it too"
            )
            yield fault(path, problem, *(dotted("services", name, key) for key in ("login", "sign_in")))
        most = max(patterns.wildcards((host, *paths)) for host in service.hosts)
        if paths and most > CONDITION_WILDCARDS_PER_RULE:
            problem = (
                f"hold, with a host, {most} wildcards, and a listener rule takes {CONDITION_WILDCARDS_PER_RULE}; "
                "write fewer"
            )
            yield fault(path, problem, dotted("services", name, "hosts"))


def _sign_ins_share_no_host(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse two sign-ins on one host: clients of both come back to one path, which the first rule takes."""
    signing_in = sorted(
        ((name, service) for name, service in environment.services.items() if service.sign_in),
        key=lambda item: item[1].priority,
    )
    for (other, earlier), (name, service) in combinations(signing_in, 2):
        host = next((host for host in service.hosts if any(_overlap(host, taken) for taken in earlier.hosts)), None)
        if host is not None and earlier.paths:
            problem = (
                f"clients come back to {shown(SIGN_IN_CALLBACK_PATH)} of {named(host)} from the sign-in of "
                f"services.{other} too, and one rule takes that path; give one of them a host of its own"
            )
            keys = ("hosts", "paths", "priority", "login", "sign_in")
            rests_on = (dotted("services", service, key) for service in (name, other) for key in keys)
            key = "login" if isinstance(service.sign_in, CognitoLogin) else "sign_in"
            yield fault(dotted("services", name, key), problem, *rests_on)


def _overlap(host: str, other: str) -> bool:
    return patterns.covers(host, other) or patterns.covers(other, host)


def _discovery_is_reached(environment: EnvironmentFile) -> Iterator[Fault]:
    shared = SharedHosts(environment)
    for name, service in environment.services.items():
        if service.oauth_discovery:
            path, rests_on = dotted("services", name, "oauth_discovery"), dotted("services", name, "paths")
            taker = _taker_of_discovery(shared, name, service)
            if service.paths and not patterns.takes(service.paths, DISCOVERY_PATH):
                yield fault(path, f"true, and paths do not take {DISCOVERY_PATH}; add it there", rests_on)
            elif taker is not None:
                problem = f"true, and {DISCOVERY_PATH} goes to services.{taker}, which is asked first"
                yield fault(path, f"{problem}; give services.{name} a priority below that", rests_on, "services")


def _taker_of_discovery(shared: SharedHosts, name: str, service: Service) -> str | None:
    """Name the service that takes the document's path of a host by some of its paths before this one; or None.

    One without paths takes the whole host, which another rule refuses.
    """
    earlier = (rule for host in service.hosts for rule in shared.asked_before(name, host))
    taking = (rule for rule in earlier if patterns.takes([rule.path], DISCOVERY_PATH) and rule.path != EVERY_PATH)
    return next((rule.service for rule in taking), None)


RULES: tuple[Rule, ...] = (
    _paths_are_distinct,
    _paths_leave_some_out,
    _conditions_fit,
    _sign_ins_share_no_host,
    _discovery_is_reached,
)
