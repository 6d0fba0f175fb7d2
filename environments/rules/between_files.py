"""Checks across files: two environments that write the same thing would undo each other's work at every deploy."""

from collections.abc import Hashable, Iterator, Mapping

from environments import naming
from environments.checked import Environment
from environments.dns_names import base_name, zone_of
from environments.faults import Fault, dotted
from environments.platforms import ManagedPlatform
from environments.schema import Service
from environments.text import shown

_Identity = tuple[Hashable, ...]


def faults(environments: Mapping[str, Environment]) -> list[Fault]:
    """Compare environments that are right each for itself, by the names of their files; give the faults in order."""
    first: dict[_Identity, tuple[str, str]] = {}
    of_one_prefix: set[tuple[str, str]] = set()
    found = [*_contradictions(environments), *_below_zones_of_others(environments)]
    for file, environment in environments.items():
        for identity, path, what, remedy in _written(environment):
            other_file, other_path = first.setdefault(identity, (file, path))
            if identity[0] == "platform":
                of_one_prefix.add((file, other_file))
            elif (file, other_file) in of_one_prefix and _comes_of_the_prefix(identity, path, environment.prefix):
                continue
            if other_file != file:
                found.append(Fault(file, path, f"{what} is also that of {other_path} in {other_file}; {remedy}"))
    return found


def _comes_of_the_prefix(identity: _Identity, path: str, prefix: str) -> bool:
    """Tell whether two managed platforms share this only because they share a prefix, which is reported itself."""
    named = identity[0] in {"target group", "priority"} or path == "prefix"
    return named or (identity[0] == "sign-in domain" and identity[-1] == prefix)


def _contradictions(environments: Mapping[str, Environment]) -> Iterator[Fault]:
    """Find an account's name that stands for two accounts, and a zone that lies in two."""
    ids: dict[str, tuple[str, str]] = {}
    holders: dict[str, tuple[str, str, str]] = {}
    for file, environment in environments.items():
        for name, account in environment.accounts.items():
            other, first_file = ids.setdefault(name, (account.id, file))
            if other != account.id:
                problem = (
                    f"{shown(account.id)} is another account than {shown(other)}, which has this name in {first_file}"
                )
                yield Fault(file, dotted("accounts", name, "id"), f"{problem}; correct one id, or give another name")
        for zone, declared in environment.zones.items():
            account_id = environment.accounts[declared.account].id
            other, other_name, first_file = holders.setdefault(zone, (account_id, declared.account, file))
            if other != account_id and other_name != declared.account:  # else the account's own fault says it
                where = f"lies in account {declared.account} here, and in account {other_name} in {first_file}"
                yield Fault(file, dotted("zones", zone), f"{where}; name the account that holds it in both")


def _below_zones_of_others(environments: Mapping[str, Environment]) -> Iterator[Fault]:
    """Find a host below a longer zone that only another file declares: nobody asks the zone that it is written into."""
    files = {zone: file for file, environment in environments.items() for zone in environment.zones}
    made = {zone for environment in environments.values() for zone in environment.created_zones}
    for file, environment in environments.items():
        for name, service in environment.services.items():
            for key, number, host in _named(service):
                zone = zone_of(base_name(host), files)
                if zone is None or zone in environment.zones or (zone == base_name(host) and zone in made):
                    continue
                problem = f"{shown(host)} lies in the zone {shown(zone)}, which {files[zone]} declares"
                remedy = f"declare it here too, with its account, since nobody asks {environment.zone_of(host)} for it"
                yield Fault(file, dotted("services", name, key, number), f"{problem}; {remedy}")


def _written(environment: Environment) -> Iterator[tuple[_Identity, str, str, str]]:
    """Go over what an environment writes: its identity among all environments, its path, a name, and the remedy."""
    if environment.backend is not None:
        backend = environment.backend
        what = f"the state {shown(f'{backend.bucket}/{backend.key}')}"
        yield ("state", backend.bucket, backend.key), "backend.key", what, "give each environment a key of its own"
    platform = environment.platform
    home = (environment.accounts[platform.account].id, environment.region)
    yield from _made_here(environment, home)
    for name, service in environment.services.items():
        path = dotted("services", name)
        physical = naming.target_group_name(prefix=environment.prefix, service=name, generation=service.generation)
        yield ("target group", *home, physical), path, f"the target group {shown(physical)}", "change one prefix"
        for priority in service.priorities:
            identity = ("priority", *home, environment.load_balancer_name, priority)
            what = f"priority {priority} on {environment.load_balancer_name}"
            yield identity, f"{path}.priority", what, "choose a free one"
        yield from _records(environment, service, name)


def _made_here(environment: Environment, home: tuple[str, str]) -> Iterator[tuple[_Identity, str, str, str]]:
    """Go over what an environment makes besides its services: a platform, and hosted zones."""
    if isinstance(environment.platform, ManagedPlatform):
        account, region = home
        prefix = environment.prefix
        # In every region: names of roles are an account's, and the log bucket's name holds no region.
        yield ("platform", account, prefix), "prefix", f"the prefix {shown(prefix)} in account {account}", "change one"
        if domain := environment.sign_in_domain:
            what = f"the sign-in domain {shown(domain)} in {region}"
            yield ("sign-in domain", region, domain), "platform.login.domain_prefix", what, "give another one"
    if managed := environment.managed:
        what = f"the load balancer's own name {shown(managed.own_name)}"
        identity = ("record", managed.own_zone, managed.own_name)
        yield identity, "prefix", what, "change the prefix, or drop the host"
    for zone in environment.created_zones:
        delegation = ("record", environment.parent_of(zone), zone)
        yield delegation, dotted("zones", zone), f"the zone {shown(zone)}", "let one environment create it"


def _records(environment: Environment, service: Service, name: str) -> Iterator[tuple[_Identity, str, str, str]]:
    for key, number, host in _named(service):
        identity = ("record", environment.zone_of(host), base_name(host))
        yield identity, dotted("services", name, key, number), f"the record {shown(host)}", "keep one of them"


def _named(service: Service) -> Iterator[tuple[str, int, str]]:
    """Go over what a service has records for: its hosts, and what else its certificate names, each with its place."""
    for key, names in (("hosts", service.hosts), ("certificate_names", service.certificate_names)):
        for number, host in enumerate(names):
            yield key, number, host
