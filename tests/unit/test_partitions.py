"""Partitions: every region that botocore knows, and that each ARN that is written here begins with its own."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.session import get_session

from edge.roles.home import Home
from edge.roles.role_names import role_arn
from environments.checked import Environment
from environments.partitions import partition_of
from tests.support.files import environment, managed, prod

PROD = environment(prod())


def regions() -> list[tuple[str, str]]:
    session = boto3.Session()
    return [
        (partition, region)
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition_name=partition)
    ]


def test_it_is_botocores_for_every_region() -> None:
    known = regions()
    assert len({partition for partition, _ in known}) >= 8
    assert {region: partition_of(region) for _, region in known} == {region: partition for partition, region in known}


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-iso-east-1", "aws-iso"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-east-1", "aws"),
        ("ca-central-9", "aws"),
    ],
)
def test_a_region_that_opens_later_lies_in_its_neighbours_partition(region: str, partition: str) -> None:
    assert get_session().get_partition_for_region(region) == partition
    later = f"{region[:-1]}7"
    assert {partition_of(region), partition_of(later)} == {partition}


def test_roles_and_their_policies_are_named_in_it() -> None:
    secret = PROD.model_copy(update={"region": "us-iso-east-1"})
    arn = role_arn(secret, secret.accounts["prod"], "plan")
    assert arn.startswith("arn:aws-iso:iam::111111111111:role/")
    assert Home(secret, "prod").arn("acm", "certificate/*").startswith("arn:aws-iso:acm:us-iso-east-1:111111111111:")


def test_so_is_everything_that_a_managed_platform_writes(
    synthesized: Callable[[Environment], dict[str, Any]],
) -> None:
    stack = json.dumps(synthesized(environment({**managed(), "region": "eusc-de-east-1"}, "staging")))
    assert "arn:aws-eusc:" in stack
    assert "arn:aws:" not in stack
