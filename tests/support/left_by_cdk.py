"""What stands for Link before this project comes: what the user's script, hands and CDK made of it."""

from typing import Any

from embedded_aws.process import LocalAws
from tests.support.aws_calls import MANAGEMENT, PROD, REGION, change, prove, request, zone_id

HOSTS = ("link.prod.getorcha.com", "link.getorcha.com")
ZONES = {HOSTS[0]: (PROD, "prod.getorcha.com"), HOSTS[1]: (MANAGEMENT, "getorcha.com")}


class LeftByCdk:
    """Makes the parts of Link, each as whoever made it on the first day; without our tags."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self._elbv2 = self._client("elbv2")
        (self._balancer,) = self._elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
        listeners = self._elbv2.describe_listeners(LoadBalancerArn=self._balancer["LoadBalancerArn"])["Listeners"]
        self._listener = next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443)

    def _client(self, service: str) -> Any:
        return self.aws.client(service, PROD, REGION)

    def certificate(self, *more: str) -> str:
        """Request and prove the certificate as the script does, and attach it."""
        arn = request(self.aws, *HOSTS, *more)
        for host in (*HOSTS, *more):
            account, zone = ZONES[HOSTS[0] if host.endswith(".prod.getorcha.com") else HOSTS[1]]
            prove(self.aws, arn, host, account=account, zone=zone)
        self._client("acm").describe_certificate(CertificateArn=arn)
        self._elbv2.add_listener_certificates(ListenerArn=self._listener, Certificates=[{"CertificateArn": arn}])
        return arn

    def target_group(self) -> str:
        """Make the target group, attached to the instances."""
        answer = self._elbv2.create_target_group(
            Name="v1-orcha-link-tg",
            Protocol="HTTP",
            Port=9999,
            VpcId=self._balancer["VpcId"],
            TargetType="instance",
            HealthCheckPath="/health",
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=3,
            HealthCheckIntervalSeconds=30,
            HealthCheckTimeoutSeconds=5,
            Matcher={"HttpCode": "200"},
        )
        arn = str(answer["TargetGroups"][0]["TargetGroupArn"])
        self._client("autoscaling").attach_load_balancer_target_groups(
            AutoScalingGroupName="v1-orcha-asg", TargetGroupARNs=[arn]
        )
        return arn

    def rule(self, group: str) -> None:
        """Route both hosts to the target group at the priority of the environment file."""
        self._elbv2.create_rule(
            ListenerArn=self._listener,
            Priority=20,
            Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": list(HOSTS)}}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )

    def firewall(self) -> None:
        """Open the port on both sides, with CDK's descriptions."""
        ec2 = self._client("ec2")
        groups = {group["GroupName"]: group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
        balancer, instances = groups["v1-orcha-alb-sg"], groups["v1-orcha-ec2-sg"]

        def permission(peer: str, description: str) -> list[dict[str, Any]]:
            pair = {"GroupId": peer, "Description": description}
            return [{"IpProtocol": "tcp", "FromPort": 9999, "ToPort": 9999, "UserIdGroupPairs": [pair]}]

        ec2.authorize_security_group_egress(
            GroupId=balancer, IpPermissions=permission(instances, "Link traffic to EC2")
        )
        ec2.authorize_security_group_ingress(
            GroupId=instances, IpPermissions=permission(balancer, "Link port from ALB")
        )

    def alarm(self, group: str) -> None:
        """Watch for no healthy target."""
        (topic,) = [
            topic["TopicArn"]
            for topic in self._client("sns").list_topics()["Topics"]
            if topic["TopicArn"].endswith(":v1-orcha-alerts")
        ]
        dimensions = {"TargetGroup": group.rpartition(":")[2], "LoadBalancer": self._balancer_suffix}
        self._client("cloudwatch").put_metric_alarm(
            AlarmName="v1-orcha-link-unhealthy",
            AlarmDescription="Link target group has no healthy targets",
            Namespace="AWS/ApplicationELB",
            MetricName="HealthyHostCount",
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            Statistic="Minimum",
            Period=60,
            EvaluationPeriods=2,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
            TreatMissingData="breaching",
            AlarmActions=[topic],
        )

    @property
    def _balancer_suffix(self) -> str:
        return str(self._balancer["LoadBalancerArn"]).partition("loadbalancer/")[2]

    def alias(self) -> None:
        """Lead the primary host to the load balancer."""
        target = {
            "HostedZoneId": self._balancer["CanonicalHostedZoneId"],
            "DNSName": self._balancer["DNSName"],
            "EvaluateTargetHealth": False,
        }
        self.aws.client("route53", PROD, REGION).change_resource_record_sets(
            HostedZoneId=zone_id(self.aws, account=PROD, zone="prod.getorcha.com"),
            ChangeBatch={
                "Changes": [
                    {"Action": "CREATE", "ResourceRecordSet": {"Name": HOSTS[0], "Type": "A", "AliasTarget": target}}
                ]
            },
        )

    def short_name(self, value: str = HOSTS[0], kind: str = "CNAME") -> None:
        """Write the short name's CNAME by hand."""
        change(self.aws, "CREATE", account=MANAGEMENT, zone="getorcha.com", name=HOSTS[1], values=[value], kind=kind)

    def everything(self, *more: str) -> None:
        """Make all of it, with more names on the certificate."""
        self.certificate(*more)
        group = self.target_group()
        self.rule(group)
        self.firewall()
        self.alarm(group)
        self.alias()
        self.short_name()
