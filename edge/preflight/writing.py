"""Whether a deploy may write the state and into each zone, asked without a write.

A deploy writes its last records into other accounts, after everything else is made: a denial there leaves all that half
done. Route 53 judges permissions before it judges a change, so that the removal of a record that cannot stand answers
AccessDenied to whoever may not write, and InvalidChangeBatch to whoever may:
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

import uuid
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.sessions import ClientOf, client_of
from edge.aws.state_bucket import place_of
from edge.aws.state_object import holder_of
from edge.aws.survey.reader import Reader
from edge.preflight.readiness import NotReadyError, unasked
from edge.roles.records import written, zones_of
from environments.checked import Environment
from environments.dns_names import in_route53

_REFUSED_AS_A_CHANGE = "InvalidChangeBatch"
_NOBODYS = "orcha-edge-asks-only.invalid."  # RFC 2606 section 2: nobody's name, so that no record leads there


def demand_writable(environment: Environment, *, recovery: str = "") -> None:
    """Refuse to deploy where the state is locked, or a zone may not be written into; raises NotReadyError.

    Nothing is changed by asking. `recovery` is the command for a lock whose holder is gone, `edge recover` by default.
    """
    clients = client_of(environment)
    try:
        remedy = recovery or f"edge recover {environment.name}"
        faults = [*_lock(environment, clients, remedy), *_zones(environment, Reader(environment, clients))]
    except (BotoCoreError, ClientError) as error:
        unasked(environment, f"Whether {environment.name} may be written was not asked", error)
        return
    if faults:
        raise NotReadyError("\n".join(faults))


def _lock(environment: Environment, clients: ClientOf, remedy: str) -> Iterator[str]:
    """Refuse a state that somebody holds: Terraform would say so after the plan, and after somebody's yes."""
    place = place_of(environment, clients)
    if place is None:
        return
    holder = holder_of(place.s3, bucket=place.bucket, key=place.backend.key)
    if holder is not None:
        yield (
            f"The state is locked by {holder}; wait for that to end, or, where it ended without releasing the lock, "
            f"run `{remedy}`. Nothing was changed"
        )


def _zones(environment: Environment, reader: Reader) -> Iterator[str]:
    wanted = [zone for account in environment.accounts for zone in zones_of(environment, account)]
    for zone, (account, zone_id) in reader.zone_ids_of(wanted).items():
        record = impossible_record(environment, zone)
        if record is None:
            continue
        route53 = reader.client("route53", account)
        if (reason := _refusal(route53, zone_id, record)) is not None:
            yield (
                f'zones."{zone}": account {account} ({environment.accounts[account].id}) may not write into this zone: '
                f"{reason}; sign in as a role that may, as `edge roles {environment.name}` derives it. Nothing was "
                "changed"
            )


def impossible_record(environment: Environment, zone: str) -> dict[str, Any] | None:
    """Write a record that the derived roles may remove, and that cannot stand; None where nothing is written there.

    A validation record's name begins as ACM chooses it, here as nobody does. Where only a delegation is written, its
    name is known, and no name server is called as this one: a removal must give the very values that stand.
    """
    records = written(environment, zone)
    if records.proofs:
        name, kind = f"_{uuid.uuid4().hex}.{records.proofs[0]}", "CNAME"
    elif records.delegations:
        name, kind = records.delegations[0], "NS"
    else:
        return None
    return {"Name": in_route53(name), "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": _NOBODYS}]}


def _refusal(route53: Any, zone_id: str, record: dict[str, Any]) -> str | None:
    """Ask; give the reason where AWS denies it."""
    try:
        route53.change_resource_record_sets(
            HostedZoneId=zone_id, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
        )
    except ClientError as error:
        return None if error.response["Error"]["Code"] == _REFUSED_AS_A_CHANGE else plain(error)
    return None
