"""The parts that a request goes through, and how they lead to one another, read from a synthesized configuration."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    """A part: its id, its lines of text, the account in which it stands, and its step.

    `addresses` are Terraform's, of what is made here for it; `mark` is what a plan does to it, or empty.
    """

    id: str
    lines: tuple[str, ...]
    account: str
    step: Step
    addresses: tuple[str, ...] = ()
    mark: str = ""


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
                node, edges = self._proof(address.name, body)
                yield replace(node, addresses=(f"aws_route53_record.{name}",)), edges
            elif body["type"] in ("A", "AAAA", "CNAME"):
                entry = named.setdefault(body["name"], {"types": [], "body": body, "addresses": []})
                entry["types"].append(body["type"])
                entry["addresses"].append(f"aws_route53_record.{name}")
        for host, entry in named.items():
            node, edges = self._record(host, entry["types"], entry["body"])
            yield replace(node, addresses=tuple(entry["addresses"])), edges

    def _record(self, host: str, types: list[str], body: Mapping[str, Any]) -> tuple[Node, list[Edge]]:
        leads_to = node_id("name", body["records"][0]) if "alias" not in body else "balancer"
        detail = f"TTL {body['ttl']} s" if "ttl" in body else "alias"
        node = Node(node_id("name", host), (host, f"{listed(types)}, {detail}"), _account(body), Step.NAME)
        return node, [Edge("client", node.id), Edge(node.id, leads_to)]

    def _proof(self, host: str, body: Mapping[str, Any]) -> tuple[Node, list[Edge]]:
        node = Node(node_id("proof", host), (f"proof of {host}", "CNAME for ACM"), _account(body), Step.NAME)
        certificate = re.search(r"aws_acm_certificate\.([\w-]+)\.", str(body["records"]))
        return node, [Edge(node.id, node_id("certificate", certificate[1]), proves=True)] if certificate else []

    def _certificates(self) -> Iterator[tuple[Node, list[Edge]]]:
        for name, body in self.resources.get("aws_acm_certificate", {}).items():
            names = 1 + len(body.get("subject_alternative_names") or ())
            chosen = "by SNI" if name in self.resources.get("aws_lb_listener_certificate", {}) else "the default"
            lines = (f"certificate of {name.replace('_', ' ')}", f"{names} name{'s' if names > 1 else ''}, {chosen}")
            addresses = (f"aws_acm_certificate.{name}",)
            node = Node(node_id("certificate", name), lines, _account(body), Step.BALANCER, addresses)
            yield node, [Edge(node.id, "balancer", proves=True)]

    def _balancer(self) -> tuple[Node, list[Edge]]:
        lines = ("load balancer", self.environment.load_balancer_name, "HTTPS 443")
        addresses = tuple(f"aws_lb.{name}" for name in self.resources.get("aws_lb", {}))
        return Node("balancer", lines, self.environment.platform.account, Step.BALANCER, addresses), []

    def _rules_in_order(self) -> list[tuple[str, Mapping[str, Any]]]:
        rules = self.resources.get("aws_lb_listener_rule", {})
        return sorted(rules.items(), key=lambda rule: int(rule[1]["priority"]))

    def _rules(self) -> Iterator[tuple[Node, list[Edge]]]:
        for name, body in self._rules_in_order():
            signs_in = next((action["type"] for action in body["action"] if "authenticate" in action["type"]), "")
            lines = [f"rule {body['priority']}", *_values(body, "host_header"), *_values(body, "path_pattern")]
            lines += ["after a sign-in"] if signs_in else []
            addresses = (f"aws_lb_listener_rule.{name}",)
            node = Node(node_id("rule", name), tuple(lines), _account(body), Step.RULE, addresses)
            groups = [Edge(node.id, node_id("group", to)) for to in _forwards_to(body)]
            yield node, [Edge("balancer", node.id), *groups, *_served_with_anothers(node, body)]

    def _groups(self) -> Iterator[tuple[Node, list[Edge]]]:
        order = {group: place for place, (_, rule) in enumerate(self._rules_in_order()) for group in _forwards_to(rule)}
        groups = self.resources.get("aws_lb_target_group", {})
        for name, body in sorted(groups.items(), key=lambda group: (order.get(group[0], len(order)), group[0])):
            lines = ("target group", str(body["name"]), f"{body['protocol']} {body['port']}")
            addresses = (f"aws_lb_target_group.{name}",)
            node = Node(node_id("group", name), lines, _account(body), Step.GROUP, addresses)
            yield node, [Edge(node.id, "instances")]

    def _instances(self) -> tuple[Node, list[Edge]]:
        foundation = self.environment.foundation
        made = self.resources.get("aws_autoscaling_group", {})
        names = [str(body["name"]) for body in made.values()]
        name = names[0] if isinstance(foundation, Managed) else foundation.autoscaling_group
        addresses = tuple(f"aws_autoscaling_group.{key}" for key in made)
        return Node(
            "instances", ("instances of", name), self.environment.platform.account, Step.INSTANCES, addresses
        ), []


def _values(rule: Mapping[str, Any], kind: str) -> Iterator[str]:
    for condition in rule["condition"]:
        yield from condition.get(kind, {}).get("values", ())


def _served_with_anothers(rule: Node, body: Mapping[str, Any]) -> Iterator[Edge]:
    """Lead from other services' certificates to a rule that serves with them; a tag of it names those services."""
    for owner in str(body.get("tags", {}).get("Certificate", "")).split():
        yield Edge(node_id("certificate", owner), rule.id, proves=True)


def _account(body: Mapping[str, Any]) -> str:
    return str(body["provider"]).partition(".")[2]


def _forwards_to(rule: Mapping[str, Any]) -> list[str]:
    """Give the names of the target groups that a rule's actions forward to."""
    return sorted({_name(str(action.get("target_group_arn", ""))) for action in rule["action"]} - {""})


def _name(expression: str) -> str:
    found = _REFERENCE.match(expression)
    return found[3] if found else ""


def node_id(kind: str, name: str) -> str:
    """Make an id that Mermaid takes of what a part is and of its name."""
    return f"{kind}_" + re.sub(r"\W", lambda letter: "any" if letter[0] == "*" else "_", name)
