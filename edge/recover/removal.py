"""What goes last: what only an interrupted run made, and what its successor has replaced."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from edge.aws.survey import firewall
from edge.aws.survey.orphans import Orphan, OrphanRecord, orphan_records, orphans
from edge.aws.survey.reader import Reader
from edge.aws.survey.superseded import OldGroup, OldPort, old_groups, old_ports
from edge.plan.state_file import StateFile
from edge.recover.report import Report
from environments.dns_names import canonical

# ACM and Elastic Load Balancing learn only after a while that a listener has let something go.
_IN_USE = {"ResourceInUse", "ResourceInUseException"}
_IN_USE_SECONDS, _PAUSE_SECONDS = 120, 3
_GROUP = "aws_lb_target_group"


class Named(Protocol):
    """Anything that may be left, as people call it."""

    @property
    def thing(self) -> str:
        """What people call it."""


@dataclass(frozen=True)
class Leftovers:
    """What may go; and what is provably ours but has to stay, with the reason."""

    certificates: Sequence[Orphan]
    records: Sequence[OrphanRecord]
    groups: Sequence[OldGroup]
    ports: Sequence[OldPort]
    kept: Sequence[Orphan | OldGroup]

    @property
    def things(self) -> list[str]:
        """Name what may go."""
        parts: tuple[Sequence[Named], ...] = (self.certificates, self.records, self.groups, self.ports)
        return [found.thing for part in parts for found in part]


def leftovers(reader: Reader, state: StateFile) -> Leftovers:
    """Find what is ours by its tags, known to no state, and needed by nothing."""
    found = orphans(reader, state.values("aws_acm_certificate", "arn"), reader.https_listener)
    going = [orphan for orphan in found if not orphan.kept_because]
    records = {canonical(name) for name in state.values("aws_route53_record", "name")}
    groups = old_groups(reader, dict(_groups_by_service(state)), state.values(_GROUP, "arn"))
    kept = [group for group in groups if group.kept_because]
    return Leftovers(
        certificates=going,
        records=list(orphan_records(reader, going, reader.zone_ids, records)) if going else [],
        groups=[group for group in groups if not group.kept_because],
        ports=list(old_ports(reader, list(_rules(state)), kept)),
        kept=[*(orphan for orphan in found if orphan.kept_because), *kept],
    )


def _groups_by_service(state: StateFile) -> Iterator[tuple[str, str]]:
    for instance in state.instances:
        if instance.type == _GROUP and instance.deposed is None:
            yield str((instance.attributes.get("tags_all") or {}).get("Service", "")), str(instance.attributes["arn"])


def _rules(state: StateFile) -> Iterator[dict[str, Any]]:
    for instance in state.instances:
        if instance.type in {firewall.EGRESS, firewall.INGRESS}:
            yield {**instance.attributes, "egress": instance.type == firewall.EGRESS}


def remove(found: Leftovers, reader: Reader, report: Report) -> None:
    """Remove what may go: certificates first, since a record without its certificate would still renew another."""
    acm, elbv2, ec2 = (reader.of_platform(service) for service in ("acm", "elbv2", "ec2"))
    for orphan in found.certificates:
        for listener in orphan.listeners:
            elbv2.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": orphan.arn}])
            by_hand = f"aws elbv2 remove-listener-certificates --listener-arn {listener} --certificates …={orphan.arn}"
            report.did(f"took {orphan.thing} off the listener", by_hand)
        _delete(acm.delete_certificate, CertificateArn=orphan.arn)
        by_hand = f"aws acm delete-certificate --certificate-arn {orphan.arn}"
        report.did(f"removed {orphan.thing}, which no state knows and nothing uses", by_hand)
    for record in found.records:
        reader.client("route53", record.account).change_resource_record_sets(
            HostedZoneId=record.zone_id,
            ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": dict(record.record)}]},
        )
        by_hand = f"aws route53 change-resource-record-sets --hosted-zone-id {record.zone_id} --change-batch …"
        report.did(f"removed {record.thing}, which proved only what is removed", by_hand)
    for group in found.groups:
        _delete(elbv2.delete_target_group, TargetGroupArn=group.arn)
        by_hand = f"aws elbv2 delete-target-group --target-group-arn {group.arn}"
        report.did(f"removed {group.thing}, which its successor has replaced", by_hand)
    for port in found.ports:
        _close(ec2, port, report)


def _close(ec2: Any, port: OldPort, report: Report) -> None:
    way = "egress" if port.is_egress else "ingress"
    revoke = ec2.revoke_security_group_egress if port.is_egress else ec2.revoke_security_group_ingress
    revoke(GroupId=port.group, SecurityGroupRuleIds=[port.id])
    by_hand = f"aws ec2 revoke-security-group-{way} --group-id {port.group} --security-group-rule-ids {port.id}"
    report.did(f"removed {port.thing}, which its successor has replaced", by_hand)


def _delete(call: Any, **arguments: str) -> None:
    end = time.monotonic() + _IN_USE_SECONDS
    while True:
        try:
            call(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _IN_USE or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
