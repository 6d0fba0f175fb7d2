"""What instances that are made here may do in AWS: be reached by Systems Manager, and pull images. Nothing more.

It is the policy of the instances' role, and the boundary that keeps that role from ever getting more. AWS's own
AmazonSSMManagedInstanceCore would let an instance read every parameter of the account, other services' secrets too.
"""

import json
import re
from typing import Any

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_REGISTRY = re.compile(r"(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
# Sessions alone, without Run Command, Patch Manager and Parameter Store:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
# A channel has no ARN. Which instance asks is known to the first of these alone:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_ssmmessages.html
_MAKING_A_CHANNEL = "ssmmessages:CreateControlChannel"
_USING_CHANNELS = ("ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel")
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, for pulls
_PULLS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def policy(*, partition: str, region: str, account_id: str, image: str) -> dict[str, Any]:
    """Write the policy document; images come from the registry of `image`, where that is in ECR, else from our own."""
    registry = _REGISTRY.match(image)
    holder, place = (registry["account"], registry["region"]) if registry else (account_id, region)
    instances = f"arn:{partition}:ec2:{region}:{account_id}:instance/*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Report", "Effect": "Allow", "Action": "ssm:UpdateInstanceInformation", "Resource": instances},
            {
                "Sid": "MakeChannel",
                "Effect": "Allow",
                "Action": _MAKING_A_CHANNEL,
                "Resource": "*",
                "Condition": {"ArnLike": {"ec2:SourceInstanceARN": instances}},
            },
            {"Sid": "UseChannels", "Effect": "Allow", "Action": list(_USING_CHANNELS), "Resource": "*"},
            {"Sid": "SignInToRegistry", "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
            {
                "Sid": "PullImages",
                "Effect": "Allow",
                "Action": list(_PULLS),
                "Resource": f"arn:{partition}:ecr:{place}:{holder}:repository/*",
            },
        ],
    }


def boundary_arn(*, partition: str, account_id: str, name: str) -> str:
    """Write the ARN of the managed policy that bounds the role."""
    return f"arn:{partition}:iam::{account_id}:policy/{name}"


def text(document: dict[str, Any]) -> str:
    """Write a policy document as Terraform and IAM take it."""
    return json.dumps(document)
