"""Does the embedded AWS refuse what AWS refuses, and keep what AWS keeps?"""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.aws_calls import PROD, REGION, change, describe, issued, request

pytestmark = pytest.mark.takes(minutes=0.2)

ZONE = "prod.getorcha.com"


@pytest.fixture
def elb(embedded_aws: LocalAws) -> Any:
    return embedded_aws.client("elbv2", PROD, REGION)


@pytest.fixture
def balancer(elb: Any, prod_environment: Environment) -> str:
    found = elb.describe_load_balancers(Names=[prod_environment.load_balancer_name])
    return str(found["LoadBalancers"][0]["LoadBalancerArn"])


@pytest.fixture
def listener(elb: Any, balancer: str) -> str:
    listeners = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    return str(next(entry["ListenerArn"] for entry in listeners if entry["Port"] == 443))


def sni(elb: Any, listener: str) -> list[str]:
    entries = elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    return [entry["CertificateArn"] for entry in entries if not entry["IsDefault"]]


def default(elb: Any, listener: str) -> str:
    entries = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["Certificates"]
    assert len(entries) == 1, "AWS shows only the default certificate here"
    return str(entries[0]["CertificateArn"])


def test_a_listener_takes_no_certificate_that_is_not_issued(embedded_aws: LocalAws, elb: Any, listener: str) -> None:
    pending = [{"CertificateArn": request(embedded_aws, "pending.prod.getorcha.com")}]
    with pytest.raises(ClientError, match="UnsupportedCertificate"):
        elb.add_listener_certificates(ListenerArn=listener, Certificates=pending)
    with pytest.raises(ClientError, match="UnsupportedCertificate"):
        elb.modify_listener(ListenerArn=listener, Certificates=pending)


def test_a_new_listener_takes_no_certificate_that_is_not_issued_or_unknown(
    embedded_aws: LocalAws, elb: Any, balancer: str
) -> None:
    arn = request(embedded_aws, "new.prod.getorcha.com")
    unknown = arn[:-4] + "0000"
    for certificate, code in ((arn, "UnsupportedCertificate"), (unknown, "CertificateNotFound")):
        with pytest.raises(ClientError, match=code):
            elb.create_listener(
                LoadBalancerArn=balancer,
                Protocol="HTTPS",
                Port=8443,
                Certificates=[{"CertificateArn": certificate}],
                DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
            )


def test_a_new_default_certificate_leaves_the_others(embedded_aws: LocalAws, elb: Any, listener: str) -> None:
    extra, fresh = issued(embedded_aws, f"extra.{ZONE}"), issued(embedded_aws, f"fresh.{ZONE}")
    before = default(elb, listener)
    for _ in range(2):  # AWS adds a certificate once
        elb.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": extra}])
    elb.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": fresh}])
    after = (default(elb, listener), sni(elb, listener))
    elb.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": before}])
    elb.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": extra}])
    assert after == (fresh, [extra])
    assert sni(elb, listener) == []


def test_the_default_certificate_cannot_be_removed(elb: Any, listener: str) -> None:
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        elb.remove_listener_certificates(
            ListenerArn=listener, Certificates=[{"CertificateArn": default(elb, listener)}]
        )


def test_a_certificate_in_use_tells_its_load_balancer_and_cannot_be_deleted(
    embedded_aws: LocalAws, elb: Any, balancer: str, listener: str
) -> None:
    acm = embedded_aws.client("acm", PROD, REGION)
    arn = issued(embedded_aws, f"used.{ZONE}")
    elb.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])
    for used in (arn, default(elb, listener)):
        assert describe(embedded_aws, used)["InUseBy"] == [balancer]
        with pytest.raises(ClientError, match="ResourceInUseException"):
            acm.delete_certificate(CertificateArn=used)
    elb.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])
    assert describe(embedded_aws, arn)["InUseBy"] == []
    acm.delete_certificate(CertificateArn=arn)


def test_a_taken_priority_and_a_target_group_in_use_are_refused(elb: Any, listener: str) -> None:
    group = elb.describe_target_groups(Names=["v1-orcha-app-tg"])["TargetGroups"][0]["TargetGroupArn"]
    with pytest.raises(ClientError, match="PriorityInUse"):
        elb.create_rule(
            ListenerArn=listener,
            Priority=5,
            Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["taken.prod.getorcha.com"]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )
    with pytest.raises(ClientError, match="ResourceInUse"):
        elb.delete_target_group(TargetGroupArn=group)


def test_a_target_group_shows_who_forwards_to_it_now(elb: Any, listener: str) -> None:
    def users() -> list[list[str]]:
        return [
            elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]["LoadBalancerArns"] for arn in arns
        ]

    vpc = elb.describe_target_groups(Names=["v1-orcha-app-tg"])["TargetGroups"][0]["VpcId"]
    made = [elb.create_target_group(Name=f"users-{name}", Protocol="HTTP", Port=1, VpcId=vpc) for name in "ab"]
    arns = [answer["TargetGroups"][0]["TargetGroupArn"] for answer in made]
    assert users() == [[], []]
    rule = elb.create_rule(
        ListenerArn=listener,
        Priority=4321,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["users.prod.getorcha.com"]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": arns[0]}],
    )["Rules"][0]["RuleArn"]
    (balancer,) = {item["LoadBalancerArn"] for item in elb.describe_listeners(ListenerArns=[listener])["Listeners"]}
    assert users() == [[balancer], []]
    elb.modify_rule(RuleArn=rule, Actions=[{"Type": "forward", "TargetGroupArn": arns[1]}])
    assert users() == [[], [balancer]]
    elb.delete_rule(RuleArn=rule)
    assert users() == [[], []]
    for arn in arns:
        elb.delete_target_group(TargetGroupArn=arn)


