"""Another provider that says who somebody is: of one rule, and of a request that another rule takes from now on."""

from collections.abc import Iterator, Sequence
from typing import Any

from edge.review.differences import redacted
from edge.review.expected import RULE
from edge.review.findings import Risk
from edge.review.risks.listener_rules import Rule, all_of, requests_of, rules
from edge.review.risks.providers import LISTENER, changed, differs, own_clients, provider
from edge.review.risks.scene import Request, Scene
from edge.tfplan.model import Change
from environments.text import listed


def _another_provider(scene: Scene) -> Iterator[Risk]:
    """Find a listener rule that goes on asking for a sign-in, and lets another provider say who somebody is."""
    own = own_clients(scene.plan.changes)
    for change in scene.plan.changes:
        if change.type in (RULE, LISTENER) and differs(provider(change.before, own), provider(change.after, own)):
            statement = f"lets another provider say who somebody is ({_shown(change, own)})"
            yield scene.risk("PROVIDER", change, statement)


def _shown(change: Change, own: frozenset[str]) -> str:
    before = provider(redacted(change.before, change.before_sensitive), own)
    after = provider(redacted(change.after, change.after_sensitive), own)
    return "; ".join(
        f"{key} {before.get(key, '(none)')} → {after.get(key, '(none)')}" for key in changed(before, after)
    )


def _moved_to_another(scene: Scene) -> Iterator[Risk]:
    """Find a rule that newly takes, with a sign-in, requests for which another provider was asked before this plan."""
    before, after = rules(scene, "before"), rules(scene, "after")
    moved: dict[str, list[tuple[Request, Rule]]] = {}
    for guard in before:
        for request in guard.requests if guard.provider else ():
            stood = list(_takers(before, request))
            for taker in _takers(after, request):
                if differs(guard.provider, taker.provider) and not _took_it(taker, stood):
                    moved.setdefault(taker.address, []).append((request, guard))
    for change in scene.plan.changes:
        if change.address in moved:
            found = moved[change.address]
            yield scene.risk("PROVIDER", change, _sentence(found), content=all_of(found))


def _takers(rules: Sequence[Rule], request: Request) -> Iterator[Rule]:
    """Give the rules that may take some of a request, until one surely takes all that is left of it."""
    closed: list[Any] = []
    for rule in rules:
        if rule.listener not in closed and rule.may_take(request):
            closed += [rule.listener] if rule.surely_takes(request) else []
            yield rule


def _took_it(taker: Rule, stood: Sequence[Rule]) -> bool:
    """Say whether a rule took as much before, and asked the same provider."""
    before = next((rule for rule in stood if rule.address == taker.address), None)
    return (
        before is not None
        and set(taker.requests) <= set(before.requests)
        and bool(before.provider)
        and not differs(before.provider, taker.provider)
    )


def _sentence(found: Sequence[tuple[Request, Rule]]) -> str:
    guards = listed(dict.fromkeys(guard.address for _, guard in found))
    requests = requests_of(request for request, _ in found)
    return f"lets another provider say who somebody is that asks for {requests}: until now {guards} asked its own"


def _closed(scene: Scene) -> Iterator[Risk]:
    """Find a rule that newly asks for a sign-in where another service's rule let everybody in before this plan.

    A service that gets a sign-in says so in its own table; of a host that moves to one that has it, nothing does, and
    its clients may be programs that follow no redirect.
    """
    before, after = rules(scene, "before"), rules(scene, "after")
    services = {change.address: scene.owners.service_of(change) for change in scene.plan.changes}
    closed: dict[str, list[tuple[Request, Rule]]] = {}
    for opener in before:
        for request in opener.requests if not opener.asks_for_login else ():
            stood = list(_takers(before, request))
            for taker in _takers(after, request) if opener in stood else ():
                is_of_another = services[taker.address] is None or services[taker.address] != services[opener.address]
                if taker.asks_for_login and is_of_another and not _took_it(taker, stood):
                    closed.setdefault(taker.address, []).append((request, opener))
    for change in scene.plan.changes:
        if change.address in closed:
            found = closed[change.address]
            openers = listed(dict.fromkeys(opener.address for _, opener in found))
            asked_for = requests_of(request for request, _ in found)
            statement = f"asks whoever comes to {asked_for} to sign in: until now {openers} let everybody in"
            yield scene.risk("CLOSED", change, statement, content=all_of(found))


RULES = (_another_provider, _moved_to_another, _closed)
