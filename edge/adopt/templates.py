"""What CloudFormation calls the things that are adopted, and whether they stay when they leave their stack.

A template says it by the same names as the environment file does; a stack that runs says it by physical id. CDK makes
stacks of CloudFormation too. `DeletionPolicy: Retain` keeps a thing that leaves its stack:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.survey.model import Found
from edge.cli.exits import BadInputError
from environments.dns_names import canonical

# What is answered of an id that no stack knows:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
_NO_STACK = "ValidationError"
_RETAINED = {"Retain", "RetainExceptOnCreate"}
_Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """A thing under its logical id, in a stack or a template, and whether it stays when it leaves."""

    thing: str
    place: str
    logical_id: str
    is_retained: bool


def _same(property_: str, attribute: str) -> Callable[[_Properties, _Properties], bool]:
    return lambda properties, values: str(properties.get(property_)) == str(values.get(attribute))


def _same_record(properties: _Properties, values: _Properties) -> bool:
    name, wanted = str(properties.get("Name")), str(values.get("name"))
    return canonical(name) == canonical(wanted) and properties.get("Type") == values.get("type")


def _same_port(properties: _Properties, values: _Properties) -> bool:
    keys = {"FromPort": "from_port", "ToPort": "to_port", "Description": "description"}
    return all(str(properties.get(key)) == str(values.get(name)) for key, name in keys.items())


# Terraform's types with CloudFormation's, and what shows that the two are one thing.
_PEERS: Mapping[str, tuple[str, Callable[[_Properties, _Properties], bool]]] = {
    "aws_acm_certificate": ("AWS::CertificateManager::Certificate", _same("DomainName", "domain_name")),
    "aws_cloudwatch_metric_alarm": ("AWS::CloudWatch::Alarm", _same("AlarmName", "alarm_name")),
    "aws_lb_listener_rule": ("AWS::ElasticLoadBalancingV2::ListenerRule", _same("Priority", "priority")),
    "aws_lb_target_group": ("AWS::ElasticLoadBalancingV2::TargetGroup", _same("Name", "name")),
    "aws_route53_record": ("AWS::Route53::RecordSet", _same_record),
    "aws_vpc_security_group_egress_rule": ("AWS::EC2::SecurityGroupEgress", _same_port),
    "aws_vpc_security_group_ingress_rule": ("AWS::EC2::SecurityGroupIngress", _same_port),
}


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions, such as !Ref, as what stands behind them."""


def _function(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


_Loader.add_multi_constructor("!", _function)


def resources_in(text: str, shown: str) -> Mapping[str, Mapping[str, Any]]:
    """Read a template's resources by their logical ids, from JSON or YAML; raises BadInputError for anything else."""
    try:
        content = _Loader(text).get_single_data()
    except yaml.YAMLError as error:
        raise BadInputError(f"{shown}: is neither JSON nor YAML ({plain(error)})") from None
    resources = content.get("Resources") if isinstance(content, dict) else None
    if not isinstance(resources, dict) or not all(isinstance(one, dict) for one in resources.values()):
        raise BadInputError(
            f"{shown}: has no table of Resources; give CloudFormation's template, as `cdk synth` writes it"
        )
    return resources


def read(file: Path) -> Mapping[str, Mapping[str, Any]]:
    """Read a template from a file; raises BadInputError."""
    try:
        return resources_in(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadInputError(f"--template {file}: cannot be read: {reason}") from None


def in_template(found: Iterable[Found], resources: Mapping[str, Mapping[str, Any]], shown: str) -> Iterator[Kept]:
    """Find each thing in a template, by its type and by what names it there."""
    for match in found:
        type_, is_same = _PEERS.get(match.wanted.type, ("", None))
        for logical_id, resource in resources.items():
            properties = resource.get("Properties") or {}
            if resource.get("Type") == type_ and is_same and is_same(properties, match.wanted.values):
                yield Kept(match.thing, shown, logical_id, resource.get("DeletionPolicy") in _RETAINED)


def in_stacks(found: Iterable[Found], client_of: Callable[[str], Any]) -> Iterator[Kept]:
    """Ask CloudFormation for the stack of each thing, by its physical id; `client_of` takes an account's name.

    Raises botocore's errors, where it may not be asked.
    """
    templates: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    for match in found:
        cloudformation = client_of(match.wanted.account)
        for resource in _resources(cloudformation, _physical_id(match)) if match.wanted.type in _PEERS else ():
            stack = resource["StackName"]
            if stack not in templates:
                body = cloudformation.get_template(StackName=stack)["TemplateBody"]
                templates[stack] = resources_in(body, stack) if isinstance(body, str) else body.get("Resources", {})
            policy = templates[stack].get(resource["LogicalResourceId"], {}).get("DeletionPolicy")
            yield Kept(match.thing, f"stack {stack}", resource["LogicalResourceId"], policy in _RETAINED)


def _physical_id(match: Found) -> str:
    """Give what CloudFormation calls a thing: of a record its name, of all else what Terraform imports it by."""
    is_record = match.wanted.type == "aws_route53_record"
    return canonical(str(match.wanted.values.get("name"))) if is_record else match.import_id


def _resources(cloudformation: Any, physical_id: str) -> list[dict[str, Any]]:
    try:
        return list(cloudformation.describe_stack_resources(PhysicalResourceId=physical_id)["StackResources"])
    except ClientError as error:
        if error.response["Error"]["Code"] == _NO_STACK:
            return []
        raise


def asked(found: list[Found], client_of: Callable[[str], Any], say: Callable[[str], None]) -> list[Kept]:
    """Ask CloudFormation, and report where that may not be done: the checklist is complete without it."""
    try:
        return list(in_stacks(found, client_of))
    except (BotoCoreError, ClientError) as error:
        say(f"Which stacks hold these things was not asked: {plain(error)}")
        return []


def lines(kept: Iterable[Kept]) -> list[str]:
    """Write what to do in the template for each thing, those that are kept already last."""
    return [
        f"{one.place}, {one.logical_id} ({one.thing}): "
        + ("is retained already" if one.is_retained else "add DeletionPolicy: Retain")
        for one in sorted(kept, key=lambda one: (one.is_retained, one.place, one.logical_id))
    ]
