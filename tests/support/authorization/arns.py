"""The ARNs that a recorded call is about, from its parameters and, for what it makes, from its answer.

IAM compares a call with the resources that the service authorization reference lists for its action. So everything that
a call names is written as an ARN here, and what the reference does not list for the action is left out by the caller.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.support.call_recorder import Call

REGION = "eu-central-1"
_EC2_KINDS = {
    "eipalloc": "elastic-ip",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "lt": "launch-template",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
_EC2_ID = re.compile(rf"({'|'.join(_EC2_KINDS)})-[0-9a-z]+")

# The names by which AWS's services take a thing, and the resource part of its ARN. Sources: each service's page in
# https://docs.aws.amazon.com/service-authorization/latest/reference/
_NAMED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("autoscaling", "AutoScalingGroupName"): ("autoScalingGroup:00000000:autoScalingGroupName/{}",),
    ("cloudwatch", "AlarmName"): ("alarm:{}",),
    ("cloudwatch", "AlarmNames"): ("alarm:{}",),
    ("cognito-idp", "UserPoolId"): ("userpool/{}",),
    ("kms", "AliasName"): ("{}",),
    ("kms", "KeyId"): ("key/{}",),
    ("kms", "TargetKeyId"): ("key/{}",),
    ("logs", "logGroupName"): ("log-group:{}",),
    ("sns", "Name"): ("{}",),
    ("ssm", "Name"): ("parameter{}",),
}
_IN_IAM = {"InstanceProfileName": "instance-profile/{}", "RoleName": "role/{}"}
_IN_ROUTE_53 = {"HostedZoneId": "hostedzone/{}", "ResourceId": "hostedzone/{}"}


def named(call: Call) -> list[str]:
    """List the ARNs of what a call names in its parameters."""
    if call.service == "cloudformation":  # it also looks for what a stack holds, in any stack
        return [_arn(call, f"stack/{call.parameters.get('StackName', '*')}/*")]
    if call.service == "service-quotas":
        service, code = call.parameters["ServiceCode"], call.parameters["QuotaCode"]
        return [f"arn:aws:servicequotas:{REGION}:{call.account}:{service}/{code}"]
    return list(dict.fromkeys(_named(call)))


def made(call: Call) -> list[str]:
    """List the ARNs of what a call made, by its answer."""
    if not call.operation.startswith(("Allocate", "Authorize", "Create", "Request")):
        return []
    return [arn for arn in dict.fromkeys(_made(call)) if arn not in named(call)]


def _named(call: Call) -> Iterator[str]:
    for parameter, value in call.parameters.items():
        for text in _texts(value):
            yield from _of_text(call, parameter, text)
    if call.service == "route53" and "Id" in call.parameters:
        kind = "change" if call.operation == "GetChange" else "hostedzone"
        yield f"arn:aws:route53:::{kind}/{_last(call.parameters['Id'])}"
    if call.service == "s3" and "Bucket" in call.parameters:
        key = call.parameters.get("Key")
        yield f"arn:aws:s3:::{call.parameters['Bucket']}" + (f"/{key}" if key else "")
    if call.service == "wafv2" and {"Name", "Id"} <= call.parameters.keys():
        yield _arn(call, f"regional/webacl/{call.parameters['Name']}/{call.parameters['Id']}")
    if call.operation == "PutLoggingConfiguration":
        yield call.parameters["LoggingConfiguration"]["ResourceArn"]
    if '"ManagedRuleGroupStatement"' in str(call.parameters).replace("'", '"') and call.service == "wafv2":
        yield _arn(call, "regional/managedruleset/*/*")  # as AWS's own refusals write it


def _texts(value: Any) -> Iterator[str]:
    """Go over the texts of a parameter, of a list, and of the rules of a list; not over what it only refers to."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            yield from (entry[key] for key in ("RuleArn", "SecurityGroupRuleId") if key in entry)


def _of_text(call: Call, key: str, text: str) -> Iterator[str]:
    if text.startswith("arn:") and not (key == "PolicyArn" and call.operation.endswith("RolePolicy")):
        yield text.removesuffix(":*")
    elif call.service == "ec2" and (match := _EC2_ID.fullmatch(text)):
        yield _arn(call, f"{_EC2_KINDS[match[1]]}/{text}")
    elif call.operation == "CreatePolicy" and key == "PolicyName":
        yield f"arn:aws:iam::{call.account}:policy/{text}"
    elif call.operation == "CreateOpenIDConnectProvider" and key == "Url":
        yield f"arn:aws:iam::{call.account}:oidc-provider/{text.removeprefix('https://')}"
    elif call.service == "iam" and key in _IN_IAM:
        yield f"arn:aws:iam::{call.account}:{_IN_IAM[key].format(text)}"
    elif call.service == "route53" and key in _IN_ROUTE_53:
        yield f"arn:aws:route53:::{_IN_ROUTE_53[key].format(_last(text))}"
    else:
        yield from (_arn(call, form.format(text)) for form in _NAMED.get((call.service, key), ()))


def _made(call: Call) -> Iterator[str]:
    answers: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
        "RequestCertificate": lambda answer: answer["CertificateArn"],
        "CreateKey": lambda answer: answer["KeyMetadata"]["Arn"],
        "CreateUserPool": lambda answer: _arn(call, f"userpool/{answer['UserPool']['Id']}"),
        "CreateWebACL": lambda answer: answer["Summary"]["ARN"],
        "CreateLoadBalancer": lambda answer: answer["LoadBalancers"][0]["LoadBalancerArn"],
        "CreateListener": lambda answer: answer["Listeners"][0]["ListenerArn"],
        "CreateRule": lambda answer: answer["Rules"][0]["RuleArn"],
        "CreateTargetGroup": lambda answer: answer["TargetGroups"][0]["TargetGroupArn"],
    }
    if not call.succeeded:
        return
    if call.operation in answers:
        yield answers[call.operation](call.answer)
    if call.service == "ec2":
        things = [call.answer, *(item for item in call.answer.values() if isinstance(item, dict))]
        things += call.answer.get("SecurityGroupRules", [])
        things += [{"FlowLogId": text} for text in call.answer.get("FlowLogIds", [])]
        for thing in things:
            for value in (item for item in thing.values() if isinstance(item, str)):
                yield from _of_text(call, "", value)


def _arn(call: Call, resource: str) -> str:
    return f"arn:aws:{call.service}:{REGION}:{call.account}:{resource}"


def _last(text: str) -> str:
    return text.rpartition("/")[2]
