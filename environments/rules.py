"""Checks across fields. Each rule is one generator of faults over a whole environment; all run, none stops another.

A rule reads clean models and names, in `rests_on`, the paths that its fault follows from besides its own.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from environments import naming
from environments.faults import Fault, dotted, shown
from environments.limits import CONDITION_VALUES_FOR_A_RULE, NAMES_ON_A_CERTIFICATE, PRIORITY_MAX
from environments.schema import Environment, Service

Rule = Callable[[Environment], Iterator[Fault]]


def faults(environment: Environment, file: str) -> list[Fault]:
    """Run every rule; give the faults, with the file's name, in the order of the rules."""
    return [Fault(file, fault.path, fault.problem, fault.rests_on) for rule in RULES for fault in rule(environment)]


def _accounts_can_be_entered(environment: Environment) -> Iterator[Fault]:
    for name, account in environment.accounts.items():
        path = dotted("accounts", name)
        if account.profile is None and account.role_arn is None:
            yield _fault(
                path, "has neither profile nor role_arn; give one of them", f"{path}.profile", f"{path}.role_arn"
            )
        if account.profile is not None and account.role_arn is not None:
            yield _fault(path, "has both profile and role_arn; keep one of them")
        if account.role_arn is not None and account.role_arn.split(":")[4] != account.id:
            problem = f"{shown(account.role_arn)} is a role of another account than {account.id}; correct one of them"
            yield _fault(f"{path}.role_arn", problem, f"{path}.id")


def _account_ids_are_distinct(environment: Environment) -> Iterator[Fault]:
    ids = {name: account.id for name, account in environment.accounts.items()}
    for name, other in _repeated(ids):
        problem = f'{shown(ids[name])} is also the id of accounts.{other}; correct it, or use "{other}" in its place'
        yield _fault(dotted("accounts", name, "id"), problem, dotted("accounts", other, "id"))


def _named_accounts_are_declared(environment: Environment) -> Iterator[Fault]:
    named = {dotted("zones", zone): account for zone, account in environment.zones.items()}
    named["platform.account"] = environment.platform.account
    if environment.backend and environment.backend.account:
        named["backend.account"] = environment.backend.account
    for path, account in named.items():
        if account not in environment.accounts:
            declared = ", ".join(environment.accounts)
            problem = f"{shown(account)} is not a declared account; add [accounts.{account}], or use one of {declared}"
            yield _fault(path, problem, "accounts")


def _hosts_have_a_zone(environment: Environment) -> Iterator[Fault]:
    for path, _, host in _hosts(environment):
        if environment.zone_of(host) is None:
            problem = f"{shown(host)} lies in no declared zone; add its zone to [zones], or use a host in one of "
            yield _fault(path, problem + ", ".join(environment.zones), "zones")


def _primary_hosts_are_in_the_platform_account(environment: Environment) -> Iterator[Fault]:
    account = environment.platform.account
    for name, service in environment.services.items():
        zone = environment.zone_of(service.primary_host)
        if zone is not None and environment.zones[zone] != account:
            problem = (
                f"{shown(service.primary_host)} is the primary host and lies in {zone}, which account "
                f'"{environment.zones[zone]}" holds; put a host in a zone of account "{account}" first'
            )
            zone_path = dotted("zones", zone)
            yield _fault(dotted("services", name, "hosts", 0), problem, "zones", zone_path, "platform.account")


def _hosts_are_distinct(environment: Environment) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for path, _, host in _hosts(environment):
        if host in first:
            yield _fault(path, f"{shown(host)} is also given at {first[host]}; keep one of them", first[host])
        first.setdefault(host, path)


