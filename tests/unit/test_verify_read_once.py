"""What several checks build on is read once, until one of them fails and is asked again."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Run
from edge.verify.requests import Requests
from tests.support.survey_world import SurveyWorld


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    with mock_aws():
        yield SurveyWorld()


def test_rules_are_read_once_for_all_services_and_each_check_names_its_requests(world: SurveyWorld) -> None:
    requests = Requests()
    aws = AwsClient(world.environment, lambda service, _account, _region: world.client(service), requests)
    run = Run(requests)

    def question() -> Answered[int]:
        return Answered("all", len(aws.rules(world.balancer, port=443)))

    first, second = (run.ask(name, "routing", question) for name in ("one", "two"))
    assert first.value == second.value
    account = world.environment.accounts["prod"].id
    sent = [f"aws elbv2 {operation} in {account}" for operation in ("DescribeListeners", "DescribeRules")]
    assert list(first.result.requests) == sent
    assert list(second.result.requests) == [f"{request}, as read before" for request in sent]


def test_a_check_that_is_asked_again_reads_again(world: SurveyWorld) -> None:
    requests, seen = Requests(), list[int]()
    aws = AwsClient(world.environment, lambda service, _account, _region: world.client(service), requests)
    run = Run(requests, wait_seconds=60, sleep=lambda _: grow())

    def grow() -> None:
        world.rule(tags={}, group=world.target_group(tags={}))

    def question() -> Answered[Any]:
        seen.append(len(aws.rules(world.balancer, port=443)))
        if seen[-1] == 1:
            raise CheckFailedError("no rule takes it", "deploy again")
        return Answered("a rule takes it", None)

    aws.rules(world.balancer, port=443)
    assert run.ask("one", "routing", question).passed
    assert seen == [1, 2]