def test_a_rule_that_references_a_group_keeps_its_description_and_tags(embedded_aws: LocalAws) -> None:
    ec2 = embedded_aws.client("ec2", PROD, REGION)
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["v1-orcha-*-sg"]}])
    instances, balancer = sorted(groups["SecurityGroups"], key=lambda group: "alb" in group["GroupName"])
    port = {"IpProtocol": "tcp", "FromPort": 9999, "ToPort": 9999}
    pair = {"GroupId": balancer["GroupId"], "Description": "Link port from ALB"}
    tags = [{"Key": "Service", "Value": "link"}]
    made = ec2.authorize_security_group_ingress(
        GroupId=instances["GroupId"],
        IpPermissions=[{**port, "UserIdGroupPairs": [pair]}],
        TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": tags}],
    )["SecurityGroupRules"][0]

    def rule() -> dict[str, Any]:
        rules = ec2.describe_security_group_rules(SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])
        return dict(rules["SecurityGroupRules"][0])

    assert (made["Description"], rule()["Description"], rule()["Tags"]) == (*[pair["Description"]] * 2, tags)
    changed = {**port, "ReferencedGroupId": balancer["GroupId"], "Description": "Changed"}
    ec2.modify_security_group_rules(
        GroupId=instances["GroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": made["SecurityGroupRuleId"], "SecurityGroupRule": changed}],
    )
    permissions = ec2.describe_security_groups(GroupIds=[instances["GroupId"]])["SecurityGroups"][0]["IpPermissions"]
    shown = next(entry["UserIdGroupPairs"][0] for entry in permissions if entry["FromPort"] == 9999)
    assert (rule()["Description"], shown["Description"]) == ("Changed", "Changed")
    undescribed = {"GroupId": balancer["GroupId"]}
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        ec2.authorize_security_group_ingress(
            GroupId=instances["GroupId"], IpPermissions=[{**port, "UserIdGroupPairs": [undescribed]}]
        )
    ec2.revoke_security_group_ingress(
        GroupId=instances["GroupId"], IpPermissions=[{**port, "UserIdGroupPairs": [undescribed]}]
    )
    with pytest.raises(ClientError, match=r"InvalidSecurityGroupRuleId\.NotFound"):
        rule()


@pytest.mark.parametrize(
    ("action", "name", "kind", "value", "answer"),
    [
        ("CREATE", f"here.{ZONE}", "CNAME", "other.example.com", "it already exists"),
        ("CREATE", f"here.{ZONE}", "TXT", '"text"', "conflicting RRSet of type CNAME"),
        ("UPSERT", f"address.{ZONE}", "CNAME", "other.example.com", "conflicts with other records"),
        ("CREATE", ZONE, "CNAME", "other.example.com", "not permitted at apex"),
        ("DELETE", f"here.{ZONE}", "CNAME", "other.example.com", "do not match the current values"),
        ("CREATE", f"HERE.{ZONE}.", "CNAME", "other.example.com", "it already exists"),  # the same name
        ("DELETE", f"gone.{ZONE}", "CNAME", "other.example.com", "it was not found"),
        ("CREATE", f"{'x' * 64}.{ZONE}", "A", "192.0.2.1", "DomainLabelTooLong .Domain label is too long. encountered"),
        ("CREATE", f"a..{ZONE}", "A", "192.0.2.1", "DomainLabelEmpty .Domain label is empty. encountered with"),
    ],
)
def test_records_that_clash_are_refused(
    embedded_aws: LocalAws, action: str, name: str, kind: str, value: str, answer: str
) -> None:
    where = {"account": PROD, "zone": ZONE}
    change(embedded_aws, "UPSERT", name=f"here.{ZONE}", values=["there.example.com"], **where)
    change(embedded_aws, "UPSERT", name=f"address.{ZONE}", values=["192.0.2.1"], kind="A", **where)
    with pytest.raises(ClientError, match=answer):
        change(embedded_aws, action, name=name, values=[value], kind=kind, **where)


def test_a_deleted_record_can_be_made_again(embedded_aws: LocalAws) -> None:
    def again(action: str) -> None:
        change(embedded_aws, action, account=PROD, zone=ZONE, name=f"again.{ZONE}", values=["there.example.com"])

    for action in ("CREATE", "DELETE", "CREATE"):
        again(action)
    with pytest.raises(ClientError, match="it already exists"):
        again("CREATE")


def test_without_a_data_plane_nothing_but_the_apis_is_served(embedded_aws: LocalAws) -> None:
    assert not [name for name in embedded_aws.variables if name.startswith("ORCHA_VERIFY_")]
