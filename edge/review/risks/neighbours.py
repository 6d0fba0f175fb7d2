"""What our listener rules and those of others take from one another, and names that others answer for.

Only what the plan changes is a risk; what stands already is a notice, since the plan did not bring it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edge.aws.neighbours.model import ForeignDelegation, ForeignRule, Part
from edge.review.expected import RECORD, RULE
from edge.review.findings import Risk
from edge.review.risks.scene import EVERYTHING, Request, Scene, overlap, requests, takes, written
from edge.tfplan.model import GONE, Action, Change
from environments import patterns
from environments.addresses import RecordAddress
from environments.dns_names import base_name, is_within
from environments.listener_rules import EVERY_PATH
from environments.text import listed, printable

_LEFT_OPEN = {
    Part.LISTENERS: "whether rules of others take our hosts, or ours take theirs, and how many rules and certificates "
    "stand on the load balancer",
    Part.INSTANCES: "how many target groups of others the instances have",
    Part.GROUPS: "how many rules of others stand in the security groups",
    Part.QUOTAS: "whether AWS gives the account more or less than [limits] of the file, and how many rules a prefix "
    "list counts as",
    Part.PROOFS: "whether certificates of others rest on a validation record that goes",
    Part.REGIONS: "whether certificates there rest on a validation record that goes",
    Part.ZONES: "whether a name of ours is delegated to other name servers, and whether Amazon may issue for it",
    Part.WORLD: "whether anybody is led to our zones, and whether CAA above them lets Amazon issue",
}


def _shadowed(scene: Scene) -> Iterator[Risk]:
    """Find our rules of which a rule of others newly takes requests first: the lowest number is asked first."""
    for rule in _rules(scene):
        before, after = (_taken_first(side, scene.neighbours.rules) for side in (rule.before, rule.after))
        if newly := _newly(before, after):
            by = "; ".join(
                f"{foreign.shown}, is asked before it and takes {_shown(both, foreign)}{_of_most(foreign)}"
                for foreign, both in newly
            )
            yield scene.risk("SHADOWED", rule, f"does not get all of its requests: {by}")


def _takes(scene: Scene) -> Iterator[Risk]:
    """Find our rules that newly take requests which a rule of others, asked after them, serves today."""
    for rule in _rules(scene):
        before, after = (_taken_from(side, scene.neighbours.rules) for side in (rule.before, rule.after))
        if newly := _newly(before, after):
            whose = "; ".join(f"{_shown(both, foreign)} from {foreign.shown}" for foreign, both in newly)
            yield scene.risk("TAKES", rule, f"takes requests of others: {whose}")


def _delegated(scene: Scene) -> Iterator[Risk]:
    """Find records of ours that nobody would ask for: other name servers answer for their names (RFC 1034, 4.2.1)."""
    for change in scene.plan.changes:
        name = RecordAddress.parse(change.name).name if change.type == RECORD else ""
        by = _delegation_of(name, scene.neighbours.delegations) if name else None
        if by is not None and change.action not in (*GONE, Action.NOTHING) and not _is_delegation(change, by):
            statement = (
                f"is never asked for: {by.name} is delegated from {by.zone} to {listed(by.servers)}, where nothing of "
                f"it is written; declare the zone {by.name}, have that NS record removed, or choose another host"
            )
            yield scene.risk("DELEGATED", change, statement)


def notices(scene: Scene) -> Iterator[str]:
    """Say what could not be asked, with what that leaves open, and what others take already."""
    for part, reason in scene.neighbours.unasked.items():
        yield printable(f"{part.value.capitalize()} were not read ({reason}), so it is open {_LEFT_OPEN[part]}.")
    for rule in _rules(scene):
        new = dict(_newly(*(_taken_first(side, scene.neighbours.rules) for side in (rule.before, rule.after))))
        for foreign, both in _taken_first(rule.after, scene.neighbours.rules, asking_more=True):
            if foreign not in new:
                some = ", under conditions that not every request meets" if foreign.asks_more else ""
                yield f"{scene.named(rule)} is asked after {foreign.shown}, which takes {_shown(both, foreign)}{some}."


def _rules(scene: Scene) -> Iterator[Change]:
    for change in scene.plan.changes:
        if change.type == RULE and change.action not in GONE and isinstance(change.after.get("priority"), int):
            yield change


_Taken = list[tuple[ForeignRule, list[Request]]]


def _taken_first(ours: Mapping[str, Any], rules: Iterable[ForeignRule], *, asking_more: bool = False) -> _Taken:
    """List the rules of others that are asked before one of ours and take requests of it, with which ones."""
    priority = ours.get("priority")
    first = [foreign for foreign in rules if isinstance(priority, int) and foreign.priority < priority]
    sure = [foreign for foreign in first if asking_more or foreign.meets_ordinary or not foreign.asks_more]
    return [(foreign, both) for foreign in sure if (both := _both(ours, foreign))]


def _taken_from(ours: Mapping[str, Any], rules: Iterable[ForeignRule]) -> _Taken:
    """List the rules of others that are asked after one of ours and lose requests to it, with which ones."""
    priority = ours.get("priority")
    later = [foreign for foreign in rules if isinstance(priority, int) and priority < foreign.priority]
    return [(foreign, both) for foreign in later if (both := _both(ours, foreign))]


def _newly(before: _Taken, after: _Taken) -> _Taken:
    """Give of what is taken after a plan that which was not taken before it."""
    known = dict(before)
    left = [(foreign, [what for what in both if what not in known.get(foreign, ())]) for foreign, both in after]
    return [(foreign, both) for foreign, both in left if both]


def _both(ours: Mapping[str, Any], foreign: ForeignRule) -> list[Request]:
    """List what a rule of ours and one of others both take."""
    theirs = [(host, path) for host in foreign.hosts or ("*",) for path in foreign.paths or (EVERY_PATH,)]
    pairs = [(mine, their) for mine in requests(ours) or [EVERYTHING] for their in theirs if overlap(mine, their)]
    return list(dict.fromkeys(_narrower(mine, their) for mine, their in pairs))


def _narrower(mine: Request, theirs: Request) -> Request:
    """Give what both take, in the words of one: theirs only where ours takes all of it, so that no gain hides."""
    host = theirs[0] if takes(mine[0], theirs[0]) else mine[0].lower()
    return host, theirs[1] if patterns.covers(mine[1], theirs[1]) else mine[1]


def _shown(both: Iterable[Request], foreign: ForeignRule) -> str:
    by = f" by {listed(foreign.methods)}" if foreign.methods else ""
    return f"{listed(map(written, both))}{by}"


def _of_most(foreign: ForeignRule) -> str:
    """Say of a rule with further conditions, such as on a header that every browser sends, that many meet them."""
    return " under more conditions, which ordinary clients meet" if foreign.asks_more else ""


def _delegation_of(name: str, delegations: Iterable[ForeignDelegation]) -> ForeignDelegation | None:
    found = (delegation for delegation in delegations if is_within(base_name(name), delegation.name))
    return max(found, key=lambda delegation: len(delegation.name), default=None)


def _is_delegation(change: Change, by: ForeignDelegation) -> bool:
    """Say whether a record is that delegation itself."""
    return bool(change.after.get("type") == "NS" and RecordAddress.parse(change.name).name == by.name)


RULES = (_shadowed, _takes, _delegated)
