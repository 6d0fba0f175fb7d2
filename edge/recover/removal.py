"""What goes last: certificates that only an interrupted run made, and the records that only they need."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from edge.aws.survey.orphans import Orphan, OrphanRecord, orphan_records, orphans
from edge.aws.survey.reader import Reader
from edge.recover.report import Report
from edge.recover.state import StateFile
from environments.dns_names import canonical

# ACM learns only after a while that a listener has let a certificate go.
_IN_USE_SECONDS, _PAUSE_SECONDS = 120, 3


@dataclass(frozen=True)
class Leftovers:
    """What may go, and what is provably ours but has to stay."""

    certificates: Sequence[Orphan]
    records: Sequence[OrphanRecord]
    kept: Sequence[Orphan]

    @property
    def things(self) -> list[str]:
        """Name what may go."""
        return [*(orphan.thing for orphan in self.certificates), *(record.thing for record in self.records)]


def leftovers(reader: Reader, state: StateFile) -> Leftovers:
    """Find what is ours by its tags, known to no state, and needed by nothing."""
    known = state.values("aws_acm_certificate", "arn")
    found = orphans(reader, known, reader.https_listener)
    going = [orphan for orphan in found if not orphan.kept_because]
    records = {canonical(name) for name in state.values("aws_route53_record", "name")}
    return Leftovers(
        certificates=going,
        records=list(orphan_records(reader, going, reader.zone_ids, records)) if going else [],
        kept=[orphan for orphan in found if orphan.kept_because],
    )


def remove(found: Leftovers, reader: Reader, report: Report) -> None:
    """Remove what may go: certificates first, since a record without its certificate would still renew another."""
    acm, elbv2 = reader.of_platform("acm"), reader.of_platform("elbv2")
    for orphan in found.certificates:
        for listener in orphan.listeners:
            elbv2.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": orphan.arn}])
            by_hand = f"aws elbv2 remove-listener-certificates --listener-arn {listener} --certificates …={orphan.arn}"
            report.did(f"took {orphan.thing} off the listener", by_hand)
        _delete(acm, orphan.arn)
        by_hand = f"aws acm delete-certificate --certificate-arn {orphan.arn}"
        report.did(f"removed {orphan.thing}, which no state knows and nothing uses", by_hand)
    for record in found.records:
        reader.client("route53", record.account).change_resource_record_sets(
            HostedZoneId=record.zone_id,
            ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": dict(record.record)}]},
        )
        by_hand = f"aws route53 change-resource-record-sets --hosted-zone-id {record.zone_id} --change-batch …"
        report.did(f"removed {record.thing}, which proved only what is removed", by_hand)


def _delete(acm: Any, arn: str) -> None:
    end = time.monotonic() + _IN_USE_SECONDS
    while True:
        try:
            acm.delete_certificate(CertificateArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceInUseException" or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
