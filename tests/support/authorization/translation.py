"""Recorded calls as what IAM is asked: actions, their resources, and the context of each.

An action must exist, a resource be of a type that AWS lists for it, and a context key be one of the action's: all
three are looked up in the service authorization reference, so that nothing here is invented.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.authorization import arns, implied, reference
from tests.support.authorization.evaluator import Request, Value
from tests.support.call_recorder import Call

PREFIXES = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
# Anybody may ask who they are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = {"sts:GetCallerIdentity"}
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
S3_ACTIONS = {
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}


@dataclass
class World:
    """What calls have made so far: the tags of each ARN, an association's things, and the boundary of a role."""

    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    associated: dict[str, list[str]] = field(default_factory=dict)
    bounded: dict[str, str] = field(default_factory=dict)

    def requests(self, call: Call) -> list[Request]:
        """Translate a call, then learn from it."""
        if f"{call.service}:{call.operation}" in FREE:
            return []
        action = _action(call)
        named, answered = arns.named(call), arns.made(call)
        named += [arn for arn in answered if arn in self.tags]  # an answer names what a new thing stands in, too
        made = [arn for arn in answered if arn not in self.tags]
        for association in _associations(call.parameters):
            named += self.associated[association]
        asked = [*self._asked(action, call, named, made)]
        for wanted in implied.by(action, call, made):
            context = {**wanted.context, **self._tags_of(wanted.resource)}
            asked.append(_checked(wanted.action, wanted.resource, context))
        if call.succeeded:
            self._learn(call, named, made)
        return asked

    def _asked(self, action: str, call: Call, named: list[str], made: list[str]) -> Iterator[Request]:
        types = reference.resource_types(action)
        found = {arn: kind for arn in (*named, *made) if (kind := reference.type_of(action, arn))}
        if not types:
            yield _checked(action, "*", _context(call, request_tags(call)))
            return
        if action == "cloudwatch:DescribeAlarms" and not found:
            found = {f"arn:aws:cloudwatch:{arns.REGION}:{call.account}:alarm:*": "alarm"}
        assert found, f"{call} names nothing of {', '.join(types)}: {call.parameters}"
        for arn in found:
            context = _context(call, request_tags(call))
            if boundary := call.parameters.get("PermissionsBoundary", self.bounded.get(arn)):
                context["iam:PermissionsBoundary"] = boundary
            yield _checked(action, arn, {**context, **({} if arn in made else self._tags_of(arn))})

    def _tags_of(self, arn: str) -> dict[str, Value]:
        return {f"aws:ResourceTag/{key}": value for key, value in self.tags.get(arn, {}).items()}

    def _learn(self, call: Call, named: list[str], made: list[str]) -> None:
        tagged = made or (named if call.operation in {"AddTags", "AddTagsToCertificate", "CreateTags"} else [])
        if call.service in {"cloudwatch", "iam", "logs", "sns"} and call.operation.startswith(("Create", "Put")):
            tagged = named
        if call.operation == "CreateRole" and "PermissionsBoundary" in call.parameters:
            self.bounded |= dict.fromkeys(named, call.parameters["PermissionsBoundary"])
        for arn in tagged:
            self.tags.setdefault(arn, {}).update(request_tags(call))
        for association in _associations(call.answer):
            self.associated[association] = named
        for address in call.answer.get("Addresses", ()):
            for association in _associations(address):
                self.associated[association] = arns.named(
                    Call(call.account, "ec2", "", {"AllocationId": address["AllocationId"]}, 200, {})
                )


def _action(call: Call) -> str:
    verb = S3_ACTIONS.get(call.operation, call.operation) if call.service == "s3" else call.operation
    name = f"{PREFIXES.get(call.service, call.service)}:{verb}"
    reference.action(name)
    return name


def _associations(content: Mapping[str, Any]) -> Iterable[str]:
    return [content["AssociationId"]] if isinstance(content.get("AssociationId"), str) else []


def _checked(action: str, resource: str, context: Mapping[str, Value]) -> Request:
    """Keep the context's keys that AWS has for this action and this type of resource."""
    kind = None if resource == "*" else reference.type_of(action, resource)
    assert resource == "*" or kind is not None, f"{action} is not authorized on {resource}"
    assert resource != "*" or not any(reference.resource_types(action).values()), f"{action} needs a resource"
    return Request.of(
        action, resource, {key: value for key, value in context.items() if reference.is_key(action, kind, key)}
    )


def request_tags(call: Call) -> dict[str, str]:
    """Read the tags that a request gives, however its service takes them."""
    given = call.parameters
    for tagspecification in given.get("TagSpecifications", ()):
        return _pairs(tagspecification["Tags"])
    for key in ("Tags", "AddTags"):
        if key in given:
            return _pairs(given[key])
    return dict(given.get("UserPoolTags") or given.get("tags") or {})


def _pairs(tags: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    # KMS writes TagKey and TagValue.
    return {tag.get("Key") or tag["TagKey"]: tag.get("Value") or tag.get("TagValue", "") for tag in tags}


def _context(call: Call, tags: Mapping[str, str]) -> dict[str, Value]:
    given = call.parameters
    context: dict[str, Value] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    if "ChangeBatch" in given:
        sets = [change["ResourceRecordSet"] for change in given["ChangeBatch"]["Changes"]]
        prefix = "route53:ChangeResourceRecordSets"
        context[f"{prefix}NormalizedRecordNames"] = _distinct(normalized(item["Name"]) for item in sets)
        context[f"{prefix}RecordTypes"] = _distinct(item["Type"] for item in sets)
        context[f"{prefix}Actions"] = _distinct(change["Action"] for change in given["ChangeBatch"]["Changes"])
    if call.operation == "RequestCertificate":
        context["acm:DomainNames"] = _distinct([given["DomainName"], *given.get("SubjectAlternativeNames", ())])
        context["acm:ValidationMethod"] = given["ValidationMethod"]
    if "TargetGroupARNs" in given:
        context["autoscaling:TargetGroupARNs"] = _distinct(given["TargetGroupARNs"])
    if "AlarmActions" in given:
        context["cloudwatch:AlarmActions"] = _distinct(given["AlarmActions"])
    if "PolicyArn" in given:
        context["iam:PolicyARN"] = given["PolicyArn"]
    return context


def normalized(name: str) -> str:
    """Write a record's name as Route 53 compares it: lower case, no last dot, other characters as octal codes."""
    plain = name.lower().removesuffix(".").replace("\\052", "*")
    return "".join(item if item.isalnum() or item in "-_." else f"\\{ord(item):03o}" for item in plain)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
