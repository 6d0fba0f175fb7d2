"""What AWS gives the account of each quota, and how many rules of a group a prefix list counts as."""

from typing import Any

from botocore.exceptions import ClientError

from edge.aws.neighbours.model import PrefixList
from edge.aws.survey.reader import Reader
from environments.quotas import QUOTAS

# The lists of AWS itself have a weight instead of a size of their own; those that are not here weigh 1:
# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_OF_AWS = "com.amazonaws."
_WEIGHTS = {
    "cloudfront.origin-facing": 55,
    "ec2-instance-connect": 2,
    "groundstation": 5,
    "route53-healthchecks": 25,
    "s3express": 6,
    "vpc-lattice": 10,
}


def read(reader: Reader) -> dict[str, Any]:
    """Read the quotas that AWS raises on request, in the platform's account and region, and its prefix lists."""
    client = reader.of_platform("service-quotas")
    found = {quota.key: _applied(client, *quota.at_aws) for quota in QUOTAS if quota.at_aws}
    pages = reader.of_platform("ec2").get_paginator("describe_managed_prefix_lists").paginate()
    lists = {entry["PrefixListId"]: _prefix_list(entry) for page in pages for entry in page["PrefixLists"]}
    return {"quotas": {key: value for key, value in found.items() if value is not None}, "prefix_lists": lists}


def _applied(client: Any, service: str, code: str) -> int | None:
    """Give the value that is applied to the account; None where AWS knows only the default of everybody.

    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
    """
    try:
        return int(client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchResourceException":
            return None
        raise


def _prefix_list(entry: dict[str, Any]) -> PrefixList:
    name = str(entry.get("PrefixListName", ""))
    if name.startswith(_OF_AWS):
        entries = next((weight for part, weight in _WEIGHTS.items() if part in name), 1)
    else:
        entries = int(entry.get("MaxEntries") or 1)
    return PrefixList(entries=entries, ipv6=entry.get("AddressFamily") == "IPv6")
