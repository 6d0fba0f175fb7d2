"""The scenarios: what is changed, and where it goes wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import get_args

from tests.support.fault_proxy import Fault, Kind
from tests.support.planning import prod_toml

# What a first deploy of prod writes, in the order in which its parts depend on one another: the operation, and which
# of its calls. Route 53's four are two validation records, the alias and the CNAME in the other account.
CALLS: tuple[tuple[str, int], ...] = (
    ("CreateTargetGroup", 1),
    ("ModifyTargetGroupAttributes", 1),
    ("AttachLoadBalancerTargetGroups", 1),
    ("AuthorizeSecurityGroupEgress", 1),
    ("AuthorizeSecurityGroupIngress", 1),
    ("RequestCertificate", 1),
    ("ChangeResourceRecordSets", 1),
    ("ChangeResourceRecordSets", 2),
    ("AddListenerCertificates", 1),
    ("CreateRule", 1),
    ("PutMetricAlarm", 1),
    ("PutMetricAlarm", 5),
    ("ChangeResourceRecordSets", 3),
    ("ChangeResourceRecordSets", 4),
    ("PutState", 1),
)
KINDS: tuple[Kind, ...] = get_args(Kind)
FIRST, DESTROY = "first deploy", "destroy"
_ROUNDS = 4


@dataclass(frozen=True)
class Change:
    """A change of a deployed prod: its file, and the hosts that a client asks for from before the fault to the end."""

    toml: str
    always: tuple[str, ...]
    while_named: tuple[str, ...] = ()
    port: int | None = None  # one that CDK's services have open until then


_BOTH = ("link.prod.getorcha.com", "link.getorcha.com")
_SHORT = '"link.getorcha.com"'
_ANOTHER_NAME = f'{_SHORT}] -> {_SHORT}, "go.getorcha.com"]'
_NEXT_PORT = "port     = 9999\n -> port     = 8888\ngeneration = 2\n"
NAMES, ALL_AT_ONCE = "another name", "another name, port and generation"
CHANGES: Mapping[str, Change] = {
    NAMES: Change(prod_toml(hosts=_ANOTHER_NAME), _BOTH, ("go.getorcha.com",)),
    "a name less": Change(prod_toml(hosts=f", {_SHORT}] -> ]"), _BOTH[:1], _BOTH[1:]),
    "another host in its place": Change(
        prod_toml(hosts=f'{_SHORT}] -> "go.getorcha.com"]'), _BOTH[:1], ("go.getorcha.com", _BOTH[1])
    ),
    "another port and generation": Change(prod_toml(port=_NEXT_PORT), _BOTH, port=8888),
    ALL_AT_ONCE: Change(prod_toml(port=_NEXT_PORT, hosts=_ANOTHER_NAME), _BOTH, ("go.getorcha.com",), port=8888),
}
# Changes that the table leaves out, since what they add to it is one certificate for two services.
SHARED = "a service on the certificate of another"
_DOCS = """
[services.docs]
port        = 9102
priority    = 50
hosts       = ["docs.web.prod.getorcha.com"]
certificate = "link"
"""
OTHERS: Mapping[str, Change] = {
    SHARED: Change(
        prod_toml(names='priority = 20\n -> priority = 20\ncertificate_names = ["*.web.prod.getorcha.com"]\n') + _DOCS,
        _BOTH,
        ("docs.web.prod.getorcha.com",),
    )
}
EVERY = {**CHANGES, **OTHERS}


@dataclass(frozen=True)
class Scenario:
    """One run: what is done, what goes wrong, and whether recovery runs without the files of the run that failed."""

    change: str
    faults: tuple[Fault, ...]
    elsewhere: bool = False

    def __str__(self) -> str:
        where = ", recovered elsewhere" if self.elsewhere else ""
        return f"{self.change}, {' and '.join(map(str, self.faults))}{where}"


def first_deploys() -> Iterator[Scenario]:
    """Give those of a first deploy: each call with some of the kinds, each kind at as many calls as every other."""
    for number in range(_ROUNDS):
        for place, (operation, nth) in enumerate(CALLS):
            kind = KINDS[(place + 2 * number) % len(KINDS)]
            yield Scenario(FIRST, (Fault(kind, operation, nth),))
    yield Scenario(FIRST, (Fault("denial", "PutState"),), elsewhere=True)


def of_a_change(change: str, writes: Sequence[str]) -> Iterator[Scenario]:
    """Give those of a change, with a fault at each of its writes, which were counted.

    A change of names is killed at every one. Of the others every second is; each other kind comes where it can.
    """
    others = cycle(kind for kind in KINDS if kind != "SIGKILL")
    for nth, _ in enumerate(writes, start=1):
        kind = "SIGKILL" if change == NAMES or nth % 2 else next(others)
        yield Scenario(change, (Fault(kind, "*", nth),))


def of_a_shared_certificate() -> Iterator[Scenario]:
    """Give those of a certificate that one with a wildcard replaces, while it begins to serve another service too."""
    for fault in (
        Fault("SIGKILL", "RequestCertificate"),
        Fault("SIGTERM", "ChangeResourceRecordSets"),
        Fault("lost reply", "AddListenerCertificates"),
        Fault("SIGKILL", "CreateRule"),
        Fault("denial", "PutState"),
    ):
        yield Scenario(SHARED, (fault,))


def part() -> Iterable[Scenario]:
    """Give what `make test` runs: every call and every kind, several to a deploy, then a change and a destroy.

    What a call waits for must not fail before it. So beside a fault that ends the run, which comes last, stand those
    that are passed by repeating the call; and beside those that leave a part unmade, what does not wait for that part.
    A call that is repeated counts each time, so of one operation the repeated ones come last.
    """
    yield Scenario(
        FIRST,
        (
            Fault("broken connection", "CreateTargetGroup"),
            Fault("throttling", "ModifyTargetGroupAttributes"),
            Fault("throttling", "AttachLoadBalancerTargetGroups"),
            Fault("5xx after the write", "PutMetricAlarm"),
            Fault("lost reply", "PutMetricAlarm", 5),
            Fault("lost reply", "AddListenerCertificates"),
            Fault("broken connection", "CreateRule"),
            Fault("latency", "ChangeResourceRecordSets", 3),
            Fault("SIGINT", "ChangeResourceRecordSets", 4),
        ),
    )
    yield Scenario(
        FIRST,
        (
            Fault("lost reply", "AuthorizeSecurityGroupEgress"),
            Fault("5xx after the write", "AuthorizeSecurityGroupIngress"),
            Fault("throttling", "RequestCertificate"),
            Fault("latency", "ChangeResourceRecordSets", 1),
            Fault("lost reply", "ChangeResourceRecordSets", 2),
            Fault("denial", "PutState"),
        ),
    )
    yield Scenario(ALL_AT_ONCE, (Fault("SIGKILL", "AddListenerCertificates"),))
    yield Scenario(DESTROY, (Fault("SIGTERM", "DeleteRule"),))
