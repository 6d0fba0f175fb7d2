"""Is what stands before the first deploy what the environments name, each in its own account?"""

import json
import socket
import stat
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from embedded_aws import accounts
from embedded_aws.errors import LocalAwsError
from embedded_aws.process import LocalAws
from embedded_aws.seed.cdk_services import names_of
from environments.checked import Environment
from tests.support.aws_calls import MANAGEMENT, PROD, REGION, STAGING
from tests.support.files import environment, prod

pytestmark = pytest.mark.takes(minutes=0.2)

Client = Callable[[str], Any]


@pytest.fixture(params=["prod", "staging"])
def settings(request: pytest.FixtureRequest) -> Environment:
    found: Environment = request.getfixturevalue(f"{request.param}_environment")
    return found


@pytest.fixture
def client(embedded_aws: LocalAws, settings: Environment) -> Client:
    account_id = settings.accounts[settings.platform.account].id
    return lambda service: embedded_aws.client(service, account_id, settings.region)


def test_the_load_balancer_listens_and_routes_to_the_older_services(settings: Environment, client: Client) -> None:
    elb = client("elbv2")
    balancer = elb.describe_load_balancers(Names=[settings.load_balancer_name])["LoadBalancers"][0]
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    actions = {entry["Port"]: entry["DefaultActions"][0]["Type"] for entry in listeners}
    rules = elb.describe_rules(ListenerArn=listeners[1]["ListenerArn"])["Rules"]
    hosts = {rule["Priority"]: rule["Conditions"][0]["HostHeaderConfig"]["Values"] for rule in rules[:-1]}
    zone = next(iter(settings.zones))
    assert (balancer["Scheme"], actions) == ("internet-facing", {80: "redirect", 443: "fixed-response"})
    assert hosts == {"5": [f"app.{zone}"], "10": [f"admin.{zone}"]}


def test_the_instances_serve_the_older_services(settings: Environment, client: Client) -> None:
    elb, name = client("elbv2"), names_of(settings).autoscaling_group
    fleet = client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
    groups = elb.describe_target_groups(Names=[f"{settings.prefix}-app-tg", f"{settings.prefix}-admin-tg"])
    arns = {group["TargetGroupArn"]: group["Port"] for group in groups["TargetGroups"]}
    assert sorted(arns.values()) == [7777, 8888]
    assert set(fleet["TargetGroupARNs"]) == set(arns)
    for arn in arns:
        targets = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        assert [target["TargetHealth"]["State"] for target in targets] == ["healthy", "healthy"]


def test_the_security_groups_open_the_older_ports_between_each_other(settings: Environment, client: Client) -> None:
    names = [names_of(settings).load_balancer_security_group, names_of(settings).instance_security_group]
    found = client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": names}])
    groups = {group["GroupName"]: group for group in found["SecurityGroups"]}
    opened = {
        name: (_ports(groups[name]["IpPermissions"]), _ports(groups[name]["IpPermissionsEgress"])) for name in names
    }
    assert opened == {names[0]: ([80, 443], [443, 7777, 8888]), names[1]: ([7777, 8888], [-1])}


def _ports(permissions: list[dict[str, Any]]) -> list[int]:
    return sorted(permission.get("FromPort", -1) for permission in permissions)


def test_the_topic_stands(settings: Environment, client: Client) -> None:
    arns = [topic["TopicArn"] for topic in client("sns").list_topics()["Topics"]]
    assert [arn.rpartition(":")[2] for arn in arns] == [names_of(settings).alert_topic]


def test_admin_asks_for_a_sign_in(embedded_aws: LocalAws) -> None:
    pools = embedded_aws.client("cognito-idp", PROD, REGION).list_user_pools(MaxResults=10)["UserPools"]
    elb = embedded_aws.client("elbv2", PROD, REGION)
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    https = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][1]["ListenerArn"]
    rules = {rule["Priority"]: rule["Actions"] for rule in elb.describe_rules(ListenerArn=https)["Rules"]}
    assert [pool["Name"] for pool in pools] == ["v1-orcha-users"]
    assert [action["Type"] for action in rules["10"]] == ["authenticate-cognito", "forward"]


def test_the_state_bucket_is_versioned(embedded_aws: LocalAws) -> None:
    s3 = embedded_aws.client("s3", PROD, REGION)
    assert s3.get_bucket_versioning(Bucket="v1-orcha-terraform-state")["Status"] == "Enabled"


