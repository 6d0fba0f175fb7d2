"""Route 53: records that clash are refused, and each zone has name servers of its own."""

import itertools
from collections.abc import Callable
from typing import Any

from dns.exception import DNSException
from dns.name import EmptyLabel, LabelTooLong, Name
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import DelegationSet, FakeZone, Route53Backend, route53_backends

from embedded_aws.corrections.patching import replace
from embedded_aws.dns_names import parse, written
from embedded_aws.zone_references import WITH_ID

_FATAL_PROBLEMS: dict[type[Exception], tuple[str, str]] = {
    LabelTooLong: ("DomainLabelTooLong", "Domain label is too long"),
    EmptyLabel: ("DomainLabelEmpty", "Domain label is empty"),
}
_TOP_LEVEL_DOMAINS = ("com", "net", "org", "co.uk")


def apply() -> None:
    """Correct moto's Route 53 in this process."""
    replace(Route53Backend, "change_resource_record_sets", _refuse_clashes)
    replace(DelegationSet, "__init__", _own_name_servers)
    replace(Route53Backend, "get_hosted_zone", _deny_zones_of_others)
    replace(Route53Backend, "create_hosted_zone", _with_the_id_that_is_asked_for)


def _with_the_id_that_is_asked_for(original: Callable[..., FakeZone]) -> Callable[..., FakeZone]:
    """Let the seed choose a zone's id, and nobody else.

    AWS: gives every zone an id of its own, which nobody chooses; an environment file may name it.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
    moto: the same.
    Here: a caller reference that begins as `reference_for` writes it names the id.
    """

    def create_hosted_zone(
        self: Route53Backend,
        name: str,
        private_zone: bool,
        caller_reference: str | None = None,
        vpcid: str | None = None,
        vpcregion: str | None = None,
        comment: str | None = None,
        delegation_set_id: str | None = None,
    ) -> FakeZone:
        made = original(self, name, private_zone, caller_reference, vpcid, vpcregion, comment, delegation_set_id)
        if caller_reference and caller_reference.startswith(WITH_ID):
            del self.zones[made.resource_id]
            made.resource_id = caller_reference.removeprefix(WITH_ID)
            self.zones[made.resource_id] = made
        return made

    return create_hosted_zone


def _deny_zones_of_others(original: Callable[..., FakeZone]) -> Callable[..., FakeZone]:
    """Deny a hosted zone that another account holds.

    AWS: "AccessDenied: User: … is not authorized to access this resource", as
    https://github.com/hashicorp/terraform-provider-aws/issues/12570 has it, with status 403. moto: NoSuchHostedZone,
    which the provider takes for a record that was removed by hand. Here: as AWS, but with status 400.
    """

    def get_hosted_zone(self: Route53Backend, id_: str) -> FakeZone:
        zone_id = id_.replace("/hostedzone/", "")
        accounts = [regions[self.partition].zones for regions in route53_backends.values() if self.partition in regions]
        if zone_id not in self.zones and any(zone_id in zones for zones in accounts):
            user = f"arn:{self.partition}:iam::{self.account_id}:root"
            raise Route53ClientError("AccessDenied", f"User: {user} is not authorized to access this resource")
        return original(self, id_)

    return get_hosted_zone


