"""What stands of a platform in both accounts of staging, asked of AWS and not of Terraform."""

from typing import Any

from embedded_aws.process import LocalAws
from tests.support.aws_calls import MANAGEMENT, REGION, STAGING


def standing(aws: LocalAws) -> set[tuple[str, str, str]]:
    """List what a platform consists of, in both accounts; what AWS keeps in every account stands before too."""
    return {
        (account, kind, str(name))
        for account in (STAGING, MANAGEMENT)
        for kind, names in _standing(aws, account).items()
        for name in names
    }


def _standing(aws: LocalAws, account: str) -> dict[str, list[Any]]:
    def ask(service: str, call: str, key: str, name: str, **given: Any) -> list[Any]:
        answer = getattr(aws.client(service, account, REGION), call)(**given)[key]
        return [item[name] for item in answer]

    ec2 = aws.client("ec2", account, REGION)  # it shows what was deleted for a while, as AWS does
    gateways, endpoints = ec2.describe_nat_gateways()["NatGateways"], ec2.describe_vpc_endpoints()["VpcEndpoints"]
    return {
        "VPC": ask("ec2", "describe_vpcs", "Vpcs", "VpcId"),
        "subnet": ask("ec2", "describe_subnets", "Subnets", "SubnetId"),
        "route table": ask("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
        "internet gateway": ask("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        "endpoint": [endpoint["VpcEndpointId"] for endpoint in endpoints if endpoint["State"] != "deleted"],
        "flow log": ask("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
        "NAT gateway": [gateway["NatGatewayId"] for gateway in gateways if gateway["State"] != "deleted"],
        "address": ask("ec2", "describe_addresses", "Addresses", "PublicIp"),
        "security group": ask("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
        "launch template": ask("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
        "instance group": ask(
            "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"
        ),
        "load balancer": ask("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
        "bucket": ask("s3", "list_buckets", "Buckets", "Name"),
        "user pool": ask("cognito-idp", "list_user_pools", "UserPools", "Id", MaxResults=60),
        "topic": ask("sns", "list_topics", "Topics", "TopicArn"),
        "role": ask("iam", "list_roles", "Roles", "RoleName"),
        "instance profile": ask("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
        "key alias": ask("kms", "list_aliases", "Aliases", "AliasName"),
        "log group": ask("logs", "describe_log_groups", "logGroups", "logGroupName"),
        "web ACL": ask("wafv2", "list_web_acls", "WebACLs", "Name", Scope="REGIONAL"),
        "zone": ask("route53", "list_hosted_zones", "HostedZones", "Name"),
    }
