"""The load balancer's parts: target groups, listener rules, and certificates on the listener."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from edge.aws import alb_semantics
from edge.aws.survey.model import Found, Standing, Wanted, judged
from edge.aws.survey.reader import Reader
from environments import naming

_CONDITIONS = {"host-header", "path-pattern"}


def target_group(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find a target group by its name, which is unique in an account and region."""
    name = wanted.values["name"]
    try:
        (group,) = reader.of_platform("elbv2").describe_target_groups(Names=[name])["TargetGroups"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "TargetGroupNotFound":
            return
        raise
    # What AWS cannot change of a target group that stands:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
    pairs = {
        "lies in the VPC": (group.get("VpcId"), wanted.values.get("vpc_id")),
        "has the port": (group.get("Port"), wanted.values.get("port")),
        "speaks": (group.get("Protocol"), wanted.values.get("protocol")),
        "has targets of type": (group.get("TargetType"), wanted.values.get("target_type")),
    }
    fixed = [
        f"it {what} {actual}, and {expected} is wanted"
        for what, (actual, expected) in pairs.items()
        if expected is not None and actual != expected
    ]
    arn = group["TargetGroupArn"]
    tags = reader.tags_of_balancing(arn)
    yield judged(wanted, import_id=arn, thing=f"target group {name}", tags=tags, differences=[], fixed=fixed)


def listener_rule(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find a rule by its priority, which is unique on a listener; another's is one with other hosts or actions."""
    listener = wanted.values.get("listener_arn")
    if listener is None:  # the listener itself is yet to be made
        return
    priority = str(wanted.values["priority"])
    for rule in reader.rules(listener):
        if rule["Priority"] == priority:
            yield _judged_rule(wanted, rule, reader)


def _judged_rule(wanted: Wanted, rule: Mapping[str, Any], reader: Reader) -> Found:
    hosts, paths = sorted(hosts_of(rule)), sorted(alb_semantics.values(rule, "path-pattern"))
    wanted_hosts, wanted_paths = _wanted_values(wanted, "host_header"), _wanted_values(wanted, "path_pattern")
    differences = []
    if hosts != wanted_hosts:
        differences.append(f"it takes {', '.join(hosts) or 'any host'}, and {', '.join(wanted_hosts)} is wanted")
    if paths != wanted_paths:
        every = "every path"
        differences.append(f"it takes {', '.join(paths) or every}, and {', '.join(wanted_paths) or every} is wanted")
    if any(condition["Field"] not in _CONDITIONS for condition in rule["Conditions"]):
        differences.append("it has a condition beside hosts and paths")
    if elsewhere := _elsewhere(wanted, rule, reader):
        differences.append(elsewhere)
    arn = rule["RuleArn"]
    tags = reader.tags_of_balancing(arn)
    thing = f"listener rule {rule['Priority']} for {', '.join(hosts) or 'any host'}"
    return judged(wanted, import_id=arn, thing=thing, tags=tags, differences=differences, fixed=[])


def _elsewhere(wanted: Wanted, rule: Mapping[str, Any], reader: Reader) -> str:
    """Say where else than wanted a rule sends its requests: to take it over would move traffic. Empty if nowhere."""
    kinds = [action["Type"] for action in sorted(rule["Actions"], key=lambda action: int(action.get("Order", 0)))]
    expected = [action["type"] for action in wanted.values.get("action", ())]
    if kinds != expected:
        return f"its actions are {', '.join(kinds)}, and {', '.join(expected)} are wanted"
    environment, name = reader.environment, wanted.tags.get("Service", "")
    if name not in environment.services:
        return ""
    generation = environment.services[name].generation
    group = naming.target_group_name(prefix=environment.prefix, service=name, generation=generation)
    shares = alb_semantics.shares(rule["Actions"])
    actual = ", ".join(sorted(map(alb_semantics.name_of_group, shares)))
    wanted_group = f"{group} alone" if len(shares) > 1 else group
    return "" if actual == group else f"it forwards to {actual or 'no target group'}, and {wanted_group} is wanted"


def hosts_of(rule: Mapping[str, Any]) -> frozenset[str]:
    """Give the hosts that a rule takes, which compare in lower case; none where it takes every host."""
    return frozenset(host.lower() for host in alb_semantics.values(rule, "host-header"))


def _wanted_values(wanted: Wanted, name: str) -> list[str]:
    return sorted(
        value.lower() if name == "host_header" else value
        for condition in wanted.values.get("condition", ())
        for part in condition.get(name) or ()
        for value in part["values"]
    )


def listener_certificate(wanted: Wanted, reader: Reader, certificate: Found | None) -> Iterator[Found]:
    """Find a certificate on the listener: the one that the plan knows, else `certificate`, whose standing it shares.

    Imported without its certificate, Terraform would plan to remove it from the listener; so there is no import alone.
    """
    listener, known = wanted.values.get("listener_arn"), wanted.values.get("certificate_arn")
    arn = known or (certificate.import_id if certificate else None)
    if listener and arn and arn in reader.attached(listener):
        thing = f"certificate {arn.rpartition('/')[2]} on the listener"
        identifier = f"{listener}_{arn}"
        if known or certificate is None:
            yield Found(wanted=wanted, import_id=identifier, thing=thing, standing=Standing.OURS)
        else:
            standing, reason = certificate.standing, certificate.reason
            yield Found(wanted=wanted, import_id=identifier, thing=thing, standing=standing, reason=reason)
