"""The embedded AWS's APIs as its data plane reads them: over HTTP, as everybody else does.

moto's backends are no place to read from another thread. What was read is kept until anybody else sends a request that
may change something: nothing in moto changes otherwise. The server tells the plane's requests apart by `USER_AGENT`.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore.config import Config

from embedded_aws import accounts

USER_AGENT = "orcha-data-plane"
_GLOBAL = "us-east-1"
T = TypeVar("T")
Place = tuple[str, str]
"""An account id and a region."""


@dataclass(frozen=True)
class _Kept:
    """What was read after so many changes."""

    at: int
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)


class Api:
    """Read-only calls in every account and region of some environments.

    `changes` gives the number of requests of others, so far, that may have changed something.
    """

    def __init__(self, url: str, places: Sequence[Place], changes: Callable[[], int]) -> None:
        self.places = tuple(dict.fromkeys(places))
        self.account_ids = tuple(dict.fromkeys(account for account, _ in self.places))
        self._url, self._changes = url, changes
        self._credentials = accounts.assume(url, region=_GLOBAL, account_ids=self.account_ids)
        self._clients: dict[tuple[str, Place], Any] = {}
        self._kept = _Kept(at=-1)
        self._lock = threading.RLock()

    def ask(self, place: Place, service: str, operation: str, key: str, **arguments: Any) -> Any:
        """Call an operation, all its pages where it has pages, and give what stands under a key of the answer."""
        question = (place, service, operation, key, repr(sorted(arguments.items())))
        return self.remember(question, lambda: self._call(place, service, operation, key, arguments))

    def remember(self, question: tuple[Any, ...], read: Callable[[], T]) -> T:
        """Read or work out something by these calls, and give the same until anybody may have changed something."""
        kept = self._kept
        if kept.at == self._changes() and question in kept.answers:  # without a turn, since most is asked often
            answer: T = kept.answers[question]
            return answer
        with self._lock:
            now = self._changes()
            if now != self._kept.at:
                self._kept = _Kept(now)
            kept = self._kept
            if question not in kept.answers:
                kept.answers[question] = read()
            found: T = kept.answers[question]
            return found

    def _call(self, place: Place, service: str, operation: str, key: str, arguments: dict[str, Any]) -> Any:
        client = self._client(service, place)
        if not client.can_paginate(operation):
            return getattr(client, operation)(**arguments)[key]
        return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[key]]

    def _client(self, service: str, place: Place) -> Any:
        if (service, place) not in self._clients:
            account_id, region = place
            session = accounts.session(self._credentials[account_id])
            config = Config(proxies={}, retries={"total_max_attempts": 1}, user_agent_extra=USER_AGENT)
            self._clients[service, place] = session.client(
                service, region_name=region, endpoint_url=self._url, config=config
            )
        return self._clients[service, place]

    def zones(self, account_id: str) -> list[dict[str, Any]]:
        """List an account's public hosted zones, oldest first, each with `NameServers` and `Records`."""
        place = (account_id, _GLOBAL)
        listed = self.ask(place, "route53", "list_hosted_zones", "HostedZones")
        return [
            {
                "Id": item["Id"],
                "Name": item["Name"],
                "NameServers": self.ask(place, "route53", "get_hosted_zone", "DelegationSet", Id=item["Id"])[
                    "NameServers"
                ],
                "Records": self.ask(
                    place, "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=item["Id"]
                ),
            }
            for item in listed
            if not item["Config"]["PrivateZone"]
        ]

    def balancers(self) -> dict[str, tuple[Place, dict[str, Any]]]:
        """Give every load balancer with its place, by its ARN."""
        return self.remember(("balancers",), self._balancers)

    def _balancers(self) -> dict[str, tuple[Place, dict[str, Any]]]:
        return {
            balancer["LoadBalancerArn"]: (place, balancer)
            for place in self.places
            for balancer in self.ask(place, "elbv2", "describe_load_balancers", "LoadBalancers")
        }

    def security_group_rules(self, place: Place, groups: Sequence[str]) -> list[dict[str, Any]]:
        """List the rules of security groups."""
        rules = self.ask(place, "ec2", "describe_security_group_rules", "SecurityGroupRules")
        return [rule for rule in rules if rule["GroupId"] in groups]
