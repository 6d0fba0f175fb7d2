"""The rules as the listener reads them: what others take of our hosts before our own rule is asked.

Asking shows one request for each host and path; a rule for POST, for `/login*`, or one that forwards half of the
requests elsewhere is seen only by reading it.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from collections.abc import Iterator, Sequence

from edge.aws import ordinary_clients
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.resolution import sample
from edge.verify.routing import group_name
from edge.verify.severity import Severity
from edge.verify.standing.listeners import HTTP, HTTPS, SIGN_INS, Rule, read
from environments import patterns
from environments.checked import Environment
from environments.listener_rules import EVERY_PATH
from environments.schema import Service
from environments.shared_hosts import paths_of

_Request = tuple[str, str]
# Certificate authorities look here over plain HTTP (RFC 8555 section 8.3); nobody else does.
_CHALLENGES = "/.well-known/acme-challenge/*"
_REMOVE = "remove the rule, or give it a higher number than our own"
_REDEPLOY = "remove what should not be there, or deploy again"


def rules(environment: Environment, load_balancer_arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that no rule takes a part of our hosts before ours do, and that ours forward to their own group alone."""
    found = read(load_balancer_arn, aws=aws)
    expect_none("rules", list(faults(environment, found)))
    ours = sum(len(service.rules) for service in environment.services.values())
    notes = tuple(special(environment, found))
    return Answered(f"of {len(found)} rules none takes a part of what comes to our {ours}", None, notes)


def special(environment: Environment, found: Sequence[Rule]) -> Iterator[str]:
    """Say which rules take special requests of our hosts, which is no failure: one's own header, one office."""
    requests = [(name, request) for name, service in environment.services.items() for request in _requests(service)]
    for rule in found:
        elsewhere = (ours for name, ours in requests if group_name(environment, name) not in rule.groups)
        if rule.is_special and any(_overlaps(rule, ours) for ours in elsewhere):
            yield f"{rule.name}, for {rule.taken.taken}, takes some special requests, and {rule.does}"


def faults(environment: Environment, found: Sequence[Rule]) -> Iterator[Fault]:
    """Give a fault for each rule that takes some of the requests of a service."""
    https = [rule for rule in found if rule.port == HTTPS and not rule.is_default]
    http = [rule for rule in found if rule.port == HTTP and not rule.is_default]
    seen = set()
    for name, service in environment.services.items():
        for request in _requests(service):
            for fault in (*_taken(environment, name, request, https), *_taken_over_http(request, http)):
                if fault.found not in seen:
                    seen.add(fault.found)
                    yield fault


def _requests(service: Service) -> list[_Request]:
    return [(host, path) for host in service.hosts for path in paths_of(service)]


def _taken(environment: Environment, name: str, request: _Request, ordered: Sequence[Rule]) -> Iterator[Fault]:
    """Go over the rules until one of the service's own takes all that is left of a request."""
    group = group_name(environment, name)
    earlier: list[Rule] = []
    own = ""
    for rule in ordered:
        if not _overlaps(rule, request):
            continue
        if group in rule.groups:
            yield from _elsewhere(rule, group, request)
            yield from _asking(environment, name, rule)
            if rule.is_sure and _covers(rule, request):
                return
            own = rule.name
        elif not (_is_expected(environment, name, rule) or rule.is_special or _is_shadowed(rule, request, earlier)):
            yield Fault(
                f"{rule.name}, for {rule.taken.taken}, comes before {name}'s rule for {request[0]} and {rule.does}",
                _REMOVE,
            )
        earlier.append(rule)
    if own:  # without any the check "routing" fails
        yield Fault(f"{own} of {name} leaves out some of the requests for {request[0]}", _REDEPLOY)


def _elsewhere(rule: Rule, group: str, request: _Request) -> Iterator[Fault]:
    for other, share in rule.groups.items():
        if other != group:
            yield Fault(f"{rule.name} sends {share:g} % of the requests for {request[0]} to {other}", _REDEPLOY)


def _asking(environment: Environment, name: str, rule: Rule) -> Iterator[Fault]:
    if environment.services[name].sign_in is None and not rule.is_special:
        asking = [action["Type"] for action in rule.described["Actions"] if action["Type"] in SIGN_INS]
        for action in asking:
            found = f"{rule.name} asks for a sign-in ({action}), and the file has none for {name}"
            yield Fault(found, "remove it from the rule, or deploy again", Severity.OUTAGE)


def _is_expected(environment: Environment, name: str, rule: Rule) -> bool:
    """Tell whether it is the rule of another service that the file asks before this one, for no more than its own."""
    mine = environment.services[name].priority
    for other, service in environment.services.items():
        if service.priority < mine and set(rule.groups) == {group_name(environment, other)}:
            declared = _requests(service)
            if all(any(_holds(wanted, taken) for wanted in declared) for taken in rule.requests):
                return True
    return False


def _is_shadowed(rule: Rule, request: _Request, earlier: Sequence[Rule]) -> bool:
    """Tell whether earlier rules take all that would come to a rule of a request's host, by each of its methods."""
    plain = [other for other in earlier if not other.taken.asks_more]
    for method in rule.taken.methods or (None,):
        before = [
            taken
            for other in plain
            if not other.taken.methods or method in other.taken.methods
            for taken in other.requests
        ]
        if any(_is_left(taken, request, before) for taken in rule.requests):
            return False
    return True


def _is_left(taken: _Request, request: _Request, before: Sequence[_Request]) -> bool:
    """Tell whether something of a request's host and path comes to a rule for `taken`, behind what is taken before."""
    (theirs, their_path), (host, path) = taken, request
    if not (patterns.overlap(theirs, host) and patterns.overlap(their_path, path)):
        return False
    met = theirs if patterns.wildcards([host]) else host  # of a host without a wildcard nothing else counts
    paths = [other_path for other_host, other_path in before if patterns.covers(other_host, met)]
    return all(patterns.first_taken(asked, besides=paths) is not None for asked in {path, their_path})


def _taken_over_http(request: _Request, http: Sequence[Rule]) -> Iterator[Fault]:
    """Find what answers on port 80 otherwise than by leading to HTTPS."""
    for rule in http:
        challenges = all(patterns.covers(_CHALLENGES, path) for _, path in rule.requests)
        if _overlaps(rule, request) and not (_leads_to_https(rule) or challenges or rule.is_special):
            found = f"{rule.name}, for {rule.taken.taken}, {rule.does} over plain HTTP what {request[0]} is asked"
            yield Fault(found, "remove the rule, so that port 80 redirects to HTTPS")


def _leads_to_https(rule: Rule) -> bool:
    return any(
        action["Type"] == "redirect" and action["RedirectConfig"].get("Protocol") == "HTTPS"
        for action in rule.described["Actions"]
    )


def _overlaps(rule: Rule, request: _Request) -> bool:
    host, path = request
    if rule.host_regexes and not ordinary_clients.fits(rule.host_regexes, sample(host)):
        return False
    return any(
        patterns.overlap(theirs, host) and (path == EVERY_PATH or patterns.overlap(their_path, path))
        for theirs, their_path in rule.requests
    )


def _covers(rule: Rule, request: _Request) -> bool:
    return any(_holds(taken, request) for taken in rule.requests)


def _holds(one: _Request, other: _Request) -> bool:
    return patterns.covers(one[0], other[0]) and (one[1] in ("*", EVERY_PATH) or patterns.covers(one[1], other[1]))
