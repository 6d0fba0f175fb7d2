"""The ids of an environment's policies, looked up on the embedded AWS, and the documents as its IAM reads them."""

import json
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from edge.roles.trust import trust_policy
from embedded_aws.process import LocalAws
from environments.checked import Environment
from environments.loader import ENVIRONMENTS_DIR
from tests.support.authorization.examples import EXAMPLES, roles_of
from tests.support.files import ENVIRONMENTS, ROOT


def test_the_ids_are_those_that_aws_gave(embedded_aws: LocalAws, prod_environment: Environment) -> None:
    environ = embedded_aws.child_environment({"PATH": "/usr/bin:/bin", ENVIRONMENTS_DIR: str(ENVIRONMENTS)})
    command = [sys.executable, "-m", "edge", "roles", prod_environment.name]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    printed = json.loads(done.stdout)
    management = embedded_aws.client("route53", "222222222222", "us-east-1")
    (zone,) = management.list_hosted_zones_by_name(DNSName="getorcha.com")["HostedZones"]
    (read,) = [item for item in printed["management"]["plan"]["policy-1"]["Statement"] if item["Sid"] == "ReadZones"]
    assert read["Resource"] == [f"arn:aws:route53:::{zone['Id'].removeprefix('/')}"]
    groups = embedded_aws.client("ec2", "111111111111", "eu-central-1").describe_security_groups()["SecurityGroups"]
    ids = {group["GroupName"]: group["GroupId"] for group in groups}
    written = json.dumps(printed["prod"]["deploy"])
    for name in ("v1-orcha-alb-sg", "v1-orcha-ec2-sg"):
        assert f"security-group/{ids[name]}" in written


def test_every_document_makes_a_role(embedded_aws: LocalAws) -> None:
    """moto reads documents as IAM does, refuses what is malformed, and attaches ten to a role."""
    for number, example in enumerate(EXAMPLES.values()):
        for (account, task), role in roles_of(example).items():
            iam = embedded_aws.client("iam", "111111111111", "us-east-1")
            name = f"{number}-{account}-{task}"
            trust = trust_policy(example, role, "getorcha/edge")
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
            for part, document in enumerate(role.documents):
                written = json.dumps(document)
                made = iam.create_policy(PolicyName=f"{name}-{part}", PolicyDocument=written)["Policy"]
                iam.attach_role_policy(RoleName=name, PolicyArn=made["Arn"])
            attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
            assert len(attached) == len(role.documents)


def test_a_malformed_document_is_refused_there(embedded_aws: LocalAws) -> None:
    iam = embedded_aws.client("iam", "111111111111", "us-east-1")
    (document, *_) = roles_of(EXAMPLES["prod"])["management", "plan"].documents
    document["Statement"][0]["Resource"] = ["hostedzone/*"]
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        iam.create_policy(PolicyName="malformed", PolicyDocument=json.dumps(document))
