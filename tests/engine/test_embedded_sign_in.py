"""Does the embedded AWS keep sign-in actions by OIDC as AWS does: complete, with defaults, and silent on the secret?"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws.process import LocalAws
from tests.support.aws_calls import PROD, REGION

pytestmark = pytest.mark.takes(minutes=0.2)
CONFIG: dict[str, Any] = {
    "Issuer": "https://id.example.com",
    "AuthorizationEndpoint": "https://id.example.com/authorize",
    "TokenEndpoint": "https://id.example.com/token",
    "UserInfoEndpoint": "https://id.example.com/userinfo",
    "ClientId": "board",
}
MakeRule = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def elb(embedded_aws: LocalAws) -> Any:
    return embedded_aws.client("elbv2", PROD, REGION)


def _actions(elb: Any, config: dict[str, Any]) -> list[dict[str, Any]]:
    (group,) = elb.describe_target_groups(Names=["v1-orcha-app-tg"])["TargetGroups"]
    return [
        {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": config},
        {"Type": "forward", "Order": 2, "TargetGroupArn": group["TargetGroupArn"]},
    ]


@pytest.fixture
def make(elb: Any) -> Iterator[MakeRule]:
    """Makes a rule that asks for a sign-in; it goes with the test."""
    (balancer,) = elb.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    arn = next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443)
    made: list[dict[str, Any]] = []

    def make_rule(config: dict[str, Any]) -> dict[str, Any]:
        condition = {"Field": "host-header", "HostHeaderConfig": {"Values": ["board.prod.getorcha.com"]}}
        answer = elb.create_rule(ListenerArn=arn, Priority=777, Conditions=[condition], Actions=_actions(elb, config))
        made.extend(answer["Rules"])
        return dict(answer["Rules"][0])

    yield make_rule
    for rule in made:
        elb.delete_rule(RuleArn=rule["RuleArn"])


def _described(elb: Any, rule: dict[str, Any]) -> dict[str, Any]:
    (found,) = elb.describe_rules(RuleArns=[rule["RuleArn"]])["Rules"]
    config: dict[str, Any] = found["Actions"][0]["AuthenticateOidcConfig"]
    return config


def test_nothing_that_is_answered_holds_the_secret_and_defaults_are_filled_in(elb: Any, make: MakeRule) -> None:
    rule = make({**CONFIG, "ClientSecret": "secret", "UseExistingClientSecret": False})
    expected = CONFIG | {
        "SessionCookieName": "AWSELBAuthSessionCookie",
        "Scope": "openid",
        "SessionTimeout": 604800,
        "OnUnauthenticatedRequest": "authenticate",
    }
    assert rule["Actions"][0]["AuthenticateOidcConfig"] == expected
    assert _described(elb, rule) == expected


def test_a_new_rule_needs_a_secret(make: MakeRule) -> None:
    for config in (CONFIG, {**CONFIG, "UseExistingClientSecret": True}):
        with pytest.raises(ClientError, match="You must either specify a client secret or set UseExistingClientSecret"):
            make(config)


def test_a_rule_keeps_its_secret_where_it_is_asked_to(elb: Any, make: MakeRule) -> None:
    rule = make({**CONFIG, "ClientSecret": "secret"})
    keeping = {**CONFIG, "ClientId": "other", "UseExistingClientSecret": True}
    elb.modify_rule(RuleArn=rule["RuleArn"], Actions=_actions(elb, keeping))
    assert _described(elb, rule)["ClientId"] == "other"
    with pytest.raises(ClientError, match="You cannot both specify a client secret and set UseExistingClientSecret"):
        elb.modify_rule(RuleArn=rule["RuleArn"], Actions=_actions(elb, {**keeping, "ClientSecret": "new"}))
    with pytest.raises(ClientError, match="You must either specify a client secret"):
        elb.modify_rule(RuleArn=rule["RuleArn"], Actions=_actions(elb, CONFIG))


def test_an_action_without_an_endpoint_is_refused(make: MakeRule) -> None:
    with pytest.raises(ClientError, match="TokenEndpoint must be specified in AuthenticateOidcConfig"):
        make({**CONFIG, "TokenEndpoint": "", "ClientSecret": "secret"})
