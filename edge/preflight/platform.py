"""Whether the parts of a platform that others made are there, and one of each.

Terraform's own lookups find the same, one after another and with errors of their own beside it ("Missing required
argument", where a name that was not found is used).
"""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.sessions import client_of
from edge.aws.survey.reader import Reader
from edge.preflight.readiness import unasked
from environments.checked import Environment
from environments.faults import Fault
from environments.loader import shown_file
from environments.platforms import ExistingPlatform


def missing(environment: Environment) -> list[str]:
    """Say of each part that is not there, or not alone, what to correct; nothing where AWS does not answer."""
    platform = environment.platform
    if not isinstance(platform, ExistingPlatform):
        return []
    reader = Reader(environment, client_of(environment))
    here = f"account {platform.account} ({environment.accounts[platform.account].id})"
    faults = []
    try:
        for key, thing, count in _counts(platform, reader):
            if count != 1:
                problem = f"{here} holds {count or 'no'} {thing} named {getattr(platform, key)}"
                remedy = "correct the name, or make it again" if count == 0 else "name one that is alone"
                faults.append(str(Fault(shown_file(environment.name), f"platform.{key}", f"{problem}; {remedy}")))
    except (BotoCoreError, ClientError) as error:
        unasked(environment, f"Whether the platform of {environment.name} stands was not asked", error)
        return []
    return faults


def _counts(platform: ExistingPlatform, reader: Reader) -> Iterator[tuple[str, str, int]]:
    """Count the things of each name, by the key that names them."""
    balancers = 0 if reader.load_balancer is None else 1
    yield "load_balancer", "Application Load Balancers", balancers
    if balancers and reader.https_listener is None:
        yield "load_balancer", "listeners on port 443 of the load balancer", 0
    if balancers:
        for key in ("load_balancer_security_group", "instance_security_group"):
            yield key, "security groups in the load balancer's VPC", len(_groups(reader, getattr(platform, key)))
    named = reader.of_platform("autoscaling").describe_auto_scaling_groups(
        AutoScalingGroupNames=[platform.autoscaling_group]
    )
    yield "autoscaling_group", "Auto Scaling groups", len(named["AutoScalingGroups"])
    yield "alert_topic", "SNS topics", _listed(reader, "sns", "list_topics", "Topics", "TopicArn", platform.alert_topic)
    if platform.user_pool:
        found = _listed(
            reader, "cognito-idp", "list_user_pools", "UserPools", "Name", platform.user_pool, MaxResults=60
        )
        yield "user_pool", "Cognito user pools", found


def _groups(reader: Reader, name: str) -> list[Any]:
    filters = [{"Name": "group-name", "Values": [name]}, {"Name": "vpc-id", "Values": [reader.vpc or ""]}]
    return list(reader.of_platform("ec2").describe_security_groups(Filters=filters)["SecurityGroups"])


def _listed(reader: Reader, service: str, operation: str, entries: str, key: str, name: str, **options: int) -> int:
    """Count the things of a list whose name, or the end of whose ARN, is the one that is looked for."""
    pages = reader.of_platform(service).get_paginator(operation).paginate(**options)
    return sum(str(entry[key]).rpartition(":")[2] == name for page in pages for entry in page[entries])
