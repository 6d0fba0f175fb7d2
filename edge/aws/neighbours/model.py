"""The neighbours as values, which a plan's folder keeps as JSON: what others have on what the environment shares."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from edge.aws.arns import region_of
from environments.text import listed, printable


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ForeignRule(_Value):
    """A listener rule of somebody else on the HTTPS listener.

    No `hosts` stand for every host, no `paths` for every path; hosts are in lower case. `methods` are the only HTTP
    methods that it takes, none for all. `asks_more` says that it looks at a header, the query string or the client's
    address too, so that it takes some requests only; `meets_ordinary` that ordinary clients are among them. `made_by`
    is what its tags say, empty where they say nothing.
    """

    arn: str
    priority: int
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    methods: tuple[str, ...]
    asks_more: bool
    meets_ordinary: bool = False
    target: str
    made_by: str

    @property
    def shown(self) -> str:
        """The rule as a sentence names it: its priority, who made it, and where it sends requests."""
        made_by = self.made_by or "somebody else"
        return printable(f"rule {self.priority} of {made_by}, which leads to {self.target}")

    @property
    def taken(self) -> str:
        """What it takes, for people."""
        hosts = listed(self.hosts) if self.hosts else "every host"
        paths = f" at {listed(self.paths)}" if self.paths else ""
        methods = f" by {listed(self.methods)}" if self.methods else ""
        return printable(f"{hosts}{paths}{methods}{' under more conditions' if self.asks_more else ''}")


class ForeignGroupRule(_Value):
    """A rule of somebody else in a security group to which the environment adds rules.

    AWS counts rules for IPv4 and for IPv6 apart; one whose peer is a group counts for both. `prefix_list` is the id of
    the list that the rule names, empty for none.
    """

    id: str
    group: str
    is_egress: bool
    ipv4: bool
    ipv6: bool
    prefix_list: str = ""


class PrefixList(_Value):
    """A prefix list: a security-group rule that names it counts as its `entries`, of the one version of IP.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    """

    entries: int
    ipv6: bool


class ForeignDelegation(_Value):
    """An NS record below the apex of a declared zone: who asks for names below it asks other name servers."""

    zone: str
    name: str
    servers: tuple[str, ...]


class CaaRecords(_Value):
    """The CAA records of one name in a declared zone, at or above a host of ours, as `0 issue "amazon.com"`."""

    name: str
    values: tuple[str, ...]


class AnsweredName(_Value):
    """A name of ours without records that a wildcard of somebody else answers in a declared zone."""

    name: str
    wildcard: str


class SharedProof(_Value):
    """A certificate of somebody else that rests on a validation record which the plan removes.

    ACM gives all certificates of an account the same record for a domain. `users` are the load balancers that serve it.
    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """

    domain: str
    certificate: str
    users: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The certificate as a sentence names it."""
        by = f", in use by {listed(self.users)}" if self.users else ", which nothing uses now"
        return f"certificate {self.certificate.rpartition('/')[2]}{self._region}{by}"

    @property
    def _region(self) -> str:
        """The region, where the ARN says it: not every certificate of an account stands in the environment's."""
        region = region_of(self.certificate)
        return f" in {region}" if region else ""


class Part(StrEnum):
    """What is asked of AWS together, and so may be missing together; the values are for people."""

    LISTENERS = "the load balancer's listeners"
    INSTANCES = "the instances' target groups"
    GROUPS = "the security groups"
    ZONES = "the hosted zones"
    WORLD = "the names above the declared zones"
    PROOFS = "the certificates of the account"
    REGIONS = "the certificates of further regions"
    QUOTAS = "the account's quotas"


