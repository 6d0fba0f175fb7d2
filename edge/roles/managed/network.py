"""The network in EC2: made with the environment's tags, and changed only where it carries them."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything

_TAGGED_WHEN_MADE = {
    "AllocateAddress": "elastic-ip",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
_IN_WHAT_STANDS = (
    "CreateFlowLogs",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateVpcEndpoint",
)
_CHANGES = (
    "AssociateRouteTable",
    "AssociateSubnetCidrBlock",
    "AssociateVpcCidrBlock",
    "AttachInternetGateway",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateRoute",
    "DeleteFlowLogs",
    "DeleteInternetGateway",
    "DeleteNatGateway",
    "DeleteRoute",
    "DeleteRouteTable",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteVpc",
    "DeleteVpcEndpoints",
    "DetachInternetGateway",
    "DisassociateAddress",
    "DisassociateRouteTable",
    "DisassociateSubnetCidrBlock",
    "DisassociateVpcCidrBlock",
    "ModifySecurityGroupRules",
    "ModifyVpcAttribute",
    "ReleaseAddress",
    "ReplaceRoute",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)


def _ec2(*names: str) -> tuple[str, ...]:
    return tuple(f"ec2:{name}" for name in names)


def reads(home: Home) -> list[Statement]:
    """Let a plan read the network; EC2 has a resource-level permission for a VPC's attributes alone."""
    kinds = (
        "Addresses",
        "AddressesAttribute",
        "AvailabilityZones",
        "FlowLogs",
        "InternetGateways",
        "NatGateways",
        "NetworkAcls",
        "PrefixLists",
        "RouteTables",
        "SecurityGroups",
        "Subnets",
        "VpcEndpoints",
        "Vpcs",
    )
    return [
        everything("FindNetwork", *_ec2(*(f"Describe{kind}" for kind in kinds))),
        Statement(sid="ReadNetwork", actions=_ec2("DescribeVpcAttribute"), resources=home.ec2("vpc")),
    ]


def writes(home: Home) -> list[Statement]:
    """Let a deploy make, change and remove the network."""
    kinds = home.ec2(*_TAGGED_WHEN_MADE.values())
    created = {"ec2:CreateAction": tuple(_TAGGED_WHEN_MADE)}
    closed = {**home.tagged_in_request, "aws:RequestTag/Name": home.name("default-closed")}
    untagged = {"Null": {"aws:ResourceTag/Environment": "true"}}
    return [
        Statement(sid="MakeNetwork", actions=_ec2(*_TAGGED_WHEN_MADE), resources=kinds, conditions=home.made_ours),
        Statement(
            sid="ChangeNetwork",
            actions=_ec2(*_IN_WHAT_STANDS, *_CHANGES),
            resources=kinds,
            conditions=home.ours,
        ),
        Statement(
            sid="TagNewNetwork",
            actions=_ec2("CreateTags"),
            resources=kinds,
            conditions={"StringEquals": {**home.tagged_in_request, **created}},
        ),
        # Asked before a group or a subnet is deleted.
        everything("WatchNetwork", "ec2:DescribeNetworkInterfaces"),
        # A VPC's own group comes without tags: it gets them, and is emptied then. One with an Environment is another's.
        Statement(
            sid="TagDefaultGroup",
            actions=_ec2("CreateTags"),
            resources=home.ec2("security-group"),
            conditions={"StringEquals": closed, **untagged},
        ),
    ]