def _canonical_hosts_are_hosts(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if service.canonical_host is not None and service.canonical_host not in service.hosts:
            problem = (
                f"{shown(service.canonical_host)} is not among the service's hosts; add it there, or use one of them"
            )
            yield _fault(dotted("services", name, "canonical_host"), problem, dotted("services", name, "hosts"))


def _ports_are_distinct(environment: Environment) -> Iterator[Fault]:
    ports = {name: service.port for name, service in environment.services.items()}
    for name, other in _repeated(ports):
        problem = f"{ports[name]} is also used by services.{other}; choose another"
        yield _fault(dotted("services", name, "port"), problem, dotted("services", other, "port"))


def _priorities_are_distinct(environment: Environment) -> Iterator[Fault]:
    """Compare the priorities of services, each of which takes as many in a row as its hosts need rules."""
    taken = sorted((_priorities(service), name) for name, service in environment.services.items())
    for (lower, other), (upper, name) in pairwise(taken):
        if upper[0] in lower:
            held = (
                f"services.{other}" if len(lower) == 1 else f"services.{other}, which takes {lower[0]} to {lower[-1]}"
            )
            paths = [dotted("services", each, key) for each in (name, other) for key in ("priority", "hosts")]
            yield _fault(paths[0], f"{upper[0]} is also used by {held}; choose a free one", *paths[1:])


def _priorities_are_in_range(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        last = _priorities(service)[-1]
        if last > PRIORITY_MAX:
            path = dotted("services", name, "priority")
            problem = (
                f"{service.priority} leaves no room for {len(service.hosts)} hosts, which need priorities up to {last}"
            )
            yield _fault(path, f"{problem}; choose a lower one", dotted("services", name, "hosts"))


def _certificates_hold_every_host(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if len(service.hosts) > NAMES_ON_A_CERTIFICATE:
            problem = f"{len(service.hosts)} hosts do not fit on one certificate, which takes {NAMES_ON_A_CERTIFICATE}"
            yield _fault(dotted("services", name, "hosts"), f"{problem}; move some to another service")


def _target_group_names_fit(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        physical = naming.target_group_name(prefix=environment.prefix, service=name, generation=service.generation)
        if len(physical) > naming.TARGET_GROUP_NAME_MAX_CHARACTERS:
            problem = (
                f"its target group's name {shown(physical)} has {len(physical)} characters, and AWS takes "
                f"{naming.TARGET_GROUP_NAME_MAX_CHARACTERS}; shorten the prefix or the service's name"
            )
            yield _fault(dotted("services", name), problem, "prefix")


def _physical_names_are_distinct(environment: Environment) -> Iterator[Fault]:
    for name, other in _repeated(
        {name: naming.output_name(service=name, quantity="") for name in environment.services}
    ):
        problem = f"gives the same output names as services.{other}; rename one of them"
        yield _fault(dotted("services", name), problem, dotted("services", other))
    target_groups = {
        name: naming.target_group_name(prefix=environment.prefix, service=name, generation=service.generation)
        for name, service in environment.services.items()
    }
    for name, other in _repeated(target_groups):
        problem = f"gives the target group {shown(target_groups[name])}, as services.{other} does; rename one of them"
        yield _fault(dotted("services", name), problem, dotted("services", other))


def _health_checks_end_before_the_next_begins(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        check, path = service.health_check, dotted("services", name, "health_check")
        if check.timeout_seconds >= check.interval_seconds:
            problem = f"{check.timeout_seconds} is not below the interval of {check.interval_seconds}; lower it"
            yield _fault(f"{path}.timeout_seconds", problem, f"{path}.interval_seconds")


def _login_has_a_user_pool(environment: Environment) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if service.login and environment.platform.user_pool is None:
            problem = "true needs a Cognito user pool; name it in platform.user_pool"
            yield _fault(dotted("services", name, "login"), problem, "platform.user_pool")


RULES: tuple[Rule, ...] = (
    _accounts_can_be_entered,
    _account_ids_are_distinct,
    _named_accounts_are_declared,
    _hosts_have_a_zone,
    _primary_hosts_are_in_the_platform_account,
    _hosts_are_distinct,
    _canonical_hosts_are_hosts,
    _ports_are_distinct,
    _priorities_are_distinct,
    _priorities_are_in_range,
    _certificates_hold_every_host,
    _target_group_names_fit,
    _physical_names_are_distinct,
    _health_checks_end_before_the_next_begins,
    _login_has_a_user_pool,
)


def _fault(path: str, problem: str, *rests_on: str) -> Fault:
    return Fault("", path, problem, rests_on)


def _hosts(environment: Environment) -> Iterator[tuple[str, str, str]]:
    """Go over every host, with its path and its service's name."""
    for name, service in environment.services.items():
        for number, host in enumerate(service.hosts):
            yield dotted("services", name, "hosts", number), name, host


def _priorities(service: Service) -> list[int]:
    rules = -(-len(service.hosts) // CONDITION_VALUES_FOR_A_RULE)
    return list(range(service.priority, service.priority + rules))


def _repeated(values: dict[str, int] | dict[str, str]) -> Iterator[tuple[str, str]]:
    """Go over the names whose value an earlier name has too, with that earlier name."""
    first: dict[int | str, str] = {}
    for name, value in values.items():
        if value in first:
            yield name, first[value]
        first.setdefault(value, name)
