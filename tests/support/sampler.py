"""The sampler: asks all through a change whether hosts are served, and says what was wrong and when.

with Sampler(aws, environment, always=["link.getorcha.com"], while_named=["go.getorcha.com"]) as sampler:
    workspace.at(sampler.gate.url).apply()
assert sampler.samples.bad == []
"""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self

from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.aws_snapshot import Reader, Reading, Rule
from tests.support.write_gate import Gate

PAUSE_SECONDS = 1.5  # nothing but a timer of AWS's changes anything without a write, and a write is sampled at once
MAX_WAIT_SECONDS = 60
MAX_RETAKES_IN_A_ROW = 50
MAX_CHAIN = 8  # CNAMEs that a resolver follows before it gives up; ours have one


@dataclass
class Samples:
    """What was seen: how many samples and writes, what was wrong in any sample, and how many were taken again."""

    count: int = 0
    writes: int = 0
    retakes: int = 0
    bad: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.count} samples, {len(self.bad)} bad, {self.retakes} retakes, {self.writes} writes"


class Sampler:
    """Samples in a thread of its own, from `with` to its end, and after every write that goes through its gate.

    A host in `always` must resolve and be served in every sample, and its validation records must stay as they were at
    the start. A host in `while_named`, one that comes or goes, must be served in every sample in which it resolves.
    A host in `served` must resolve and be served in every sample, and its proofs are not watched: others prove it, or a
    wildcard does. One in `others` must be served so too, and by the target group that served it at the start.
    A host may go on with a path, as in `link.getorcha.com/api/users`; else it is asked for `/`.
    """

    def __init__(
        self,
        aws: LocalAws,
        environment: Environment,
        *,
        always: Sequence[str],
        while_named: Sequence[str] = (),
        served: Sequence[str] = (),
        others: Sequence[str] = (),
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._pause_seconds = pause_seconds
        self._reader = Reader(aws, environment)
        self._always, self._while_named, self._served = always, while_named, (*served, *others)
        self._groups: dict[str, str | None] = dict.fromkeys(others)
        self._turn = threading.Condition()
        self._begun = self._done = self._wanted = 0
        self._ended = False
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sampler")
        self._proofs: dict[tuple[str, str], tuple[str, ...]] = {}
        self.samples = Samples()
        self.gate = Gate(aws.url, self._wait_for_a_sample)

    def __enter__(self) -> Self:
        reading = self._settled_reading()
        self._proofs = proofs(reading, self._always)
        self._groups = {host: serving(reading, host) for host in self._groups}
        self._start = time.monotonic()
        self._running = self._executor.submit(self._run)
        self._gate_is_open = ExitStack()
        self._gate_is_open.enter_context(self.gate.serving())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take a last sample, of what the change has left; raise what ended the thread before its time, if any."""
        self._gate_is_open.close()
        self.samples.writes = self.gate.writes
        with self._turn:
            self._ended = True
            self._turn.notify_all()
        with self._executor:
            self._running.result()

    def _run(self) -> None:
        ended = False
        while not ended:
            self._sample()
            with self._turn:
                self._turn.wait_for(lambda: self._ended or self._wanted > self._begun, timeout=self._pause_seconds)
                ended = self._ended
        self._sample()

    def _wait_for_a_sample(self) -> None:
        """Wait for a sample that begins from now on; a sampler that has failed is not a reason to wait."""
        with self._turn:
            self._wanted = wanted = self._begun + 1
            self._turn.notify_all()
            if not self._turn.wait_for(lambda: self._done >= wanted or self._running.done(), timeout=MAX_WAIT_SECONDS):
                self.samples.bad.append(f"no sample was taken in the {MAX_WAIT_SECONDS} s after a write")

    def _sample(self) -> None:
        with self._turn:
            self._begun += 1
        reading = self._settled_reading()
        seconds = time.monotonic() - self._start
        self.samples.count += 1
        self.samples.bad += [f"{seconds:.1f} s: {fault}" for fault in self._faults(reading)]
        with self._turn:
            self._done = self._begun
            self._turn.notify_all()

    def _settled_reading(self) -> Reading:
        for _ in range(MAX_RETAKES_IN_A_ROW):
            reading = self._reader.read()
            if reading is not None:
                return reading
            self.samples.retakes += 1
        raise TimeoutError(f"{MAX_RETAKES_IN_A_ROW} readings in a row saw the path change")

    def _faults(self, reading: Reading) -> Iterator[str]:
        for host in (*self._always, *self._served):
            faults = (*dns_faults(reading, _name(host)), *serving_faults(reading, host))
            yield from (f"{host}: {fault}" for fault in faults)
        for host, group in self._groups.items():
            if (taker := serving(reading, host)) != group:
                yield f"{host}: {taker} serves it, and not {group}"
        for host in self._while_named:
            if not list(dns_faults(reading, _name(host))):
                yield from (f"{host}: resolves, but {fault}" for fault in serving_faults(reading, host))
        for (zone, name), values in self._proofs.items():
            now = reading.records.get((zone, name))
            if now != values:
                yield f"{name}: the validation record is {', '.join(now) if now else 'gone'}"


def proofs(reading: Reading, hosts: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Find the validation records of hosts: `_<token>.<host>`."""
    names = {_name(host) for host in hosts}
    found = {key: values for key, values in reading.records.items() if _proven(key[1]) in names}
    assert {_proven(name) for _, name in found} == names, "every watched host is proven at the start"
    return found


def _name(host: str) -> str:
    return host.partition("/")[0]


def _proven(name: str) -> str | None:
    return name.partition(".")[2] if name.startswith("_") else None


def dns_faults(reading: Reading, host: str) -> Iterator[str]:
    """Follow a name from zone to zone, as a resolver does, to the load balancer."""
    name = host
    for _ in range(MAX_CHAIN):
        if name == reading.balancer:
            return
        zone = max((item for item in reading.zones if f".{name}".endswith(f".{item}")), key=len, default="")
        values = _answer(reading, zone, name)
        if not values:
            yield "does not resolve" if name == host else f"leads to {name}, which does not resolve"
            return
        name = values[0]
    yield "leads round in a circle"


def _answer(reading: Reading, zone: str, name: str) -> tuple[str, ...]:
    """Find what a zone answers for a name: its own values, or those of the wildcard below its closest encloser.

    A name that exists only by what is below it has no values, and hides the wildcard (RFC 4592 sections 2.2.2, 4.3.2).
    """
    if (zone, name) in reading.existing:
        return reading.records.get((zone, name), ())
    labels = name.split(".")
    parents = (".".join(labels[number:]) for number in range(1, len(labels)))
    encloser = next((parent for parent in parents if (zone, parent) in reading.existing), "")
    return reading.records.get((zone, f"*.{encloser}"), ())


def serving_faults(reading: Reading, host: str) -> Iterator[str]:
    """Go the way of a request: certificate by SNI, first rule that takes it, target group, firewall, target."""
    rule = _taking(reading, host)
    if not any(covers(name, _name(host)) for names in reading.names for name in names):
        yield "no issued certificate of the listener covers it"
    if rule is None:
        yield "no listener rule takes it"
        return
    port = dict(reading.path.ports).get(rule.target_group)
    if port is None:
        yield "its rule forwards to no target group"
        return
    targets = reading.groups[rule.target_group]
    if not targets:
        yield "its target group has no healthy target"
    elif not any(_reached(reading, groups, port) for groups in targets):
        yield f"the firewall is closed at port {port}"


def serving(reading: Reading, host: str) -> str | None:
    """Give the target group to which a host's requests go; None where none takes them."""
    rule = _taking(reading, host)
    return rule.target_group if rule is not None else None


def _taking(reading: Reading, host: str) -> Rule | None:
    name, slash, rest = host.partition("/")
    return next((item for item in reading.path.rules if _takes(item, name, f"{slash}{rest}" or "/")), None)


def _takes(rule: Rule, host: str, path: str) -> bool:
    """Say whether a rule takes a request; paths match in the same case only."""
    takes_path = not rule.paths or any(fnmatchcase(path, value) for value in rule.paths)
    return takes_path and any(matches(value, host) for value in rule.hosts)


def _reached(reading: Reading, instance_groups: frozenset[str], port: int) -> bool:
    """Say whether the load balancer's groups let a port out to an instance, and the instance's let it in."""

    def is_open(egress: bool, groups: frozenset[str], others: frozenset[str]) -> bool:
        return any(
            way == egress and group in groups and other in others and first <= port <= last
            for way, group, other, first, last in reading.open_ports
        )

    balancer = reading.balancer_groups
    return is_open(True, balancer, instance_groups) and is_open(False, instance_groups, balancer)


def matches(value: str, host: str) -> bool:
    """Say whether a host-header condition takes a host: without regard to case, `*` any characters, `?` one.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
    """
    pattern = re.escape(value).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, host, re.IGNORECASE) is not None


def covers(name: str, host: str) -> bool:
    """Say whether a certificate's name covers a host: `*.` stands for exactly one label (RFC 6125 section 6.4.3)."""
    if name.startswith("*."):
        return host.partition(".")[2] == name.removeprefix("*.")
    return name == host
