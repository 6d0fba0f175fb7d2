"""What is destroyed, replaced or let go. Nothing is destroyed silently."""

from collections.abc import Iterator, Mapping

from edge.review.findings import Risk
from edge.review.losses import ALARM, HOLDING, TARGET_GROUP, loss, rank
from edge.review.risks.scene import Scene, is_unknown
from edge.tfplan.model import REPLACED_FIRST, REPLACEMENTS, Action, Change

# What identifies a thing, so that AWS refuses a second one; the page of each Create… action has the error:
# DuplicateTargetGroupName, DuplicateLoadBalancerName, DuplicateListener, PriorityInUse, InvalidGroup.Duplicate,
# EntityAlreadyExists, BucketAlreadyOwnedByYou, AlreadyExists, "it already exists" of ChangeResourceRecordSets. Of
# alarms there is no second one either: PutMetricAlarm overwrites the old, and the new goes when that is deleted.
_OF_A_RULE = (
    "security_group_id",
    "ip_protocol",
    "from_port",
    "to_port",
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_id",
    "referenced_security_group_id",
)
_UNIQUE: Mapping[str, tuple[str, ...]] = {
    TARGET_GROUP: ("name",),
    "aws_lb": ("name",),
    "aws_lb_listener": ("load_balancer_arn", "port"),
    "aws_lb_listener_rule": ("listener_arn", "priority"),
    "aws_security_group": ("vpc_id", "name"),
    "aws_iam_role": ("name",),
    "aws_s3_bucket": ("bucket",),
    "aws_route53_record": ("zone_id", "name", "type"),
    "aws_autoscaling_group": ("name",),
    ALARM: ("alarm_name",),
    "aws_lb_listener_certificate": ("listener_arn", "certificate_arn"),
    "aws_autoscaling_attachment": ("autoscaling_group_name", "lb_target_group_arn"),
    "aws_vpc_security_group_egress_rule": _OF_A_RULE,
    "aws_vpc_security_group_ingress_rule": _OF_A_RULE,
}
# Of what only ties two things together AWS takes a second one as the first, and the removal of the old unties both.
_TIES = frozenset({"aws_lb_listener_certificate", "aws_autoscaling_attachment"})

# What may be replaced while it serves, the new one first: each was sampled during such a change
# (tests/engine/test_live_changes_of_paths.py and ..._of_names.py). All others are asked about.
_REPLACED_WITHOUT_A_GAP = frozenset(
    {
        "aws_acm_certificate",
        "aws_acm_certificate_validation",
        "aws_autoscaling_attachment",
        "aws_lb_listener_certificate",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    }
)
# That was seen where the new one does the same for the same things. Elsewhere, what the old one did is done no more.
_ON_THE_SAME: Mapping[str, tuple[str, ...]] = {
    "aws_autoscaling_attachment": ("autoscaling_group_name",),
    "aws_lb_listener_certificate": ("listener_arn",),
    "aws_vpc_security_group_egress_rule": ("security_group_id", "referenced_security_group_id"),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", "referenced_security_group_id"),
}


def _destroyed(scene: Scene) -> Iterator[Risk]:
    destroyed = [planned for planned in scene.plan.changes if planned.action is Action.DESTROY]
    for change in sorted(destroyed, key=rank):
        yield scene.risk("DESTROY", change, f"is destroyed: {_loss_of(change, scene)}")


def _replaced(scene: Scene) -> Iterator[Risk]:
    for change in sorted(scene.plan.changes, key=rank):
        if change.action in REPLACEMENTS and change.type in HOLDING:
            yield scene.risk("REPLACE", change, f"is replaced, and nothing in it moves over: {loss(change)}")
        elif change.action is Action.REPLACE_BEFORE:
            statement = f"is removed before the new one is made: until that stands, {loss(change)}"
            yield scene.risk("REPLACE", change, statement)
        elif change.action in REPLACEMENTS and change.type not in _REPLACED_WITHOUT_A_GAP:
            yield scene.risk("REPLACE", change, f"is replaced, the new one first: {_meanwhile(change)}")
        elif change.action in REPLACEMENTS and (elsewhere := _elsewhere(change)):
            statement = (
                f"is replaced by one with another {' and '.join(elsewhere)}: where the old one was, {loss(change)}"
            )
            yield scene.risk("REPLACE", change, statement)


def _elsewhere(change: Change) -> list[str]:
    """Name what a new tie or rule is on that the old one was not."""
    return [key for key in _ON_THE_SAME.get(change.type, ()) if change.before.get(key) and not _stays(change, key)]


def _meanwhile(change: Change) -> str:
    if change.type == TARGET_GROUP:
        return "its targets take requests only after their first health checks"
    return f"if it has not taken over when the old one goes, {loss(change)}"


def _same_name(scene: Scene) -> Iterator[Risk]:
    """Refuse a replacement under a name that cannot exist twice: AWS does not take the new one while the old stands.

    A target group is refused in the other order too: AWS keeps one that a listener rule uses (ResourceInUse,
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html).
    """
    for change in scene.plan.changes:
        keys = _UNIQUE.get(change.type)
        stands = change.action in REPLACED_FIRST or (change.type == TARGET_GROUP and change.action in REPLACEMENTS)
        if keys and stands and change.after.get(keys[0]) is not None and all(_stays(change, key) for key in keys):
            kept = " and ".join(key for key in keys if change.after.get(key) is not None)
            wrong = (
                "which AWS takes as one thing: it goes with the old one"
                if change.type in _TIES
                else "which AWS refuses"
            )
            statement = f"is replaced under the same {kept}, {wrong}{_remedy(change, scene)}"
            yield scene.risk("SAME_NAME", change, statement, can_be_accepted=False)


def _stays(change: Change, key: str) -> bool:
    return not is_unknown(change, key) and change.after.get(key) == change.before.get(key)


def _remedy(change: Change, scene: Scene) -> str:
    if change.type in _TIES:
        return "; leave it as it is, with `terraform untaint` where its creation failed halfway"
    if change.type != TARGET_GROUP:
        return "; give the new one another, or leave what is replaced as it is"
    service = scene.owners.service_of(change) or "the service"
    return f"; raise generation of services.{service} by 1, so that the new one has a name of its own"


def _forgotten(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.action is Action.REPLACE_FORGETTING:
            yield scene.risk("FORGET", change, "is replaced, and the old one stays in AWS, where no plan shows it")
        elif change.action is Action.FORGET:
            yield scene.risk("FORGET", change, "stays in AWS, and from now on no plan shows what happens to it")


def _loss_of(change: Change, scene: Scene) -> str:
    """Say what a loss means; of a service's own certificate, that another's serves its hosts from now on."""
    service = scene.owners.made_for(change)
    owner = scene.declared.certificates.get(service or "")
    if owner is None or change.type not in ("aws_acm_certificate", "aws_lb_listener_certificate"):
        return loss(change)
    return f"its hosts are served with the certificate of {owner}, whose names clients see from now on"


RULES = (_destroyed, _replaced, _same_name, _forgotten)
