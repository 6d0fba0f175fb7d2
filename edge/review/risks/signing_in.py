"""Hosts that asked for a sign-in and no longer do, whichever rule takes them; and where a sign-in leads back to."""

from collections.abc import Iterator, Sequence
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.listener_rules import Rule, all_of, requests_of, rules
from edge.review.risks.scene import Request, Scene
from edge.tfplan.model import UNKNOWN, Action, Change, hides, part, with_unknown
from environments.listener_rules import SIGN_IN_CALLBACK_PATH
from environments.text import listed

_CLIENT = "aws_cognito_user_pool_client"
_LEADING_BACK = ("callback_urls", "default_redirect_uri", "logout_urls")


def _opened(scene: Scene) -> Iterator[Risk]:
    """Find a rule that newly takes, without a sign-in, requests for which one was asked before this plan."""
    before, after = rules(scene, "before"), rules(scene, "after")
    opened: dict[str, list[tuple[Request, Rule]]] = {}
    for guard in before:
        for request in guard.requests if guard.asks_for_login else ():
            stood = {rule.address: rule for rule in _openers(before, request)}
            for opener in _openers(after, request):
                if not _is_as_wide(opener, stood.get(opener.address)):
                    opened.setdefault(opener.address, []).append((request, guard))
    for change in scene.plan.changes:
        if change.address in opened:
            found = opened[change.address]
            yield scene.risk("OPENED", change, _sentence(change.address, found), content=all_of(found))


def _openers(rules: Sequence[Rule], request: Request) -> Iterator[Rule]:
    """Give the rules that may take some of a request without a sign-in, until one that asks for it surely takes all."""
    closed: list[Any] = []
    for rule in rules:
        if rule.listener in closed:
            continue
        if rule.asks_for_login:
            closed += [rule.listener] if rule.surely_takes(request) else []
        elif rule.may_take(request):
            yield rule


def _is_as_wide(opener: Rule, before: Rule | None) -> bool:
    """Say whether a rule let in as much before: all that it may take now."""
    return before is not None and set(opener.requests) <= set(before.requests)


def _sentence(address: str, found: list[tuple[Request, Rule]]) -> str:
    guards = [rule for rule in dict.fromkeys(rule.address for _, rule in found) if rule != address]
    whose = f", where {listed(guards)} asked for one" if guards else ", for which it asked before"
    return f"lets in without a sign-in whoever asks for {requests_of(request for request, _ in found)}{whose}"


def _leads_back_elsewhere(scene: Scene) -> Iterator[Risk]:
    """Find a sign-in client that hands its codes to another address than a declared host's.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
    """
    hosts = {host for service in scene.declared.hosts.values() for host in service}
    expected = {f"https://{host}{SIGN_IN_CALLBACK_PATH}" for host in hosts}
    for change in scene.plan.changes:
        if change.type != _CLIENT or not change.after:
            continue
        planned = with_unknown(change.after, change.unknown)
        strangers = [key for key in _LEADING_BACK if _is_strange(change, key, planned.get(key), expected)]
        if strangers:
            yield scene.risk("CALLBACK", change, f"leads people back to what is no declared host ({listed(strangers)})")


def _is_strange(change: Change, key: str, planned: Any, expected: set[str]) -> bool:
    if change.action is not Action.NOTHING and hides(part(change.after_sensitive, key)):
        return True
    if planned == change.before.get(key) and change.imported_id is None:
        return False
    if planned is UNKNOWN and key not in change.settings:
        return False  # AWS's own
    return not set(_listed(planned)) <= expected


def _listed(value: Any) -> list[Any]:
    """List the addresses that an attribute holds; one that is not set says nothing, and AWS picks a callback for it."""
    if value is UNKNOWN:
        return [UNKNOWN]
    return value if isinstance(value, list) else [value] if value else []


RULES = (_opened, _leads_back_elsewhere)