class Neighbours(_Value):
    """All of them. `rule_arns` are the others' rules of every listener of the load balancer, which AWS counts as one.

    `attached` are the target groups of others on each Auto Scaling group, by its name. `undelegated` are declared zones
    that a zone above them, declared too, hands to other servers than their own, or to none; the two `…_above` are the
    same, and CAA, as the public DNS has them above the declared zones. `quotas` are what AWS gives the account, by
    their keys, where it says so; `prefix_lists` all of the region, by their ids. `proofs_elsewhere` are those
    of the account's further regions. `unasked` has AWS's answer for each part that could not be read, or not in full.
    """

    rules: tuple[ForeignRule, ...] = ()
    rule_arns: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    attached: dict[str, tuple[str, ...]] = {}
    group_rules: tuple[ForeignGroupRule, ...] = ()
    delegations: tuple[ForeignDelegation, ...] = ()
    undelegated: tuple[ForeignDelegation, ...] = ()
    caa: tuple[CaaRecords, ...] = ()
    undelegated_above: tuple[ForeignDelegation, ...] = ()
    caa_above: tuple[CaaRecords, ...] = ()
    answered: tuple[AnsweredName, ...] = ()
    proofs: tuple[SharedProof, ...] = ()
    proofs_elsewhere: tuple[SharedProof, ...] = ()
    quotas: dict[str, int] = {}
    prefix_lists: dict[str, PrefixList] = {}
    unasked: dict[Part, str] = {}

    def differences(self, later: "Neighbours") -> list[str]:
        """Say what a later survey finds otherwise; what was not asked the first time is no difference."""
        found = []
        for part in Part:
            if part in later.unasked and part not in self.unasked:
                found.append(f"{part.value} could not be read again: {later.unasked[part]}")
            elif part not in self.unasked:
                before, after = self._shown(part), later._shown(part)
                found += [f"{item} is new" for item in sorted(after - before)]
                found += [f"{item} is gone" for item in sorted(before - after)]
        return found

    def _shown(self, part: Part) -> set[str]:
        """Give each thing of a part as people call it, with all that is known of it."""
        shown: dict[Part, Callable[[], set[str]]] = {
            Part.LISTENERS: self._shown_of_listeners,
            Part.INSTANCES: lambda: {
                f"target group {arn} on {at}" for at, arns in self.attached.items() for arn in arns
            },
            Part.GROUPS: lambda: {f"security-group rule {rule.id} of {rule.group}" for rule in self.group_rules},
            Part.PROOFS: lambda: _shown_proofs(self.proofs),
            Part.REGIONS: lambda: _shown_proofs(self.proofs_elsewhere),
            Part.QUOTAS: self._shown_of_quotas,
            Part.ZONES: lambda: (
                {f"the wildcard {entry.wildcard}, which answers {entry.name}" for entry in self.answered}
                | _shown_in_dns((*self.delegations, *self.undelegated), self.caa)
            ),
            Part.WORLD: lambda: _shown_in_dns(self.undelegated_above, self.caa_above),
        }
        return shown[part]()

    def _shown_of_listeners(self) -> set[str]:
        named = {f"{rule.shown}, for {rule.taken}" for rule in self.rules}
        others = set(self.rule_arns) - {rule.arn for rule in self.rules}
        things = (("rule", others), ("certificate", self.certificates), ("target group", self.target_groups))
        return named | {f"{what} {arn}" for what, arns in things for arn in arns}

    def _shown_of_quotas(self) -> set[str]:
        named = {rule.prefix_list for rule in self.group_rules} & self.prefix_lists.keys()
        sizes = {f"prefix list {id} with {self.prefix_lists[id].entries} entries" for id in named}
        return sizes | {f"the quota {key} of {value}" for key, value in self.quotas.items()}


def _shown_proofs(proofs: Iterable[SharedProof]) -> set[str]:
    return {f"{proof.shown} and proven by the record of {proof.domain}" for proof in proofs}


def _shown_in_dns(delegations: Iterable[ForeignDelegation], caa: Iterable[CaaRecords]) -> set[str]:
    delegated = {f"the delegation of {entry.name} to {listed(entry.servers) or 'nobody'}" for entry in delegations}
    return delegated | {f"CAA {entry.name} {listed(entry.values)}" for entry in caa}
