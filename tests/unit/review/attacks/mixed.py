"""Attacks of several kinds, each by somebody who has read the rules: around a pattern, a word, a number or a twin."""

import copy
import json
from typing import Any

from tests.unit.review.attacks import PROD, REFUSED, STAGING, Act, Attack, Desk, actions, added, after, both, unknown
from tests.unit.review.attacks.files import file
from tests.unit.review.attacks.lowered import policy
from tests.unit.review.attacks.requests import ADMIN, APP, APP_HOST, LINK, hosts

LINK_HOSTS = ("link.prod.getorcha.com", "link.getorcha.com")
WEB_ACL, LISTENER = "aws_wafv2_web_acl.load_balancer", "aws_lb_listener.https_443"
RECORD, ALIAS = "aws_route53_record.link_getorcha_com", "aws_route53_record.link_prod_getorcha_com"
CATCH_ALL = """
[services.catch]
port     = 6666
priority = 1
hosts    = ["*.staging.getorcha.com"]
"""


def text(edit: str, **by: str) -> Act:
    """Change the whole plan's text."""

    def act(desk: Desk) -> None:
        content = json.dumps(desk.plan)
        assert edit in content
        desk.plan = json.loads(content.replace(edit, by["by"]))

    return act


def moved(address: str, came_from: str) -> Act:
    def act(desk: Desk) -> None:
        entry = next(entry for entry in desk.plan["resource_changes"] if entry["address"] == address)
        entry["previous_address"] = came_from

    return act


def imported(address: str, id_: str) -> Act:
    def act(desk: Desk) -> None:
        entry = next(entry for entry in desk.plan["resource_changes"] if entry["address"] == address)
        entry["change"]["importing"] = {"id": id_}

    return act


def twin(address: str, suffix: str, **attributes: Any) -> Act:
    """Plan a second resource that looks like one that is made here."""

    def act(desk: Desk) -> None:
        body = desk.change(address)["before"]
        desk.change(address)["actions"] = ["no-op"]
        added(f"{address}{suffix}", **{**body, **attributes})(desk)

    return act


def indexed(address: str, index: str) -> Act:
    """Plan a resource under an index, as `count` makes them."""

    def act(desk: Desk) -> None:
        after(address)(desk)
        next(entry for entry in desk.plan["resource_changes"] if entry["address"] == address)["address"] += index

    return act


def in_module(address: str) -> Act:
    def act(desk: Desk) -> None:
        entry = next(entry for entry in desk.plan["resource_changes"] if entry["address"] == address)
        desk.plan["resource_changes"].append({**copy.deepcopy(entry), "address": f"module.x.{address}"})

    return act


def web_acl(edit: Any) -> Act:
    def act(desk: Desk) -> None:
        rules = copy.deepcopy(desk.change(WEB_ACL)["before"]["rule"])
        edit(rules)
        after(WEB_ACL, rule=rules)(desk)

    return act


def first_lets_through(rules: list[dict[str, Any]]) -> None:
    rules.insert(0, {"name": "friends", "priority": 0, "action": [{"allow": [{}]}], "override_action": []})


def other_statement(rules: list[dict[str, Any]]) -> None:
    rules[0]["statement"][0]["managed_rule_group_statement"][0]["name"] = "AWSManagedRulesWindowsRuleSet"


def only_counts_one(rules: list[dict[str, Any]]) -> None:
    override = {"name": "Log4JRCE_HEADER", "action_to_use": [{"count": [{}]}]}
    rules[1]["statement"][0]["managed_rule_group_statement"][0]["rule_action_override"] = [override]


def looks_at_a_part(rules: list[dict[str, Any]]) -> None:
    part = [{"geo_match_statement": [{"country_codes": ["AQ"]}]}]
    rules[2]["statement"][0]["managed_rule_group_statement"][0]["scope_down_statement"] = part


def data(address: str, **values: Any) -> Act:
    """Let a lookup have asked for something else."""

    def act(desk: Desk) -> None:
        root = desk.plan["prior_state"]["values"]["root_module"]
        (found,) = (entry for entry in root["resources"] if entry["address"] == address)
        found["values"] = {**found["values"], **values}

    return act


def new_output(desk: Desk) -> None:
    desk.plan["output_changes"]["Leak"] = {"actions": ["create"], "before": None, "after": "x", "after_unknown": False}


def no_output(desk: Desk) -> None:
    body = desk.plan["output_changes"]["LinkUrl"]
    body.update(actions=["delete"], after=None)


