"""The instances behind a service: the scaling group that replaces them, each of them as a target, and how it is asked.

One healthy target is enough for a client at the moment; the others are what the next failure or deploy counts on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.aws.alb_semantics import name_of_group
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from edge.verify.routing import group_name
from environments.checked import Environment
from environments.schema import Service

# Without these an Auto Scaling group neither replaces an instance nor registers the new one:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
_NEEDED = {"AddToLoadBalancer", "HealthCheck", "Launch", "ReplaceUnhealthy", "Terminate"}
# Of these a target comes out by itself:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_PASSING = {"healthy", "initial", "draining"}


def scaling_group(environment: Environment, *, aws: AwsClient) -> Answered[list[str]]:
    """See that the Auto Scaling group is to run instances; the value is the ids of those in service."""
    found = _described(environment, aws)
    name = found["AutoScalingGroupName"]
    if found["DesiredCapacity"] == 0:
        raise CheckFailedError(f"{name} is to run no instance (its desired capacity is 0)", "set its desired capacity")
    ids = [instance["InstanceId"] for instance in found["Instances"] if instance["LifecycleState"] == "InService"]
    return Answered(f"{len(ids)} of {found['DesiredCapacity']} instances are in service", ids)


def attachment(environment: Environment, *, aws: AwsClient) -> Answered[None]:
    """See that the Auto Scaling group replaces what fails, and registers each new instance with every service."""
    groups = [group_name(environment, service) for service in environment.services]
    expect_none("attachment", list(attachment_faults(_described(environment, aws), groups)))
    return Answered(f"new instances are registered with {len(groups)} target groups", None)


def _described(environment: Environment, aws: AwsClient) -> dict[str, Any]:
    name = environment.autoscaling_group_name
    answer = aws.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    if not answer["AutoScalingGroups"]:
        raise CheckFailedError(f"there is no Auto Scaling group {name}", "correct the name in [platform]")
    return dict(answer["AutoScalingGroups"][0])


def attachment_faults(found: Mapping[str, Any], groups: Sequence[str]) -> Iterator[Fault]:
    """Say what keeps new instances from running or from being registered."""
    name = found["AutoScalingGroupName"]
    sources = (source["Identifier"] for source in found.get("TrafficSources", ()))
    attached = {name_of_group(arn) for arn in (*found.get("TargetGroupARNs", ()), *sources)}
    for group in groups:
        if group not in attached:
            sentence = f"{name} is not attached to {group}, so that no new instance is registered with it"
            yield Fault(sentence, "attach it; deploy again")
    suspended = {process["ProcessName"] for process in found.get("SuspendedProcesses", ())} & _NEEDED
    if suspended:
        sentence = f"{name} has suspended {', '.join(sorted(suspended))}"
        yield Fault(sentence, "resume it, so that instances are replaced and registered")


def all_targets(group_arn: str, instance_ids: Sequence[str], *, service: Service, aws: AwsClient) -> Answered[None]:
    """See that each instance in service is a healthy target on the service's port, and that nothing else is one."""
    found = aws.target_health(group_arn)
    expect_none("all targets", list(target_faults(found, instance_ids, port=service.port)))
    return Answered(f"all {len(found)} are instances of the Auto Scaling group, and none is unhealthy", None)


def target_faults(found: Sequence[Mapping[str, Any]], instance_ids: Sequence[str], *, port: int) -> Iterator[Fault]:
    """Give a fault for each target that fails, is missing, is another's, or has another port."""
    for description in found:
        id, state = description["Target"]["Id"], description["TargetHealth"]["State"]
        target_port = description["Target"].get("Port", port)
        if state not in _PASSING:
            reason = description["TargetHealth"].get("Reason", "no reason given")
            yield Fault(f"{id} is {state} ({reason})", "see that it runs and that the service answers its health check")
        if id not in instance_ids and state != "draining":
            yield Fault(f"{id} is no instance in service of the Auto Scaling group", "deregister it")
        elif target_port != port:
            yield Fault(f"{id} is asked on port {target_port}, not on {port}", "deregister that target")
    registered = {description["Target"]["Id"] for description in found}
    for id in instance_ids:
        if id not in registered:
            yield Fault(f"{id} is not registered", "attach the Auto Scaling group to the target group again")


def health_check(group_arn: str, *, service: Service, aws: AwsClient) -> Answered[None]:
    """See that the target group asks its targets as the file says; another path passes what does not serve."""
    found = aws.target_group(group_arn)
    expect_none("health check", list(health_check_faults(found, service)))
    return Answered(f"{found['TargetGroupName']} asks {found['HealthCheckPath']} as the file says", None)


def health_check_faults(found: Mapping[str, Any], service: Service) -> Iterator[Fault]:
    """Give a fault for each setting that is another one."""
    wanted = service.health_check
    for what, actual, expected in (
        ("path", found.get("HealthCheckPath"), wanted.path),
        ("matcher", found.get("Matcher", {}).get("HttpCode"), wanted.matcher),
        ("port", found.get("HealthCheckPort"), "traffic-port"),
        ("interval in seconds", found.get("HealthCheckIntervalSeconds"), wanted.interval_seconds),
        ("timeout in seconds", found.get("HealthCheckTimeoutSeconds"), wanted.timeout_seconds),
        ("healthy threshold", found.get("HealthyThresholdCount"), wanted.healthy_threshold),
        ("unhealthy threshold", found.get("UnhealthyThresholdCount"), wanted.unhealthy_threshold),
    ):
        if actual != expected:
            yield Fault(f"the health check's {what} is {actual}, and the file has {expected}", "deploy again")
