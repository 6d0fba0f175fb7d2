"""The ids of an environment's policies, looked up on the embedded AWS with the environment's own profiles."""

import json
import subprocess
import sys

from environments.schema import Environment
from tests.files import ROOT
from tools.local_aws.process import LocalAws


def test_the_ids_are_those_that_aws_gave(embedded_aws: LocalAws, prod_environment: Environment) -> None:
    environ = embedded_aws.child_environment({"PATH": "/usr/bin:/bin"})
    command = [sys.executable, "-m", "tools.policies", prod_environment.name]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    printed = json.loads(done.stdout)
    management = embedded_aws.client("route53", "222222222222", "us-east-1")
    (zone,) = management.list_hosted_zones_by_name(DNSName="getorcha.com")["HostedZones"]
    (read,) = [each for each in printed["management"]["plan"]["policy-1"]["Statement"] if each["Sid"] == "ReadZones"]
    assert read["Resource"] == [f"arn:aws:route53:::{zone['Id'].removeprefix('/')}"]
    groups = embedded_aws.client("ec2", "111111111111", "eu-central-1").describe_security_groups()["SecurityGroups"]
    ids = {each["GroupName"]: each["GroupId"] for each in groups}
    written = json.dumps(printed["prod"]["deploy"])
    for name in ("v1-orcha-alb-sg", "v1-orcha-ec2-sg"):
        assert f"security-group/{ids[name]}" in written
