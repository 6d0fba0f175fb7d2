"""What a plan would remove and AWS would not let go: found before the first removal, not half-way through.

An apply that fails on it has taken the names, certificates and services away by then, and leaves what is protected.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.alb_semantics import targets
from edge.aws.errors import plain
from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.plan.errors import RefusedError
from edge.tfplan.model import REPLACEMENTS, Action, Change, Plan
from environments.checked import Environment
from environments.dns_names import canonical
from environments.text import listed

_NAMED_AT_MOST = 3
_RECORD = "aws_route53_record"
_LIFT = "lift it with platform.balancer.deletion_protection = false, and deploy that first"


def refuse_what_cannot_go(environment: Environment, plan: Plan) -> None:
    """Raise RefusedError for what the plan removes or replaces and AWS holds on to; where AWS cannot be asked, say so.

    What the plan itself lifts before, such as deletion protection in an earlier deploy, is no reason: a plan removes
    what stands as it stands.
    """
    reader = Reader(environment, client_of(environment))
    leaving = [change for change in plan.changes if change.action is Action.DESTROY or change.action in REPLACEMENTS]
    sentences = []
    for change in leaving:
        try:
            sentences += [f"{change.address} {reason}" for reason in _reasons(change, plan, environment, reader)]
        except (BotoCoreError, ClientError) as error:
            reason = plain(error)
            print(f"Whether {change.address} lets itself be removed was not asked: {reason}", file=sys.stderr)
    if sentences:
        raise RefusedError("\n".join([*sentences, "Nothing was removed."]))


def _reasons(change: Change, plan: Plan, environment: Environment, reader: Reader) -> Iterator[str]:
    keeps = _KEEPS.get(change.type)
    if keeps is not None:
        yield from keeps(change, plan, environment, reader)


def _protected_balancer(change: Change, _plan: Plan, _environment: Environment, _reader: Reader) -> Iterator[str]:
    if change.before.get("enable_deletion_protection"):
        yield f"has deletion protection; {_LIFT}"


def _protected_pool(change: Change, _plan: Plan, _environment: Environment, _reader: Reader) -> Iterator[str]:
    if change.before.get("deletion_protection") == "ACTIVE":
        yield f"has deletion protection; {_LIFT}"


def _filled_bucket(change: Change, _plan: Plan, environment: Environment, reader: Reader) -> Iterator[str]:
    """S3 deletes no bucket that holds something (BucketNotEmpty); with `force_destroy` the provider empties it first.

    That counts earlier versions of objects that are deleted, and their delete markers, which a plain list leaves out.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html
    """
    bucket = change.before.get("bucket")
    if change.before.get("force_destroy") or not bucket:
        return
    s3 = reader.client("s3", change.account or environment.platform.account)
    found = s3.list_object_versions(Bucket=bucket, MaxKeys=1)
    if found.get("Versions") or found.get("DeleteMarkers"):
        yield f"holds objects, or versions of them, and is kept with them; {_LIFT}, or empty the bucket {bucket}"


def _filled_zone(change: Change, plan: Plan, environment: Environment, reader: Reader) -> Iterator[str]:
    """Route 53 deletes no zone that holds more than the NS and SOA records of its apex (HostedZoneNotEmpty).

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html
    """
    zone_id, zone = change.before.get("zone_id"), canonical(str(change.before.get("name", "")))
    if change.before.get("force_destroy") or not zone_id:
        return
    ours = {
        (canonical(str(record.before.get("fqdn") or record.before.get("name"))), record.before.get("type"))
        for record in plan.changes
        if record.type == _RECORD and record.before.get("zone_id") == zone_id and record.action is Action.DESTROY
    }
    others = [
        f"{record['Type']} {canonical(record['Name'])}"
        for record in reader.all_records(change.account or environment.platform.account, zone_id)
        if (canonical(record["Name"]), record["Type"]) not in ours | {(zone, "NS"), (zone, "SOA")}
    ]
    if others:
        more = len(others) - _NAMED_AT_MOST
        which = listed([*others[:_NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])])
        yield f"holds records that this environment did not make: {which}; remove them first, or keep the zone"


def _used_certificate(change: Change, _plan: Plan, environment: Environment, reader: Reader) -> Iterator[str]:
    """ACM deletes no certificate that something uses (ResourceInUseException); the provider tries for 20 minutes.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
    """
    certificate = str(change.before.get("arn") or "")
    users = sorted(reader.users_elsewhere(certificate)) if certificate else []
    if users:
        names = listed([arn.rpartition(":")[2] for arn in users])
        kept = f"`edge release {environment.name} --certificate {change.address}`"
        or_kept = "" if change.deposed else f", or let this one go, which AWS then keeps: {kept}"
        yield f"is in use elsewhere, by {names}, and cannot be removed; give that another certificate first{or_kept}"


def _used_target_group(change: Change, plan: Plan, environment: Environment, reader: Reader) -> Iterator[str]:
    """AWS deletes no target group to which a listener or a rule forwards (ResourceInUse), whoever made that.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
    One that only an Auto Scaling group names it deletes: that group then names what is not there.
    """
    ours = {str(rule.before.get(key)) for rule in plan.changes if rule.type in _FORWARDING for key in ("arn", "id")}
    group = str(change.before.get("arn") or "")
    users = sorted(
        shown for arn, shown, actions in _forwarding(group, reader) if arn not in ours and group in targets(actions)
    )
    if users:
        yield f"is in use by {listed(users)}, and cannot be removed; give that another target group first"
    detached = {environment.autoscaling_group_name} | {
        str(attachment.before.get("autoscaling_group_name"))
        for attachment in plan.changes
        if attachment.type == "aws_autoscaling_attachment" and attachment.before.get("lb_target_group_arn") == group
    }
    if others := sorted(set(reader.scaling_groups_with(group)) - detached if group else ()):
        what = f"the Auto Scaling group{'s' if len(others) > 1 else ''} {listed(others)}"
        yield f"is attached to {what} too, by others, which would name what is gone; detach it there first"


def _forwarding(target_group: str, reader: Reader) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Go over listeners and rules of the load balancers that use a target group: ARN, name for people, actions.

    None where the target group is gone.
    """
    elbv2 = reader.of_platform("elbv2")
    try:
        (found,) = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "TargetGroupNotFound":
            return
        raise
    for balancer in dict.fromkeys(found.get("LoadBalancerArns", ())):
        name = balancer.partition("loadbalancer/app/")[2].partition("/")[0]
        for listener in elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]:
            arn, port = str(listener["ListenerArn"]), listener["Port"]
            yield arn, f"the default action of {name}:{port}", list(listener["DefaultActions"])
            for rule in reader.rules(arn):
                yield str(rule["RuleArn"]), f"rule {rule['Priority']} of {name}:{port}", list(rule["Actions"])


_FORWARDING = frozenset({"aws_lb_listener", "aws_lb_listener_rule"})
_KEEPS: dict[str, Callable[[Change, Plan, Environment, Reader], Iterator[str]]] = {
    "aws_acm_certificate": _used_certificate,
    "aws_cognito_user_pool": _protected_pool,
    "aws_lb": _protected_balancer,
    "aws_lb_target_group": _used_target_group,
    "aws_route53_zone": _filled_zone,
    "aws_s3_bucket": _filled_bucket,
}
