"""The load balancer's listeners with their rules, as a check reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from edge.aws import alb_semantics, ordinary_clients
from edge.aws.neighbours.model import ForeignRule
from edge.aws.neighbours.reading import foreign_rule
from edge.verify.aws_client import AwsClient
from environments.listener_rules import EVERY_PATH

HTTP, HTTPS = 80, 443
SIGN_INS = {"authenticate-cognito": "AuthenticateCognitoConfig", "authenticate-oidc": "AuthenticateOidcConfig"}
DEFAULT = "default"


@dataclass(frozen=True)
class Rule:
    """One rule of a listener, the default action too, with the share in percent that each target group gets by name."""

    port: int
    described: Mapping[str, Any]

    @property
    def is_default(self) -> bool:
        """Whether it is the default action, which takes what no rule takes."""
        return bool(self.described["Priority"] == DEFAULT)

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        place = "" if self.port == HTTPS else f" on port {self.port}"
        return f"the default action{place}" if self.is_default else f"rule {self.described['Priority']}{place}"

    @cached_property
    def groups(self) -> dict[str, float]:
        """The share of its requests, in percent, that it forwards to each target group, by the groups' names."""
        shares = alb_semantics.shares(self.described["Actions"])
        return {alb_semantics.name_of_group(arn): share for arn, share in shares.items()}

    @property
    def does(self) -> str:
        """Where it leads."""
        if self.groups:
            return f"forwards to {' and '.join(f'{name} ({share:g} %)' for name, share in self.groups.items())}"
        return f"does {self.described['Actions'][-1]['Type']}"

    @cached_property
    def taken(self) -> ForeignRule:
        """What it takes, as a neighbour's rule; not for the default action."""
        return foreign_rule(self.described, {})

    @cached_property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """The patterns of host and path that it takes."""
        hosts = tuple(host.lower() for host in alb_semantics.values(self.described, "host-header")) or ("*",)
        paths = alb_semantics.values(self.described, "path-pattern") or (EVERY_PATH,)
        return tuple((host, path) for host in hosts for path in paths)

    @cached_property
    def is_special(self) -> bool:
        """Whether it takes requests of special clients alone: with a header of one's own, or from one office."""
        return (
            not self.is_default and self.taken.asks_more and not ordinary_clients.meets_ordinary_clients(self.described)
        )

    @cached_property
    def host_regexes(self) -> tuple[str, ...]:
        """The regular expressions that it looks for in the host."""
        return ordinary_clients.regexes(self.described, "host-header")

    @cached_property
    def is_sure(self) -> bool:
        """Whether it takes all requests for its hosts and paths, whatever their method, headers and client."""
        methods = alb_semantics.values(self.described, "http-request-method")
        return not methods and not alb_semantics.needs_more(self.described)


def read(load_balancer_arn: str, *, aws: AwsClient) -> list[Rule]:
    """List the rules of all listeners, each listener's in the order in which it asks them, its default action last."""
    found = []
    for listener in aws.listeners(load_balancer_arn):
        found += [Rule(listener["Port"], rule) for rule in aws.rules_of(listener["ListenerArn"])]
    return found
