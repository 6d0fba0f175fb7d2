"""The parts that a request goes through, and how they lead to one another, read from a synthesized configuration."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from environments.addresses import Purpose, RecordAddress
from environments.checked import Environment, Managed
from environments.text import listed

_REFERENCE = re.compile(r"\$\{(?:one\()?(data\.)?([a-z0-9_]+)\.([\w-]+)\.")


class Step(IntEnum):
    """How far a request has come: the column of a part."""

    CLIENT = 0
    NAME = 1
    BALANCER = 2
    RULE = 3
    GROUP = 4
    INSTANCES = 5


@dataclass(frozen=True)
class Node:
    """A part: its id, its lines of text, the account in which it stands, and its step."""

    id: str
    lines: tuple[str, ...]
    account: str
    step: Step


@dataclass(frozen=True)
class Edge:
    """That a request goes from one part to another; `proves` is of a certificate, which requests do not go through."""

    start: str
    end: str
    proves: bool = False


@dataclass(frozen=True)
class Graph:
    """The picture of an environment; `accounts` are the titles of the accounts, the load balancer's last."""

    accounts: Mapping[str, str]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(environment: Environment, document: Mapping[str, Any]) -> Graph:
    """Draw an environment from its configuration."""
    reading = _Reading(environment, document.get("resource", {}))
    nodes = [Node("client", ("clients",), "", Step.CLIENT)]
    edges: list[Edge] = []
    for found, leading in reading.parts():
        nodes.append(found)
        edges += leading
    own = environment.platform.account
    order = sorted({node.account for node in nodes if node.account}, key=lambda account: (account == own, account))
    return Graph({account: _title(account, environment) for account in order}, tuple(nodes), tuple(edges))


def _title(account: str, environment: Environment) -> str:
    zones = [zone for zone, declared in environment.zones.items() if declared.account == account]
    return f"account {account}: {listed(zones)}" if zones else f"account {account}"


@dataclass(frozen=True)
class _Reading:
    environment: Environment
    resources: Mapping[str, Mapping[str, Any]]

    def parts(self) -> Iterator[tuple[Node, list[Edge]]]:
        yield from self._records()
        yield from self._certificates()
        yield self._balancer()
        yield from self._rules()
        yield from self._groups()
        yield self._instances()

    def _records(self) -> Iterator[tuple[Node, list[Edge]]]:
        named: dict[str, dict[str, Any]] = {}
        for name, body in self.resources.get("aws_route53_record", {}).items():
            address = RecordAddress.parse(name)
            if address.purpose is Purpose.VALIDATION:
                yield self._proof(address.name, body)
            elif body["type"] in ("A", "AAAA", "CNAME"):
                entry = named.setdefault(body["name"], {"types": [], "body": body})
                entry["types"].append(body["type"])
        for host, entry in named.items():
            yield self._record(host, entry["types"], entry["body"])

    def _record(self, host: str, types: list[str], body: Mapping[str, Any]) -> tuple[Node, list[Edge]]:
        leads_to = _id("name", body["records"][0]) if "alias" not in body else "balancer"
        detail = f"TTL {body['ttl']} s" if "ttl" in body else "alias"
        node = Node(_id("name", host), (host, f"{listed(types)}, {detail}"), _account(body), Step.NAME)
        return node, [Edge("client", node.id), Edge(node.id, leads_to)]

    def _proof(self, host: str, body: Mapping[str, Any]) -> tuple[Node, list[Edge]]:
        node = Node(_id("proof", host), (f"proof of {host}", "CNAME for ACM"), _account(body), Step.NAME)
        certificate = re.search(r"aws_acm_certificate\.([\w-]+)\.", str(body["records"]))
        return node, [Edge(node.id, _id("certificate", certificate[1]), proves=True)] if certificate else []

    def _certificates(self) -> Iterator[tuple[Node, list[Edge]]]:
        for name, body in self.resources.get("aws_acm_certificate", {}).items():
            names = 1 + len(body.get("subject_alternative_names") or ())
            chosen = "by SNI" if name in self.resources.get("aws_lb_listener_certificate", {}) else "the default"
            lines = (f"certificate of {name.replace('_', ' ')}", f"{names} name{'s' if names > 1 else ''}, {chosen}")
            node = Node(_id("certificate", name), lines, _account(body), Step.BALANCER)
            yield node, [Edge(node.id, "balancer", proves=True)]

    def _balancer(self) -> tuple[Node, list[Edge]]:
        lines = ("load balancer", self.environment.load_balancer_name, "HTTPS 443")
        return Node("balancer", lines, self.environment.platform.account, Step.BALANCER), []

    def _rules_in_order(self) -> list[tuple[str, Mapping[str, Any]]]:
        rules = self.resources.get("aws_lb_listener_rule", {})
        return sorted(rules.items(), key=lambda rule: int(rule[1]["priority"]))

    def _rules(self) -> Iterator[tuple[Node, list[Edge]]]:
        for name, body in self._rules_in_order():
            signs_in = next((action["type"] for action in body["action"] if "authenticate" in action["type"]), "")
            lines = [f"rule {body['priority']}", *_values(body, "host_header"), *_values(body, "path_pattern")]
            node = Node(
                _id("rule", name), (*lines, *(["after a sign-in"] if signs_in else [])), _account(body), Step.RULE
            )
            yield node, [Edge("balancer", node.id), *(Edge(node.id, _id("group", to)) for to in _forwards_to(body))]

    def _groups(self) -> Iterator[tuple[Node, list[Edge]]]:
        order = {group: place for place, (_, rule) in enumerate(self._rules_in_order()) for group in _forwards_to(rule)}
        groups = self.resources.get("aws_lb_target_group", {})
        for name, body in sorted(groups.items(), key=lambda group: (order.get(group[0], len(order)), group[0])):
            lines = ("target group", str(body["name"]), f"{body['protocol']} {body['port']}")
            node = Node(_id("group", name), lines, _account(body), Step.GROUP)
            yield node, [Edge(node.id, "instances")]

    def _instances(self) -> tuple[Node, list[Edge]]:
        foundation = self.environment.foundation
        made = self.resources.get("aws_autoscaling_group", {})
        names = [str(body["name"]) for body in made.values()]
        name = names[0] if isinstance(foundation, Managed) else foundation.autoscaling_group
        return Node("instances", ("instances of", name), self.environment.platform.account, Step.INSTANCES), []


def _values(rule: Mapping[str, Any], kind: str) -> Iterator[str]:
    for condition in rule["condition"]:
        yield from condition.get(kind, {}).get("values", ())


def _account(body: Mapping[str, Any]) -> str:
    return str(body["provider"]).partition(".")[2]


def _forwards_to(rule: Mapping[str, Any]) -> list[str]:
    """Give the names of the target groups that a rule's actions forward to."""
    return sorted({_name(str(action.get("target_group_arn", ""))) for action in rule["action"]} - {""})


def _name(expression: str) -> str:
    found = _REFERENCE.match(expression)
    return found[3] if found else ""


def _id(kind: str, name: str) -> str:
    return f"{kind}_" + re.sub(r"\W", lambda letter: "any" if letter[0] == "*" else "_", name)
