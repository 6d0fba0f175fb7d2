"""What the demonstration shows: what is new in each account, how the checks went, and a request's way in."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from edge.aws.inventory import Thing
from edge.verify.check import Result
from environments.checked import Environment
from environments.dns_records import of_host
from environments.naming import target_group_name

WIDTH = 100
_COLUMN, _WIDEST = 22, 40
NEXT = "Next: `edge picture {name}` draws it; `edge plan {name}` after a change; README, First real deploy."


def inventory(environment: Environment, things: Sequence[Thing]) -> Iterator[str]:
    """List what is new in each account, by kind, with the name of what is one of its kind."""
    for account, settings in environment.accounts.items():
        kinds = groupby((thing for thing in things if thing.account == account), key=lambda thing: thing.kind)
        texts = [_of_kind(kind, [thing.name for thing in found]) for kind, found in kinds]
        text = f"New in account {account} ({settings.id}): {'; '.join(texts) or 'nothing'}"
        yield from wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def checks(results: Iterable[Result]) -> Iterator[str]:
    """List what passed: a line for all that was asked the same, with the names of these checks."""
    by_subject: dict[str, dict[str, None]] = {}
    for result in results:
        if result.outcome == "passed":
            by_subject.setdefault(result.subject, {})[result.check] = None
    alike: dict[tuple[str, ...], list[str]] = {}
    for subject, names in by_subject.items():
        alike.setdefault(tuple(names), []).append(subject)
    column = max(_COLUMN, *(len(", ".join(subjects)) + 2 for subjects in alike.values()))
    for same, subjects in alike.items():
        yield _row(", ".join(subjects), same, min(column, _WIDEST))


def way(environment: Environment) -> Iterator[str]:
    """Follow a request to the first service's last host, from its name to the instances."""
    name, service = next(iter(environment.services.items()))
    host = service.hosts[-1]
    parts: dict[str, str] = {}
    for asked in dict.fromkeys((host, service.hosts[0])):
        record = of_host(environment, asked)[0]
        target = environment.load_balancer_name if record.is_alias else service.hosts[0]
        kind = f"alias of {target}" if record.is_alias else f"{record.type} of {target}"
        parts[asked] = f"{kind}, zone {record.zone} in account {record.account}"
    group = target_group_name(prefix=environment.prefix, service=name, generation=service.generation)
    parts["load balancer"] = f"{environment.load_balancer_name}, with the certificate of {service.hosts[0]}"
    parts["listener rule"] = f"priority {service.priority}, for {', '.join(service.hosts)}"
    parts["target group"] = f"{group}, HTTP on port {service.port} of the instances"
    column = max(_COLUMN, *(len(part) + 2 for part in parts))
    yield f"The way of a request to https://{host}:"
    yield from (_row(part, [text], column) for part, text in parts.items())


def _of_kind(kind: str, names: Sequence[str]) -> str:
    if len(names) > 1:
        return f"{len(names)} x {kind}"
    return f"{kind} for ACM" if names[0].startswith("_") else f"{kind} {names[0]}"


def _row(head: str, names: Sequence[str], column: int = _COLUMN) -> str:
    """Write as many names as fit on the line, and how many are left."""
    left = f"  {head:{column}}" if len(head) < column else f"  {head}  "
    for shown in range(len(names), 0, -1):
        more = f" and {len(names) - shown} more" if shown < len(names) else ""
        line = f"{left}{', '.join(names[:shown])}{more}"
        if len(line) <= WIDTH:
            return line
    return f"{left}{names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
