"""A small AWS in this process, with a platform, for what a survey finds in it."""

from functools import cache
from typing import Any

import boto3

from edge.aws.survey.model import Found, Wanted
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import survey
from tests.support.files import environment, prod

REGION = "eu-central-1"
OURS = {"Environment": "prod", "ManagedBy": "orcha-edge", "Service": "link"}
BALANCER_ADDRESSES = "10.0.0.0/24"
HOSTS = ["link.prod.getorcha.com", "link.getorcha.com"]


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    """Write tags as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tagged(tags: dict[str, str]) -> dict[str, Any]:
    """Give the argument for tags: none where there are none, since AWS takes no empty list."""
    return {"Tags": pairs(tags)} if tags else {}


@cache
def _client(service: str, region: str = REGION) -> Any:
    """Make a client once for all tests: that takes longer than what they ask of it."""
    return boto3.client(service, region_name=region, aws_access_key_id="a", aws_secret_access_key="b")


class SurveyWorld:
    """Makes parts of a platform with boto3, as another tool or an earlier run would, and surveys them."""

    def __init__(self) -> None:
        self.environment = environment(prod())
        ec2 = self.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for number, zone in enumerate("ab")
        ]
        self.groups = {
            name: ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"]
            for name in ("balancer", "instances")
        }
        elbv2 = self.client("elbv2")
        self._subnets = [answer["Subnet"]["SubnetId"] for answer in subnets]
        self.balancer = self.make_balancer("v1-orcha-alb")
        self.listener = self._listen(self.balancer)
        self.topic = self.client("sns").create_topic(Name="v1-orcha-alerts")["TopicArn"]
        zone = self.client("route53").create_hosted_zone(Name="getorcha.com", CallerReference="1")["HostedZone"]
        self.zone = zone["Id"].rpartition("/")[2]
        self.elbv2 = elbv2

    def client(self, service: str, region: str = REGION) -> Any:
        """Give a client; all accounts are one here."""
        return _client(service, region)

    def make_balancer(self, name: str) -> str:
        """Make a load balancer."""
        answer = self.client("elbv2").create_load_balancer(Name=name, Subnets=self._subnets, Type="application")
        return str(answer["LoadBalancers"][0]["LoadBalancerArn"])

    def _listen(self, balancer: str) -> str:
        answer = self.client("elbv2").create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": self.certificate(["default.getorcha.com"], {})}],
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )
        return str(answer["Listeners"][0]["ListenerArn"])

    def attach(self, certificate: str, *, balancer: str | None = None) -> None:
        """Let the listener, or a new one of another load balancer, serve a certificate."""
        listener = self._listen(balancer) if balancer else self.listener
        self.elbv2.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": certificate}])

    def certificate(self, names: list[str], tags: dict[str, str], *, region: str = REGION) -> str:
        """Request a certificate."""
        answer = self.client("acm", region).request_certificate(
            DomainName=names[0],
            SubjectAlternativeNames=names,
            ValidationMethod="DNS",
            **tagged(tags),
        )
        return str(answer["CertificateArn"])

    def target_group(self, *, tags: dict[str, str], vpc: str | None = None, port: int = 9999, **more: Any) -> str:
        """Make a target group named as the environment names Link's."""
        settings = {"Name": "v1-orcha-link-tg", "Protocol": "HTTP", "TargetType": "instance", "Port": port, **more}
        answer = self.elbv2.create_target_group(VpcId=vpc or self.vpc, **settings, **tagged(tags))
        return str(answer["TargetGroups"][0]["TargetGroupArn"])

    def rule(self, *, tags: dict[str, str], group: str, hosts: list[str] | None = None, more: Any = ()) -> str:
        """Make a listener rule at Link's priority."""
        condition = {"Field": "host-header", "HostHeaderConfig": {"Values": hosts or HOSTS}}
        answer = self.elbv2.create_rule(
            ListenerArn=self.listener,
            Priority=20,
            Conditions=[condition, *more],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
            **tagged(tags),
        )
        return str(answer["Rules"][0]["RuleArn"])

    def port(self, *, tags: dict[str, str], description: str = "Link port from ALB") -> str:
        """Open Link's port on the instances."""
        peer = {"CidrIp": BALANCER_ADDRESSES, "Description": description}
        specification = {"ResourceType": "security-group-rule", "Tags": pairs(tags)}
        answer = self.client("ec2").authorize_security_group_ingress(
            GroupId=self.groups["instances"],
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 9999, "ToPort": 9999, "IpRanges": [peer]}],
            **({"TagSpecifications": [specification]} if tags else {}),
        )
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def alarm(
        self,
        *,
        tags: dict[str, str],
        topic: str | None = None,
        metric: str = "HealthyHostCount",
        balancer: str = "app/v1-orcha-alb/1",
    ) -> None:
        """Make an alarm named as the environment names Link's first one."""
        self.client("cloudwatch").put_metric_alarm(
            AlarmName="v1-orcha-link-unhealthy",
            Namespace="AWS/ApplicationELB",
            MetricName=metric,
            Dimensions=[{"Name": "LoadBalancer", "Value": balancer}],
            Statistic="Minimum",
            Period=60,
            EvaluationPeriods=2,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
            AlarmActions=[topic or self.topic],
            **tagged(tags),
        )

    def record(self, name: str, kind: str, value: str, *, ttl: int = 300, **more: Any) -> None:
        """Write a record into the zone."""
        record = {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value}], **more}
        change = {"Action": "CREATE", "ResourceRecordSet": record}
        self.client("route53").change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": [change]})

    def prove(self, certificate: str, domain: str) -> str:
        """Write the record that ACM wants for one name of a certificate; give the record's name."""
        acm = self.client("acm", certificate.split(":")[3])
        options = acm.describe_certificate(CertificateArn=certificate)["Certificate"]["DomainValidationOptions"]
        record = next(option["ResourceRecord"] for option in options if option["DomainName"] == domain)
        self.record(record["Name"], "CNAME", record["Value"])
        return str(record["Name"]).rstrip(".")

    def reader(self) -> Reader:
        """Give a reader for one look, to which certificates are issued, and in use by who attached them.

        moto issues after a timer, and forgets who uses a certificate; the embedded AWS, which does not, takes seconds.
        """
        reader = Reader(self.environment, lambda service, _account, region: self.client(service, region))
        users: dict[str, list[str]] = {}
        for balancer in self.elbv2.describe_load_balancers()["LoadBalancers"]:
            for listener in self.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
                for arn in reader.attached(listener["ListenerArn"]):
                    users.setdefault(arn, []).append(balancer["LoadBalancerArn"])
        for certificate in reader.certificates:
            in_use_by = users.get(certificate["CertificateArn"], [])
            certificate.update(Status="ISSUED", Type="AMAZON_ISSUED", InUseBy=in_use_by)
        return reader

    def look(self, kind: str, **values: Any) -> list[Found]:
        """Survey for one wanted thing of Link's."""
        domain = values.pop("domain", None)
        tags = {} if kind == "aws_route53_record" else {"tags_all": OURS}
        wanted = Wanted(address=f"{kind}.link", type=kind, account="prod", values=tags | values, domain=domain)
        return survey([wanted], self.reader())
