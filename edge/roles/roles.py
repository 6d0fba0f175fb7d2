"""The roles of an environment: for each account one that deploys, one that only plans and verifies; their policies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from edge.roles import adopting as adoption
from edge.roles import bootstrapping, existing, managed, records, services, state, verification
from edge.roles.documents import Statement, documents
from edge.roles.home import Home, everything
from edge.roles.services import Shared
from environments.checked import Environment
from environments.platforms import ExistingPlatform

Task = Literal["deploy", "plan", "bootstrap"]
TASKS: tuple[Task, ...] = ("deploy", "plan")


@dataclass(frozen=True)
class Role:
    """One role: its account by the file's name, what it is for, and its statements; at least one."""

    account: str
    task: Task
    statements: tuple[Statement, ...]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The policy documents, each within AWS's limit of a managed policy."""
        return documents(self.statements)


def roles(
    environment: Environment, ids: Mapping[str, str], leaving: Sequence[str] = (), *, adopting: bool = False
) -> list[Role]:
    """Derive the roles of all accounts.

    `ids` gives what the file names and AWS knows by an id (`ids.wanted`); `leaving` are hosts that the file no longer
    names and that the next deploy removes. An account that nothing is asked of needs no role, and has none. With
    `adopting` the role that deploys may change what carries no environment's tags yet, and there is a third role, with
    which a person makes what must stand before (`edge bootstrap`).
    """
    return list(_roles(environment, ids, tuple(leaving), adopting=adopting))


def _roles(
    environment: Environment, ids: Mapping[str, str], leaving: tuple[str, ...], *, adopting: bool
) -> Iterator[Role]:
    for account in environment.accounts:
        home = Home(environment, account)
        zones = records.zones_of(environment, account, leaving)
        has_platform = environment.platform.account == account
        reads = [
            *state.reads(home),
            *(_platform_reads(home, ids) if has_platform else []),
            *records.reads(home, zones, ids),
            *([adoption.reads(home)] if adopting and (has_platform or zones) else []),
        ]
        writes = [
            *state.writes(home),
            *(_platform_writes(home, ids) if has_platform else []),
            *records.writes(home, zones, ids, leaving),
            *(adoption.writes(home, _shared(home, ids).load_balancer) if adopting and has_platform else []),
        ]
        verified = verification.reads(home, _shared(home, ids).user_pool if has_platform else None)
        if reads:
            yield Role(account, "deploy", (*_merged(reads), *writes))
            yield Role(account, "plan", tuple(_merged([*reads, *verified])))
            if adopting:
                yield Role(account, "bootstrap", tuple(bootstrapping.statements(home, zones)))


def _merged(reads: Sequence[Statement]) -> list[Statement]:
    """Make one statement of all that have no resource; parts that share a search name it once then."""
    searches = {action for read in reads if read.resources == ("*",) for action in read.actions}
    rest = [read for read in reads if read.resources != ("*",)]
    return [*([everything("Find", *sorted(searches))] if searches else []), *rest]


def _shared(home: Home, ids: Mapping[str, str]) -> Shared:
    platform = home.environment.platform
    return existing.shared(home, platform, ids) if isinstance(platform, ExistingPlatform) else managed.shared(home)


def _platform_reads(home: Home, ids: Mapping[str, str]) -> list[Statement]:
    platform = home.environment.platform
    of_services = services.reads(home, _shared(home, ids))
    if isinstance(platform, ExistingPlatform):
        return [*existing.reads(home, platform, ids), *of_services]
    return [*managed.reads(home, platform), *of_services]


def _platform_writes(home: Home, ids: Mapping[str, str]) -> list[Statement]:
    platform = home.environment.platform
    of_services = services.writes(home, _shared(home, ids))
    if isinstance(platform, ExistingPlatform):
        return [*existing.writes(home, platform, ids), *of_services]
    return [*managed.writes(home, platform), *of_services]
