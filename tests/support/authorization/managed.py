"""What the record of a managed platform's life must show of its policies."""

from collections.abc import Sequence

from environments.checked import Environment
from tests.support.authorization.judging import judge
from tests.support.call_recorder import Call

# Actions that no step of that life needs: each with the key of the file whose change does, or with the other record.
_PRODS = "prod's record needs it, of the same statement"
_LOGS = "a destroy with logs in the bucket, into which moto lets nobody write: it takes every Deny for unconditional"
ELSEWHERE = {
    ("ChangeCertificates", "acm:AddTagsToCertificate"): _PRODS,
    ("ChangeLoadBalancer", "elasticloadbalancing:ModifyListener"): "zones: another name on the default certificate",
    ("ChangeLoadBalancer", "elasticloadbalancing:SetIpAddressType"): "platform.balancer.ip_address_type",
    ("ChangeLogin", "cognito-idp:UpdateUserPoolClient"): _PRODS,
    ("ChangeNetwork", "ec2:AssociateSubnetCidrBlock"): "platform.balancer.ip_address_type",
    ("ChangeNetwork", "ec2:AssociateVpcCidrBlock"): "platform.balancer.ip_address_type",
    ("ChangeNetwork", "ec2:DisassociateSubnetCidrBlock"): "platform.balancer.ip_address_type",
    ("ChangeNetwork", "ec2:DisassociateVpcCidrBlock"): "platform.balancer.ip_address_type",
    ("ChangeNetwork", "ec2:ModifySecurityGroupRules"): "services.<name>.renamed_from",
    ("ChangeNetwork", "ec2:ReplaceRoute"): "platform.network.nat_gateways",
    ("ChangePortsOfServices", "ec2:CreateTags"): _PRODS,
    ("ChangePortsOfServices", "ec2:ModifySecurityGroupRules"): _PRODS,
    ("ChangeRules", "elasticloadbalancing:AddTags"): _PRODS,
    ("ChangeRules", "elasticloadbalancing:ModifyRule"): _PRODS,
    ("ChangeRules", "elasticloadbalancing:RemoveTags"): _PRODS,
    ("ChangeRules", "elasticloadbalancing:SetRulePriorities"): _PRODS,
    ("ChangeTargetGroups", "elasticloadbalancing:ModifyTargetGroup"): _PRODS,
    ("DeleteLogs", "s3:DeleteObject"): _LOGS,
    ("DetachFormerPolicies", "iam:DetachRolePolicy"): "the first deploy after release 0.1.0",
    ("DeleteLogs", "s3:DeleteObjectVersion"): _LOGS,
    (
        "MakeInstanceRole",
        "iam:PutRolePermissionsBoundary",
    ): "platform.instances.permissions_boundary, where a role stands",
}


def expect_least_privilege(environment: Environment, calls: Sequence[Call]) -> None:
    """Demand that the roles allow every call, that those of a plan allow no write, and that nothing is allowed idly."""
    judged = judge([(environment, (), calls)])
    assert len(judged.asked) > 500
    assert judged.refused == [], "\n".join(judged.refused)
    assert judged.writes > 150
    assert judged.written_by_plan == [], "\n".join(judged.written_by_plan)
    idle = {(task, sid, action) for _, task, sid, action in judged.idle}
    elsewhere = {("deploy", sid, action) for sid, action in ELSEWHERE}
    assert idle == elsewhere, f"not listed: {sorted(idle - elsewhere)}; needed: {sorted(elsewhere - idle)}"
