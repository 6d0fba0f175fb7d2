"""Changes in an account that others own: only the records of the declared hosts are this environment's there."""

from collections.abc import Iterator, Mapping

from edge.review.expected import RECORD, ZONE
from edge.review.findings import Risk
from edge.review.ownership import is_record_of
from edge.review.risks.scene import Scene
from edge.tfplan.model import Action, Change
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import base_name, parent, zone_of


def _foreign(scene: Scene) -> Iterator[Risk]:
    """Find what another account than the platform's gets beyond the declared hosts, and what it loses beyond ours.

    An address is only a name that somebody gave: the record's own name, type and zone must be right too. A zone that
    the environment makes, in whichever account, is declared. What goes, of an untold account, is a risk already.
    """
    now, before = scene.declared.names(former=False), scene.declared.names(former=True)
    for change in scene.plan.changes:
        is_gone = change.action in (Action.DESTROY, Action.FORGET)
        is_elsewhere = change.account != scene.declared.platform_account and not (is_gone and change.account is None)
        if not is_elsewhere or not change.changes_something:
            continue
        names = before if is_gone else now
        if not _is_declared(change, names, scene):
            where = f"account {change.account}" if change.account else "an account that the plan does not name"
            none = "is none of the hosts that the environment declares, and lies" if change.type == RECORD else "lies"
            yield scene.risk("FOREIGN", change, f"{none} in {where}, where only records of declared hosts are ours")


def _is_declared(change: Change, names: Mapping[str, str], scene: Scene) -> bool:
    if change.type == ZONE:
        return change.state.get("name") in (*scene.declared.created_zones, *scene.declared.former_zones)
    if change.type != RECORD or change.name not in names:
        return False
    host = names[change.name]
    sides = [side for side in (change.before, change.after) if side]
    return all(is_record_of(change, side, host) for side in sides) and _zone_is_right(change, host, scene)


def _zone_is_right(change: Change, host: str, scene: Scene) -> bool:
    """Say whether the record lies in the account of the zone that answers for its host, as far as zones are known."""
    is_delegation = RecordAddress.parse(change.name).purpose is Purpose.DELEGATION
    zone = zone_of(parent(host) if is_delegation else base_name(host), scene.declared.zones)
    return zone is None or scene.declared.zones[zone] == change.account


RULES = (_foreign,)
