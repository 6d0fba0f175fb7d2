"""What a listener rule may take, and what it surely takes: the first is asked of dangers, the second of protections.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edge.aws.everywhere import is_everywhere
from edge.review.expected import RULE, rule_hosts, rule_paths
from edge.review.risks.providers import Provider, asks_for_login, own_clients, provider
from edge.review.risks.scene import Request, Scene, is_unknown, written
from edge.tfplan.model import Change
from environments import patterns
from environments.listener_rules import EVERY_PATH
from environments.text import listed

# What browsers and API clients send (RFC 9110 section 9, RFC 5789).
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
BY_REQUEST = ("host_header", "path_pattern")
_SHOWN_AT_MOST = 3


@dataclass(frozen=True)
class Rule:
    """One side of a rule's change: its patterns, whether it asks for more than those, its place, and its sign-in."""

    address: str
    listener: Any
    priority: int | None
    requests: tuple[Request, ...]
    is_sure: bool
    asks_for_login: bool
    provider: Provider

    def may_take(self, request: Request) -> bool:
        """Say whether some requests of a host and a path can come to it."""
        return any(_overlap(mine, request) for mine in self.requests)

    def surely_takes(self, request: Request) -> bool:
        """Say whether all requests of a host and a path that come to it are taken."""
        return self.is_sure and any(_covers(mine, request) for mine in self.requests)


def rules(scene: Scene, side: str) -> list[Rule]:
    """Give the rules of all listeners before or after a plan, in the order in which each listener asks them.

    One whose priority is not known comes first, as the most dangerous place for a rule that lets in.
    """
    found, own = [], own_clients(scene.plan.changes)
    for change in scene.plan.changes:
        attributes = getattr(change, side)
        if change.type == RULE and attributes and not change.deposed:
            has_unknown = side == "after" and is_unknown(change, "condition")
            found.append(_rule(change, attributes, provider(attributes, own), has_unknown=has_unknown))
    return sorted(found, key=lambda rule: (rule.priority is not None, rule.priority or 0))


def _rule(change: Change, attributes: Mapping[str, Any], asked: Provider, *, has_unknown: bool) -> Rule:
    priority = attributes.get("priority")
    hosts, paths = rule_hosts(attributes) or ("*",), rule_paths(attributes) or (EVERY_PATH,)
    if has_unknown:
        paths = (EVERY_PATH,)
    return Rule(
        address=change.address,
        listener=attributes.get("listener_arn"),
        priority=priority if isinstance(priority, int) else None,
        requests=tuple((host, path) for host in hosts for path in paths),
        is_sure=not has_unknown and isinstance(priority, int) and takes_all_else(attributes),
        asks_for_login=asks_for_login(attributes),
        provider=asked,
    )


def requests_of(requests: Iterable[Request]) -> str:
    """Write the first of some requests, and how many more there are."""
    every = [written(request) for request in dict.fromkeys(requests)]
    more = f" and {len(every) - _SHOWN_AT_MOST} more" if len(every) > _SHOWN_AT_MOST else ""
    return f"{listed(every[:_SHOWN_AT_MOST])}{more}"


def all_of(found: Iterable[tuple[Request, Rule]]) -> list[str]:
    """Write all requests, each with the rule that took it before: an acceptance is of these."""
    return sorted({f"{written(request)} of {rule.address}" for request, rule in found})


def takes_all_else(attributes: Mapping[str, Any]) -> bool:
    """Say whether a rule's conditions other than those on hosts and paths let every request through."""
    return all(
        _IS_EVERYTHING.get(kind, _is_nothing)(blocks)
        for condition in attributes.get("condition") or ()
        for kind, blocks in condition.items()
        if blocks and kind not in BY_REQUEST
    )


def _is_nothing(_: object) -> bool:
    return False


def _every_method(blocks: Iterable[Mapping[str, Any]]) -> bool:
    return all(set(map(str.upper, block.get("values") or ())) >= _METHODS for block in blocks)


def _every_value(blocks: Iterable[Mapping[str, Any]]) -> bool:
    """Any value of a header or of a query: practically every client sends those that rules ask for."""
    return all(any(not str(value).strip("*") for value in _values(block)) for block in blocks)


def _values(block: Mapping[str, Any]) -> list[Any]:
    return [*(block.get("values") or ()), *([block["value"]] if block.get("value") else [])]


def _every_source(blocks: Iterable[Mapping[str, Any]]) -> bool:
    return all(_is_everywhere(list(block.get("values") or ())) for block in blocks)


def _is_everywhere(values: Sequence[Any]) -> bool:
    try:
        return any(is_everywhere(map(str, values), version=version) for version in (4, 6))
    except ValueError:
        return False


_IS_EVERYTHING: Mapping[str, Callable[[Any], bool]] = {
    "http_header": _every_value,
    "http_request_method": _every_method,
    "query_string": _every_value,
    "source_ip": _every_source,
}


def _covers(one: Request, other: Request) -> bool:
    return patterns.covers(one[0].lower(), other[0].lower()) and patterns.covers(one[1], other[1])


def _overlap(one: Request, other: Request) -> bool:
    return patterns.overlap(one[0].lower(), other[0].lower()) and patterns.overlap(one[1], other[1])
