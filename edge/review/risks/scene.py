"""What a rule looks at: the plan, what is declared, and whose each resource is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from edge.aws.neighbours.model import Neighbours
from edge.review.expected import Declared, rule_hosts, rule_paths
from edge.review.findings import Risk
from edge.review.groups import group_of
from edge.review.ownership import Owners, with_accounts
from edge.review.resource_names import subject
from edge.review.risks.landmarks import Landmarks
from edge.tfplan.model import Change, Plan, hides, part
from environments import patterns
from environments.listener_rules import EVERY_PATH
from environments.text import printable


@dataclass(frozen=True)
class Scene:
    """One plan with what is declared, and what others have beside it; without a survey, that is not known."""

    plan: Plan
    declared: Declared
    owners: Owners
    landmarks: Landmarks
    neighbours: Neighbours = field(default_factory=Neighbours)

    @classmethod
    def of(cls, plan: Plan, declared: Declared, neighbours: Neighbours | None = None) -> Self:
        """Look at a plan with what is declared, and with what others have beside it."""
        plan = with_accounts(plan, declared)
        landmarks = Landmarks(plan, is_managed=declared.is_managed)
        return cls(plan, declared, Owners(declared), landmarks, neighbours or Neighbours())

    def named(self, change: Change) -> str:
        """Name a resource in the user's words."""
        return subject(change, self.owners.service_of(change))

    def risk(
        self,
        kind: str,
        change: Change,
        statement: str,
        *,
        can_be_accepted: bool = True,
        content: Iterable[str] = (),
    ) -> Risk:
        """Make a risk of a change; `statement` goes on after its name, and `content` is what it has no room for."""
        statement = printable(statement)
        return Risk(
            kind=kind,
            address=change.address,
            service=self.owners.service_of(change),
            account=change.account,
            sentence=printable(f"{self.named(change)} {statement}"),
            statement=statement,
            group=group_of(kind, change, self.declared, self.owners),
            can_be_accepted=can_be_accepted,
            deposed=change.deposed,
            content=tuple(content),
        )


def is_unknown(change: Change, attribute: str) -> bool:
    """Say whether an attribute, or a part of it, is known only after the deploy."""
    return hides(part(change.unknown, attribute))


def is_set(value: Any) -> bool:
    """Say whether an attribute has a value that says something."""
    return value not in (None, "", [], {}, False)


def takes(pattern: str, host: str) -> bool:
    """Say whether a host condition's pattern takes every request for a host, which may be a pattern itself.

    Letters match in either case:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
    """
    return patterns.covers(pattern.lower(), host.lower())


Request = tuple[str, str]
"""The patterns of a host and of a path."""
EVERYTHING = ("*", EVERY_PATH)


def requests(attributes: Mapping[str, Any]) -> list[Request]:
    """List what a listener rule's attributes take: each host with each path; every path, where they ask for none."""
    paths = rule_paths(attributes) or (EVERY_PATH,)
    return [(host, path) for host in rule_hosts(attributes) for path in paths]


def takes_request(pattern: Request, request: Request) -> bool:
    """Say whether patterns take every request for a host and a path; paths match in the same case only."""
    return takes(pattern[0], request[0]) and patterns.covers(pattern[1], request[1])


def overlap(one: Request, other: Request) -> bool:
    """Say whether some request is taken by both of two patterns."""
    hosts = patterns.overlap(one[0].lower(), other[0].lower())
    return hosts and patterns.overlap(one[1], other[1])


def written(request: Request) -> str:
    """Write a request as people do: without a path, where it is for every path."""
    host, path = request
    return host if path == EVERY_PATH else f"{host}{path}"
