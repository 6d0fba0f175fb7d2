"""EC2 subnets: the IPv6 blocks that are associated with them can be asked for."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models.subnets import Subnet

from embedded_aws.corrections.patching import replace

_ASSOCIATION_ID = "ipv6-cidr-block-association.association-id"


def apply() -> None:
    """Correct moto's subnets in this process."""
    replace(Subnet, "ipv6_cidr_block_association_set", _states_in_full)
    replace(Subnet, "get_filter_value", _filter_by_association)


def _states_in_full(original: property) -> property:
    """Describe the state of an association as its name.

    AWS: Ipv6CidrBlockState holds State, "associated" for one that stands.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetIpv6CidrBlockAssociation.html
    moto: puts a second level in between, so that the state reads as empty. Here: as AWS.
    """

    def associations(self: Subnet) -> list[dict[str, Any]]:
        described: list[dict[str, Any]] = original.__get__(self)
        return [{**item, "ipv6CidrBlockState": {"state": "associated"}} for item in described]

    return property(associations)


def _filter_by_association(original: Callable[..., Any]) -> Callable[..., Any]:
    """Find a subnet by the id of its IPv6 association, by which Terraform waits for it.

    AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
    (ipv6-cidr-block-association.association-id). moto: answers 500, not implemented. Here: as AWS.
    """

    def get_filter_value(self: Subnet, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == _ASSOCIATION_ID:
            return list(self.ipv6_cidr_block_associations)
        return original(self, filter_name, method_name)

    return get_filter_value
