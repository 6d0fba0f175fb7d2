"""Two services and who has which host: drawn as a whole, and deployed in as many steps as a review asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from environments.checked import Environment
from tests.support.files import environment, prod

LINK, DOCS = "link", "docs"
HOME = tuple(f"{name}.prod.getorcha.com" for name in ("one", "two", "three"))  # in the platform's account: aliases
SHORT = ("x.getorcha.com", "y.getorcha.com")  # in another one: CNAMEs
PRIORITY = 20

Hosts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Change:
    """What two services' tables say: each one's hosts, and of those the ones that it takes over."""

    hosts: Hosts
    takes_over: Hosts

    def environment(self, *, docs_priority: int) -> Environment:
        """Give it as production's file."""
        content = prod()
        tables: dict[str, dict[str, Any]] = {
            LINK: {"port": 9999, "priority": PRIORITY},
            DOCS: {"port": 9100, "priority": docs_priority},
        }
        for name, table in tables.items():
            table["hosts"] = list(self.hosts[name])
            if self.takes_over[name]:
                table["takes_over"] = list(self.takes_over[name])
        content["services"] = tables
        return environment(content)

    @property
    def named(self) -> frozenset[str]:
        """The hosts of both."""
        return frozenset(host for hosts in self.hosts.values() for host in hosts)

    @property
    def primary_hosts(self) -> frozenset[str]:
        """The first hosts, to which others lead."""
        return frozenset(hosts[0] for hosts in self.hosts.values())


@st.composite
def sequences(draw: DrawFn, most: int = 3) -> list[Hosts]:
    """Draw who has which hosts, two to four times over: hosts come, go, move, swap and change places."""
    return [draw(_hosts()) for _ in range(draw(st.integers(2, most + 1)))]


@st.composite
def _hosts(draw: DrawFn) -> Hosts:
    """Draw the hosts of both services, each with one in the platform's account first."""
    home, short = draw(st.permutations(HOME)), draw(st.permutations(SHORT))
    owners = {host: draw(st.sampled_from((LINK, DOCS, None))) for host in (*home[2:], *short)}
    rest = {name: [host for host, owner in owners.items() if owner == name] for name in (LINK, DOCS)}
    return {LINK: (home[0], *rest[LINK]), DOCS: (home[1], *rest[DOCS])}


def steps(before: Hosts | None, after: Hosts) -> Iterator[Change]:
    """Give the deploys that lead from one to the other: two where a host moves, as the review asks, and else one."""
    nothing: Hosts = {LINK: (), DOCS: ()}
    moving = {
        name: tuple(host for host in after[name] if before and host in before[_other(name)]) for name in (LINK, DOCS)
    }
    if any(moving.values()):
        both = {name: (*after[name], *moving[_other(name)]) for name in (LINK, DOCS)}
        yield Change(both, moving)
    yield Change(after, nothing)


def _other(name: str) -> str:
    return DOCS if name == LINK else LINK


def moves(before: Hosts, after: Hosts) -> Sequence[str]:
    """List the hosts that move in one deploy."""
    return [host for name in (LINK, DOCS) for host in after[name] if host in before[_other(name)]]