def test_a_bucket_encrypts_from_the_start(embedded_aws: LocalAws) -> None:
    found = embedded_aws.client("s3", PROD, REGION).get_bucket_encryption(Bucket="v1-orcha-terraform-state")
    (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_bucket_is_its_accounts_alone(embedded_aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="403"):
        embedded_aws.client("s3", MANAGEMENT, REGION).head_bucket(Bucket="v1-orcha-terraform-state")


def test_a_provider_that_stands_serves_another_client(embedded_aws: LocalAws) -> None:
    iam = embedded_aws.client("iam", PROD, REGION)
    provider = iam.create_open_id_connect_provider(Url="https://tokens.example.com", ClientIDList=["one"])
    arn = {"OpenIDConnectProviderArn": provider["OpenIDConnectProviderArn"]}
    for _ in range(2):
        iam.add_client_id_to_open_id_connect_provider(**arn, ClientID="two")
    assert iam.get_open_id_connect_provider(**arn)["ClientIDList"] == ["one", "two"]
    iam.delete_open_id_connect_provider(**arn)


def test_a_user_pool_has_a_plan_and_threat_protection_needs_plus(embedded_aws: LocalAws) -> None:
    cognito = embedded_aws.client("cognito-idp", PROD, REGION)
    protected = {"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
    with pytest.raises(cognito.exceptions.FeatureUnavailableInTierException):
        cognito.create_user_pool(PoolName="plans", **protected)
    pool = cognito.create_user_pool(PoolName="plans", UsernameAttributes=["email"])["UserPool"]
    assert pool["UserPoolTier"] == "ESSENTIALS"
    cognito.update_user_pool(UserPoolId=pool["Id"], UserPoolTier="PLUS", **protected)
    changed = cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    assert (changed["UserPoolTier"], changed["UserPoolAddOns"]) == ("PLUS", protected["UserPoolAddOns"])
    assert changed["UsernameAttributes"] == ["email"]  # an update does not take them, and they stay
    cognito.delete_user_pool(UserPoolId=pool["Id"])


def test_a_user_pools_second_factor_is_what_was_set_last_by_either_call(embedded_aws: LocalAws) -> None:
    cognito = embedded_aws.client("cognito-idp", PROD, REGION)
    pool = {"UserPoolId": cognito.create_user_pool(PoolName="factors", MfaConfiguration="OFF")["UserPool"]["Id"]}
    token = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}

    def shown() -> set[str]:
        described = cognito.describe_user_pool(**pool)["UserPool"]["MfaConfiguration"]
        return {described, cognito.get_user_pool_mfa_config(**pool)["MfaConfiguration"]}

    assert shown() == {"OFF"}
    cognito.update_user_pool(**pool, MfaConfiguration="ON")
    assert shown() == {"ON"}
    cognito.set_user_pool_mfa_config(**pool, MfaConfiguration="OPTIONAL", **token)
    assert shown() == {"OPTIONAL"}
    cognito.delete_user_pool(**pool)


def test_a_role_is_bounded_by_what_exists_alone(embedded_aws: LocalAws) -> None:
    """AWS refuses another: NoSuchEntity, for CreateRole and for PutRolePermissionsBoundary."""
    iam = embedded_aws.client("iam", PROD, REGION)
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    gone = f"arn:aws:iam::{PROD}:policy/gone"
    with pytest.raises(iam.exceptions.NoSuchEntityException, match=f"Scope ARN: {gone} does not exist"):
        iam.create_role(RoleName="bounded", AssumeRolePolicyDocument=trust, PermissionsBoundary=gone)
    bounds = iam.create_policy(PolicyName="bounds", PolicyDocument=trust)["Policy"]["Arn"]
    role = iam.create_role(RoleName="bounded", AssumeRolePolicyDocument=trust, PermissionsBoundary=bounds)["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == bounds
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.put_role_permissions_boundary(RoleName="bounded", PermissionsBoundary=gone)
    iam.delete_role(RoleName="bounded")
    iam.delete_policy(PolicyArn=bounds)


def test_accounts_are_isolated_and_a_shared_zone_is_made_once(embedded_aws: LocalAws) -> None:
    assert _balancers(embedded_aws, PROD) == ["v1-orcha-alb"]
    assert _balancers(embedded_aws, STAGING) == ["v1-orcha-staging-alb"]
    assert _balancers(embedded_aws, MANAGEMENT) == []
    zones = embedded_aws.client("route53", MANAGEMENT, REGION).list_hosted_zones()["HostedZones"]
    assert [zone["Name"] for zone in zones].count("getorcha.com.") == 1


def test_a_zone_of_another_account_is_denied_and_one_of_nobodys_is_missing(embedded_aws: LocalAws) -> None:
    """The provider takes a missing zone for a record that was removed; of a zone of others AWS does not say as much.

    https://github.com/hashicorp/terraform-provider-aws/issues/12570
    """
    (theirs,) = [
        zone["Id"]
        for zone in embedded_aws.client("route53", MANAGEMENT, REGION).list_hosted_zones()["HostedZones"]
        if zone["Name"] == "getorcha.com."
    ]
    route53 = embedded_aws.client("route53", PROD, REGION)
    for zone, code in ((theirs, "AccessDenied"), ("Z0NOBODYS", "NoSuchHostedZone")):
        for operation, key in (("get_hosted_zone", "Id"), ("list_resource_record_sets", "HostedZoneId")):
            with pytest.raises(ClientError, match=rf"\({code}\)"):
                getattr(route53, operation)(**{key: zone})


def _balancers(aws: LocalAws, account: str) -> list[str]:
    found = aws.client("elbv2", account, REGION).describe_load_balancers()["LoadBalancers"]
    return [balancer["LoadBalancerName"] for balancer in found]


def test_only_this_user_can_read_the_credentials(embedded_aws: LocalAws) -> None:
    file = embedded_aws.variables["AWS_SHARED_CREDENTIALS_FILE"]
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (embedded_aws.folder, embedded_aws.folder / "credentials")]
    assert (file, modes) == (str(embedded_aws.folder / "credentials"), [0o700, 0o600])


@pytest.mark.parametrize(
    ("profile", "account"), [("orcha-prod", PROD), ("orcha", MANAGEMENT), ("orcha-staging", STAGING)]
)
def test_a_child_reaches_each_account_by_its_profile(
    embedded_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, profile: str, account: str
) -> None:
    for name, value in embedded_aws.child_environment({}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    assert boto3.Session(profile_name=profile).client("sts").get_caller_identity()["Account"] == account


def test_a_child_inherits_nothing_that_reaches_a_real_account(embedded_aws: LocalAws) -> None:
    shell = {
        "AWS_PROFILE": "real",
        "AWS_ACCESS_KEY_ID": "real",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CA_BUNDLE": "real",
        "AWS_ENDPOINT_URL": "https://real.example",
        "AWS_ENDPOINT_URL_S3": "https://real.example",
        "AWS_REGION": "real",
        "HTTPS_PROXY": "http://proxy.example",
        "NO_PROXY": "intranet",
        "PATH": "/bin",
    }
    child = embedded_aws.child_environment(shell)
    assert not [name for name, value in child.items() if "real" in value]
    assert (child["PATH"], child["NO_PROXY"]) == ("/bin", "intranet,127.0.0.1,localhost")
    assert child["AWS_ENDPOINT_URL"] == embedded_aws.url


def test_its_own_clients_ignore_the_shell(embedded_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/no/such/file")
    assert embedded_aws.client("sts", STAGING, "eu-west-1").get_caller_identity()["Account"] == STAGING


def test_it_listens_on_loopback_only(embedded_aws: LocalAws) -> None:
    host, port = urlsplit(embedded_aws.url).hostname, urlsplit(embedded_aws.url).port or 0
    assert host == "127.0.0.1"
    with pytest.raises(OSError, match=r"refused|unreachable"):
        socket.create_connection(("127.0.0.2", port), timeout=2)


def test_environments_that_contradict_one_another_are_refused() -> None:
    other = prod()
    other["accounts"]["prod"]["id"] = "555555555555"
    pair = [environment(prod()), environment(other, "other")]
    with pytest.raises(LocalAwsError, match=r"profile orcha-prod stands for account 111111111111"):
        accounts.profiles(pair)
    with pytest.raises(LocalAwsError, match=r"zone prod\.getorcha\.com stands for account 111111111111"):
        accounts.zones(pair)