def _refuse_clashes(original: Callable[..., None]) -> Callable[..., None]:
    """Refuse what Route 53 refuses with InvalidChangeBatch.

    AWS: a CREATE fails where the record stands already; a CNAME can neither stand at the apex nor beside another
    record of its name; a DELETE must give the values that stand.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat
    The sentences are those that AWS answers in https://github.com/hashicorp/terraform/issues/9732 and
    https://github.com/ansible-collections/amazon.aws/issues/2694.

    moto: refuses a CREATE only where the journal of all changes holds an equal one and any later record stands, so it
    accepts a second record with another value, and refuses to make a record again that was deleted.

    Here: the batch is checked against the records that stand, in order, before moto sees it; what a batch deletes
    leaves the journal.
    """

    def change_resource_record_sets(self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        zone = self.get_hosted_zone(zoneid)
        standing = {_key(record.name, record.type, record.set_identifier): record.records for record in zone.rrsets}
        for change in change_list:
            _check(zone, standing, change["Action"], change["ResourceRecordSet"])
        original(self, zoneid, change_list)
        _forget_deleted(zone, change_list)

    return change_resource_record_sets


Key = tuple[Name, str | None, str | None]


def _key(name: str, record_type: str | None, set_identifier: str | None) -> Key:
    return parse(name), record_type, set_identifier


def _check(zone: FakeZone, standing: dict[Key, list[str]], action: str, record: dict[str, Any]) -> None:
    """Refuse one change, or carry it out on the copy of the standing records that the next change is checked with."""
    _refuse_what_is_no_name(record["Name"])
    key = _key(record["Name"], record["Type"], record.get("SetIdentifier"))
    name, kind = written(key[0]) + ".", record["Type"]
    values = [entry["Value"] for entry in record.get("ResourceRecords", [])]
    others = {other_kind for (other, other_kind, _) in standing if other == key[0] and other_kind != kind}
    in_zone = f"in zone {written(parse(zone.name))}."
    described = f"resource record set [name='{name}', type='{kind}']"
    adding = action in {"CREATE", "UPSERT"}
    refusals = {
        f"Tried to create {described} but it already exists": action == "CREATE" and key in standing,
        f"Tried to delete {described} but it was not found": action == "DELETE" and key not in standing,
        f"Tried to delete {described} but the values provided do not match the current values": (
            action == "DELETE" and sorted(standing.get(key, values)) != sorted(values)
        ),
        f"RRSet of type CNAME with DNS name {name} is not permitted at apex {in_zone}": (
            adding and kind == "CNAME" and key[0] == parse(zone.name)
        ),
        f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records with the same "
        f"DNS name {in_zone}": adding and kind == "CNAME" and bool(others),
        f"RRSet of type {kind} with DNS name {name} is not permitted because a conflicting RRSet of type CNAME with "
        f"the same DNS name already exists {in_zone}": adding and "CNAME" in others,
    }
    for sentence, refused in refusals.items():
        if refused:
            raise Route53ClientError("InvalidChangeBatch", f"[{sentence}]")
    if adding:
        standing[key] = values
    else:
        del standing[key]


def _refuse_what_is_no_name(text: str) -> None:
    """Refuse a name that DNS cannot hold.

    AWS: "InvalidChangeBatch: FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with …", and
    DomainLabelEmpty, as https://github.com/ministryofjustice/cloud-platform/issues/4294 and
    https://github.com/hashicorp/terraform/issues/18482 report them. moto: takes any text. Here: as AWS for these two;
    any other fault is reported with what dnspython says of it.
    """
    try:
        parse(text)
    except (DNSException, UnicodeEncodeError) as error:
        kind, reason = _FATAL_PROBLEMS.get(type(error), ("InvalidDomainName", str(error)))
        sentence = f"[FATAL problem: {kind} ({reason}) encountered with '{text}']"
        raise Route53ClientError("InvalidChangeBatch", sentence) from None


def _forget_deleted(zone: FakeZone, change_list: list[dict[str, Any]]) -> None:
    """Take every change of a deleted record out of moto's journal, which would refuse to make it again."""
    deleted = {
        (parse(change["ResourceRecordSet"]["Name"]), change["ResourceRecordSet"]["Type"])
        for change in change_list
        if change["Action"] == "DELETE"
    }
    zone.rr_changes[:] = [
        change
        for change in zone.rr_changes
        if (parse(change["ResourceRecordSet"]["Name"]), change["ResourceRecordSet"]["Type"]) not in deleted
    ]


def _own_name_servers(original: Callable[..., None]) -> Callable[..., None]:
    """Give each delegation set four name servers of its own, so that a parent's NS record names one zone.

    AWS: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-concepts.html ("Amazon Route 53 assigns a
    unique set of four name servers"). moto: one constant set for every zone. Here: numbered.
    """
    numbers = itertools.count(1)

    def initialise(
        self: DelegationSet, caller_reference: str, name_servers: list[str] | None, delegation_set_id: str | None
    ) -> None:
        number = next(numbers)
        own = [f"ns-{number}.awsdns-{number % 64:02}.{domain}" for domain in _TOP_LEVEL_DOMAINS]
        original(self, caller_reference, name_servers or own, delegation_set_id)

    return initialise
