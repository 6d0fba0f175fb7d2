"""What other hands do: make things before Terraform knows them, and alter what it made, by boto3 as in the console."""

from embedded_aws.process import LocalAws
from tests.support.aws_calls import MANAGEMENT, PROD, REGION, change, zone_id

OURS = {"Environment": "prod", "ManagedBy": "orcha-edge"}
BLOG = "blog.getorcha.com"


def made(aws: LocalAws) -> dict[str, str]:
    """Make a target group, and a record in the management account, for a plan to import; give their import ids."""
    elbv2, ec2 = aws.client("elbv2", PROD, REGION), aws.client("ec2", PROD, REGION)
    (vpc,) = [item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"] if not item["IsDefault"]]
    group = elbv2.create_target_group(
        Name="v1-orcha-legacy-tg",
        Protocol="HTTP",
        Port=8080,
        VpcId=vpc,
        TargetType="instance",
        Tags=[{"Key": key, "Value": value} for key, value in OURS.items()],
    )["TargetGroups"][0]["TargetGroupArn"]
    zone = zone_id(aws, account=MANAGEMENT, zone="getorcha.com")
    change(aws, "CREATE", account=MANAGEMENT, zone=zone, name=BLOG, values=["blogs.example.com"])
    return {"target group": group, "record": f"{zone.rpartition('/')[2]}_{BLOG}_CNAME"}


def altered(aws: LocalAws) -> dict[str, str]:
    """Alter docs: another threshold on an alarm, its short name deleted, its port closed on the instances."""
    cloudwatch = aws.client("cloudwatch", PROD, REGION)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["v1-orcha-docs-latency"])["MetricAlarms"]
    cloudwatch.put_metric_alarm(**{key: alarm[key] for key in ALARM_SETTINGS if key in alarm} | {"Threshold": 30.0})
    zone = zone_id(aws, account=MANAGEMENT, zone="getorcha.com")
    change(aws, "DELETE", account=MANAGEMENT, zone=zone, name="docs.getorcha.com", values=["docs.prod.getorcha.com"])
    ec2 = aws.client("ec2", PROD, REGION)
    (rule,) = [
        securitygrouprule
        for securitygrouprule in ec2.describe_security_group_rules()["SecurityGroupRules"]
        if securitygrouprule.get("Description") == "Docs port from ALB"
    ]
    ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    return {}


def unproven(aws: LocalAws) -> dict[str, str]:
    """Lead the record that proves Link's short name elsewhere: ACM could not renew, and Terraform ignores it."""
    route53 = aws.client("route53", MANAGEMENT, REGION)
    zone = zone_id(aws, account=MANAGEMENT, zone="getorcha.com")
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (proof,) = [record["Name"] for record in records if record["Name"].endswith(".link.getorcha.com.")]
    change(aws, "UPSERT", account=MANAGEMENT, zone=zone, name=proof, values=["gone.example.com"])
    return {}


def holding(aws: LocalAws) -> dict[str, str]:
    """Add a rule of somebody else's that forwards to Link's target group, which AWS then refuses to delete."""
    elbv2 = aws.client("elbv2", PROD, REGION)
    (group,) = elbv2.describe_target_groups(Names=["v1-orcha-link-tg"])["TargetGroups"]
    (balancer,) = elbv2.describe_load_balancers()["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    elbv2.create_rule(
        ListenerArn=next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443),
        Priority=500,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["beta.prod.getorcha.com"]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )
    return {}


ALARM_SETTINGS = (
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "EvaluationPeriods",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
)
