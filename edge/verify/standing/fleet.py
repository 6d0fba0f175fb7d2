"""The instances behind a service: the scaling group that replaces them, and each of them as a target.

One healthy target is enough for a client at the moment; the others are what the next failure or deploy counts on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.aws.alb_semantics import name_of_group
from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from edge.verify.routing import group_name
from edge.verify.severity import Severity
from environments.checked import Environment
from environments.schema import Service

# Without these an Auto Scaling group neither replaces an instance nor registers the new one:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
_NEEDED = {"AddToLoadBalancer", "HealthCheck", "Launch", "ReplaceUnhealthy", "Terminate"}
# Of these a target comes out by itself:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_PASSING = {"healthy", "initial", "draining"}
_LATENT = Severity.LATENT


def scaling_group(environment: Environment, *, aws: AwsClient) -> Answered[list[str]]:
    """See that the Auto Scaling group is to run instances; the value is the ids of those in service."""
    found = _described(environment, aws)
    name = found["AutoScalingGroupName"]
    if found["DesiredCapacity"] == 0:
        raise CheckFailedError(f"{name} is to run no instance (its desired capacity is 0)", "set its desired capacity")
    ids = [instance["InstanceId"] for instance in found["Instances"] if instance["LifecycleState"] == "InService"]
    return Answered(f"{len(ids)} of {found['DesiredCapacity']} instances are in service", ids)


def instances(environment: Environment, *, aws: AwsClient) -> Answered[None]:
    """See that as many instances run as should, and that none of them is out of service or will be ended."""
    found = _described(environment, aws)
    expect_none("instances", list(capacity_faults(found, environment)))
    return Answered(f"{len(found['Instances'])} run, and none is to be replaced", None)


# On their way in or out, as in any deploy: the others stay as they are until somebody acts.
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
_PASSING_STATES = {"InService", "Pending", "Pending:Wait", "Pending:Proceed", "Terminating", "Terminated"}


def capacity_faults(found: Mapping[str, Any], environment: Environment) -> Iterator[Fault]:
    """Say which instances are out, or will be replaced, and whether as many run as should."""
    name = found["AutoScalingGroupName"]
    for instance in found["Instances"]:
        id, state = instance["InstanceId"], instance["LifecycleState"]
        if state not in _PASSING_STATES and not state.startswith("Terminating"):
            yield Fault(f"{id} is {state}, and serves nothing", "bring it back into service")
        elif instance.get("HealthStatus", "Healthy").lower() != "healthy":
            found_so = f"{id} is marked {instance['HealthStatus']}, so that it is ended and replaced"
            yield Fault(found_so, "see why; the group replaces it")
    running = len(found["Instances"])
    if running < found["DesiredCapacity"]:
        sentence = f"{name} has {running} of {found['DesiredCapacity']} instances"
        yield Fault(sentence, "see in its activities why it launches none")
    yield from _size_faults(found, environment)


def _size_faults(found: Mapping[str, Any], environment: Environment) -> Iterator[Fault]:
    name, managed = found["AutoScalingGroupName"], environment.managed
    if found.get("MinSize") == 0:
        yield Fault(f"{name} may end its last instance (its smallest size is 0)", "set its smallest size", _LATENT)
    if managed is None:
        return
    wanted = managed.settings.instances
    for what, actual, expected in (
        ("smallest size", found["MinSize"], wanted.min_size),
        ("largest size", found["MaxSize"], wanted.max_size),
    ):
        if 0 < actual < expected:
            yield Fault(f"the {what} of {name} is {actual}, and is to be {expected}", "deploy again", _LATENT)
    if found.get("HealthCheckType") != "ELB":
        sentence = f"the health check of {name} is {found.get('HealthCheckType')}, so that no failing service counts"
        yield Fault(sentence, "deploy again", _LATENT)


def attachment(environment: Environment, *, aws: AwsClient) -> Answered[None]:
    """See that the Auto Scaling group replaces what fails, and registers each new instance with every service."""
    groups = [group_name(environment, service) for service in environment.services]
    found = _described(environment, aws)
    expect_none("attachment", [*attachment_faults(found, groups), *_template_faults(found, aws)])
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


def _template_faults(found: Mapping[str, Any], aws: AwsClient) -> Iterator[Fault]:
    """Say whether the launch template is gone, without which no instance is started."""
    template = found.get("LaunchTemplate") or {}
    id = template.get("LaunchTemplateId")
    if not id:  # a launch configuration, or a mixture of types
        return
    standing = aws.client("ec2").describe_launch_templates(
        Filters=[{"Name": "launch-template-name", "Values": [template.get("LaunchTemplateName", "*")]}]
    )["LaunchTemplates"]
    if id not in {entry["LaunchTemplateId"] for entry in standing}:
        sentence = f"the launch template {id} of {found['AutoScalingGroupName']} is gone, so that no instance starts"
        yield Fault(sentence, "give the group one that stands; deploy again")


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