LOGS = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "s3:*", "Resource": "*"}
ANYWHERE = {"StringLike": {"aws:SourceAccount": "*"}}
OURS = {"StringEquals": {"aws:SourceAccount": "333333333333"}}
BUCKET_POLICY = "aws_s3_bucket_policy.access_logs"
STAGED: dict[str, tuple[str, Act]] = {
    "a wildcard service before all others, by the file": (
        REFUSED,  # the plan is of the file without it
        both(
            file(("[services.app]\n", f"{CATCH_ALL}\n[services.app]\n")),
            after(APP, condition=hosts("*.staging.getorcha.com", "x.example")),
        ),
    ),
    "a service's rule is asked for by nobody": (f"UNEXPLAINED:{ADMIN}", after(ADMIN, condition=[])),
    "the sign-in comes after the forward": (
        f"UNEXPLAINED:{ADMIN}",
        lambda desk: after(
            ADMIN,
            action=[
                {**action, "order": 3 - action["order"]}
                for action in copy.deepcopy(desk.change(ADMIN)["before"]["action"])
            ],
        )(desk),
    ),
    "App's rule also takes a host with a path of everything": (
        f"OPENED:{APP}",
        after(APP, condition=hosts(APP_HOST, "adm?n.staging.getorcha.com", path_pattern=["/?*", "/"])),
    ),
    "a rule of the web ACL lets through before the others": (
        f"UNPROTECTED:{WEB_ACL}#rule.action.allow",
        web_acl(first_lets_through),
    ),
    "a rule of the web ACL keeps its name and looks for something else": (
        f"UNPROTECTED:{WEB_ACL}#rule.statement.managed_rule_group_statement.name",
        web_acl(other_statement),
    ),
    "a rule of the web ACL counts one attack": (
        f"UNPROTECTED:{WEB_ACL}#rule.statement.managed_rule_group_statement.rule_action_override",
        web_acl(only_counts_one),
    ),
    "a rule of the web ACL looks at one continent": (
        f"UNPROTECTED:{WEB_ACL}#rule.statement.managed_rule_group_statement.scope_down_statement",
        web_acl(looks_at_a_part),
    ),
    "the web ACL lets requests pass while it fails": (
        "UNPROTECTED:aws_lb.load_balancer#enable_waf_fail_open",
        after("aws_lb.load_balancer", enable_waf_fail_open=True),
    ),
    "headers are let through that HTTP does not allow": (
        "UNPROTECTED:aws_lb.load_balancer#desync_mitigation_mode",
        after("aws_lb.load_balancer", desync_mitigation_mode="monitor"),
    ),
    "a service of AWS's may write for any account": (
        f"UNPROTECTED:{BUCKET_POLICY}#policy",
        policy(BUCKET_POLICY, "policy", {**LOGS, "Condition": ANYWHERE}),
    ),
    "a service of AWS's may write for our account or any": (
        f"UNPROTECTED:{BUCKET_POLICY}#policy",
        policy(BUCKET_POLICY, "policy", {**LOGS, "Condition": {**OURS, "ArnLike": {"aws:SourceArn": ["*", "x"]}}}),
    ),
    "everybody but one may read": (
        f"UNPROTECTED:{BUCKET_POLICY}#policy",
        policy(BUCKET_POLICY, "policy", {"Effect": "Allow", "NotPrincipal": {"AWS": "x"}, "NotAction": "s3:Get*"}),
    ),
    "instances get another role": (
        "UNPROTECTED:aws_iam_instance_profile.instances#role",
        after("aws_iam_instance_profile.instances", role="administrator"),
    ),
    "instances get another role by another profile": (
        "UNPROTECTED:aws_launch_template.instances#iam_instance_profile.arn",
        after(
            "aws_launch_template.instances", iam_instance_profile__arn="arn:aws:iam::333333333333:instance-profile/x"
        ),
    ),
    "the listener on port 80 no longer leads to HTTPS": (
        "LISTENER:aws_lb_listener.http_80",
        after("aws_lb_listener.http_80", default_action=[{"type": "forward", "order": 1}]),
    ),
    "an older policy of TLS": (f"LISTENER:{LISTENER}", after(LISTENER, ssl_policy="ELBSecurityPolicy-2016-08")),
    "alerts go to one mailbox more": (
        "UNEXPLAINED:aws_sns_topic_subscription.to_attacker",
        added("aws_sns_topic_subscription.to_attacker", protocol="email", endpoint="x@attacker.example"),
    ),
    "alerts go nowhere": (
        "DESTROY:aws_sns_topic_subscription.to_alerts-staging_AT_getorcha_com",
        actions("aws_sns_topic_subscription.to_alerts-staging_AT_getorcha_com", "delete"),
    ),
    "the zone answers from another delegation": (
        "MISLED:aws_route53_record.staging_getorcha_com__delegation",
        after("aws_route53_record.staging_getorcha_com__delegation", records=["ns.attacker.example"]),
    ),
}
PRODUCED: dict[str, tuple[str, Act]] = {
    "a resource came from a strange address": (f"UNEXPLAINED:{LINK}", moved(LINK, "aws_lb_listener_rule.old")),
    "a resource is taken over from somebody": (f"UNEXPLAINED:{LINK}", imported(LINK, "arn:somebody")),
    "a twin of a group": (
        "UNEXPLAINED:aws_lb_target_group.link_2",
        twin("aws_lb_target_group.link", "_2", name="v1-orcha-link-2-tg"),
    ),
    "a twin of a record": (f"UNEXPLAINED:{RECORD}_2", twin(RECORD, "_2", name="other.getorcha.com")),
    "an index at an address": (f"UNEXPLAINED:{LINK}[0]", indexed(LINK, "[0]")),
    "a key at an address": (f'UNEXPLAINED:{LINK}["x"]', indexed(LINK, '["x"]')),
    "a twin in a module": (f"UNEXPLAINED:module.x.{LINK}", in_module(LINK)),
    "one network alone is served": (
        "UNROUTED:aws_lb_listener_rule.link",
        after(LINK, condition=hosts(*LINK_HOSTS, source_ip=["203.0.113.0/24"])),
    ),
    "one method alone is served": (
        "UNROUTED:aws_lb_listener_rule.link",
        after(LINK, condition=hosts(*LINK_HOSTS, http_request_method=["GET"])),
    ),
    "an alarm watches another service": (
        "UNEXPLAINED:aws_cloudwatch_metric_alarm.link_unhealthy",
        after("aws_cloudwatch_metric_alarm.link_unhealthy", dimensions={"TargetGroup": "targetgroup/other/1"}),
    ),
    "an alarm fires on health": (
        "UNPROTECTED:aws_cloudwatch_metric_alarm.link_unhealthy#comparison_operator",
        after("aws_cloudwatch_metric_alarm.link_unhealthy", comparison_operator="GreaterThanThreshold"),
    ),
    "an alarm counts no errors": (
        "UNPROTECTED:aws_cloudwatch_metric_alarm.link_5xx#metric_query.expression",
        lambda desk: after(
            "aws_cloudwatch_metric_alarm.link_5xx",
            metric_query=[
                {**query, "expression": "0 * requests" if query.get("expression") else query.get("expression")}
                for query in desk.change("aws_cloudwatch_metric_alarm.link_5xx")["before"]["metric_query"]
            ],
        )(desk),
    ),
    "silence counts as health": (
        "UNPROTECTED:aws_cloudwatch_metric_alarm.link_unhealthy#treat_missing_data",
        after("aws_cloudwatch_metric_alarm.link_unhealthy", treat_missing_data="notBreaching"),
    ),
    "an alias looks elsewhere in another zone": (
        f"MISLED:{ALIAS}",
        after(
            ALIAS, alias=[{"name": "d1.cloudfront.net", "zone_id": "Z2FDTNDATAQYW2", "evaluate_target_health": False}]
        ),
    ),
    "an answer for one country": (
        f"MISLED:{RECORD}",
        after(RECORD, geolocation_routing_policy=[{"country": "DE"}], set_identifier="x"),
    ),
    "an answer with two values": (f"MISLED:{RECORD}", after(RECORD, records=["link.prod.getorcha.com", "x.example"])),
    "another zone for a record": (f"UNEXPLAINED:{RECORD}", after(RECORD, zone_id="Z0ATTACKER")),
    "a lookup of another Auto Scaling group": (
        "UNEXPLAINED:data.aws_autoscaling_groups.instances",
        data("data.aws_autoscaling_groups.instances", names=["somebody-elses"]),
    ),
    "an output more": ("UNEXPLAINED:output.Leak", new_output),
    "a certificate without one of its names": (
        "UNEXPLAINED:aws_acm_certificate.link",
        after("aws_acm_certificate.link", subject_alternative_names=["link.prod.getorcha.com"]),
    ),
    "a target group of another protocol": (
        "UNEXPLAINED:aws_lb_target_group.link",
        after("aws_lb_target_group.link", protocol_version="GRPC"),
    ),
    "a target group that is never healthy": (
        "UNEXPLAINED:aws_lb_target_group.link",
        after("aws_lb_target_group.link", health_check__matcher="599"),
    ),
    "a health check that is off": (
        "UNPROTECTED:aws_lb_target_group.link#health_check.enabled",
        after("aws_lb_target_group.link", health_check__enabled=False),
    ),
    "a listener that is not known": (f"UNEXPLAINED:{LINK}", unknown(LINK, "listener_arn")),
    "the environment's tag of another": (REFUSED, text('"Environment": "prod"', by='"Environment": "production"')),
    "an action that is none": (REFUSED, actions(LINK, "noop")),
    "an action in capitals": (REFUSED, actions(LINK, "NO-OP")),
    "no action": (REFUSED, actions(LINK)),
}

ATTACKS = (
    *(Attack(name=f"mixed: {name}", desk=STAGING, act=act, by=by) for name, (by, act) in STAGED.items()),
    *(Attack(name=f"mixed: {name}", desk=PROD, act=act, by=by) for name, (by, act) in PRODUCED.items()),
    Attack(
        name="mixed: an output goes",
        desk=PROD,
        act=no_output,
        harmless="nothing in AWS changes, and who reads it is not this environment",
    ),
)
