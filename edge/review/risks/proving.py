"""Certificates that would never be issued or renewed, and records that nobody would see, by what DNS says of them."""

from collections.abc import Iterator, Sequence

from edge.aws.neighbours.model import ForeignDelegation
from edge.review.expected import CERTIFICATE, RECORD, names_on
from edge.review.findings import Risk
from edge.review.risks.scene import Scene
from edge.tfplan.model import REPLACEMENTS, Action, Change, Plan
from edge.verify.caa import Property, permits, relevant
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import base_name, is_wildcard, is_within
from environments.text import listed


def newly_asked_for(plan: Plan) -> list[str]:
    """List the names that a plan lets others look up for the first time: of certificates, and of records."""
    records = [RecordAddress.parse(change.name).name for change in plan.changes if _makes(change, RECORD)]
    return [*records, *(domain for change in plan.changes for domain in _requested(change))]


def _unprovable(scene: Scene) -> Iterator[Risk]:
    """Find certificates that ACM would never issue: CAA forbids it, or nobody can see the proofs.

    https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-caa.html; nothing brings a failed one back.
    """
    caa = (*scene.neighbours.caa, *scene.neighbours.caa_above)
    records = {entry.name: [Property.parse(value) for value in entry.values] for entry in caa}
    for change in scene.plan.changes:
        reasons: dict[tuple[str, str], list[str]] = {}
        for domain in _requested(change):
            place, properties = relevant(domain, lambda name: records.get(name, ()))
            if not permits(domain, properties):
                why = ("is never issued for", _forbidden(domain, place, properties))
                reasons.setdefault(why, []).append(domain)
            for zone in _lost(scene, domain):
                reasons.setdefault(("waits in vain for", _led_elsewhere(zone)), []).append(domain)
        if sentences := [f"{what} {listed(domains)}: {why}" for (what, why), domains in reasons.items()]:
            yield scene.risk("UNPROVABLE", change, "; it ".join(sentences))


def _forbidden(domain: str, place: str, properties: Sequence[Property]) -> str:
    wild = is_wildcard(domain) and any(entry.tag == "issuewild" for entry in properties)
    wanted = f'{place} CAA 0 {"issuewild" if wild else "issue"} "amazon.com"'
    return f"the CAA records of {place} do not name amazon.com; add one: {wanted}"


def _unseen(scene: Scene) -> Iterator[Risk]:
    """Find records that a plan makes in a zone of ours to which nobody is led, for hosts that need no new certificate.

    Of the others the certificate says it. Such a host moves here from a zone that answers, or from another one.
    """
    requested = {base_name(domain) for change in scene.plan.changes for domain in _requested(change)}
    for change in scene.plan.changes:
        if _makes(change, RECORD):
            address = RecordAddress.parse(change.name)
            of_a_host = address.purpose in (Purpose.HOST, Purpose.HOST_OVER_IPV6)
            for zone in _lost(scene, address.name) if of_a_host and base_name(address.name) not in requested else ():
                yield scene.risk("DELEGATED", change, f"is never asked for: {_led_elsewhere(zone)}")


def _lost(scene: Scene, name: str) -> list[ForeignDelegation]:
    """List the zones of ours above a name, or at it, to which nobody is led."""
    zones = (*scene.neighbours.undelegated, *scene.neighbours.undelegated_above)
    return [zone for zone in zones if is_within(base_name(name), zone.name)]


def _led_elsewhere(zone: ForeignDelegation) -> str:
    to = listed(zone.servers) or "nobody"
    return f"{zone.zone} delegates {zone.name} to {to}, not to our zone; correct that NS record first"


def _makes(change: Change, type: str) -> bool:
    """Say whether a change makes a thing of a type, in place of another or not."""
    return change.type == type and (change.action is Action.CREATE or change.action in REPLACEMENTS)


def _requested(change: Change) -> list[str]:
    """List the names of a certificate that a change requests; none of any other change."""
    if not _makes(change, CERTIFICATE):
        return []
    return list(names_on(change.after))


def _unrenewed(scene: Scene) -> Iterator[Risk]:
    """Find validation records that go, and on which certificates of others rest: those stop renewing, silently."""
    proofs = (*scene.neighbours.proofs, *scene.neighbours.proofs_elsewhere)
    for change in scene.plan.changes:
        if change.type != RECORD or change.action is not Action.DESTROY:
            continue
        address = RecordAddress.parse(change.name)
        others = [proof.shown for proof in proofs if proof.domain == address.name]
        if others and address.purpose is Purpose.VALIDATION:
            statement = f"also proves {address.name} for {listed(others)}, which ACM can no longer renew without it"
            yield scene.risk("UNRENEWED", change, statement)


RULES = (_unprovable, _unseen, _unrenewed)
