"""What carries the names of Link's parts and is somebody else's: one look-alike for everything that can have one."""

from typing import Any

from embedded_aws.process import LocalAws
from tests.support.aws_calls import MANAGEMENT, PROD, REGION, change, issued, prove, record_of, request
from tests.support.left_by_cdk import HOSTS, ZONES


class LookAlikes:
    """Makes them; `words` says what a refusal must name of each: the thing, and what it has otherwise."""

    def __init__(self, aws: LocalAws, alarms: tuple[str, ...]) -> None:
        self._aws, self._alarms = aws, alarms
        self.words: dict[str, str] = {}

    def _client(self, service: str) -> Any:
        return self._aws.client(service, PROD, REGION)

    def make(self) -> None:
        """Make all of them; none is in the way of another."""
        vpc = self._client("ec2").create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
        group = self._group("v1-orcha-link-tg", vpc)
        self.words["target group v1-orcha-link-tg"] = f"it lies in the VPC {vpc}, and "
        self._rule()
        self._ports()
        self._alarms_of_others(group)
        self._certificates()
        self._records()

    def _group(self, name: str, vpc: str) -> str:
        answer = self._client("elbv2").create_target_group(
            Name=name, Protocol="HTTP", Port=9999, VpcId=vpc, TargetType="instance"
        )
        return str(answer["TargetGroups"][0]["TargetGroupArn"])

    def _listener(self) -> tuple[dict[str, Any], str]:
        elbv2 = self._client("elbv2")
        (balancer,) = elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
        listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        return balancer, next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443)

    def _rule(self) -> None:
        """Take Link's priority for another host."""
        balancer, listener = self._listener()
        made = self._client("elbv2").create_rule(
            ListenerArn=listener,
            Priority=20,
            Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.getorcha.com"]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": self._group("shop", balancer["VpcId"])}],
        )
        self._rule_arn = made["Rules"][0]["RuleArn"]
        self.words["listener rule 20 for shop.getorcha.com"] = "it takes shop.getorcha.com, and "

    def remove_rule(self) -> None:
        """Let go of the priority."""
        self._client("elbv2").delete_rule(RuleArn=self._rule_arn)
        del self.words["listener rule 20 for shop.getorcha.com"]

    def _ports(self) -> None:
        """Open Link's port for somebody else, in both groups."""
        ec2 = self._client("ec2")
        groups = {group["GroupName"]: group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
        balancer, instances = groups["v1-orcha-alb-sg"], groups["v1-orcha-ec2-sg"]
        for group, peer, way in ((balancer, instances, "egress"), (instances, balancer, "ingress")):
            pair = {"GroupId": peer, "Description": f"shop {way}"}
            permission = {"IpProtocol": "tcp", "FromPort": 9999, "ToPort": 9999, "UserIdGroupPairs": [pair]}
            getattr(ec2, f"authorize_security_group_{way}")(GroupId=group, IpPermissions=[permission])
            self.words[f"for port 9999 in {group}"] = f'its description is "shop {way}", and not '

    def _alarms_of_others(self, group: str) -> None:
        """Watch something else under each of the names, or tell somebody else."""
        pager = self._client("sns").create_topic(Name="pager")["TopicArn"]
        for name in self._alarms:
            self._client("cloudwatch").put_metric_alarm(
                AlarmName=name,
                Namespace="Shop",
                MetricName="Orders",
                Dimensions=[{"Name": "TargetGroup", "Value": group.rpartition(":")[2]}],
                Statistic="Sum",
                Period=60,
                EvaluationPeriods=1,
                Threshold=1,
                ComparisonOperator="LessThanThreshold",
                AlarmActions=[pager],
            )
            self.words[f"alarm {name}"] = "it notifies pager, and v1-orcha-alerts is wanted"

    def _certificates(self) -> None:
        """Request certificates over nearly the names, and one over exactly them that another load balancer uses."""
        for names in ((*HOSTS, "www.getorcha.com"), HOSTS[:1], HOSTS[::-1]):
            request(self._aws, *names)
        used = request(self._aws, *HOSTS)
        for host in HOSTS:
            account, zone = ZONES[host]
            prove(self._aws, used, host, account=account, zone=zone)
        elbv2 = self._client("elbv2")
        ours, _ = self._listener()
        subnets = [zone["SubnetId"] for zone in ours["AvailabilityZones"]]
        balancer = elbv2.create_load_balancer(Name="shop", Subnets=subnets, Type="application")["LoadBalancers"][0]
        elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": issued(self._aws, "shop.prod.getorcha.com")}],
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )
        (listener,) = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        elbv2.add_listener_certificates(ListenerArn=listener["ListenerArn"], Certificates=[{"CertificateArn": used}])
        self._proofs(used)

    def _proofs(self, certificate: str) -> None:
        """Let the validation records lead elsewhere by now, as where somebody moved them."""
        for host in HOSTS:
            account, zone = ZONES[host]
            name = record_of(self._aws, certificate, host)["Name"]
            change(self._aws, "UPSERT", account=account, zone=zone, name=name, values=["elsewhere.example."])
            self.words[f"record CNAME {name.rstrip('.')}"] = "it leads to elsewhere.example, and "

    def _records(self) -> None:
        """Hold both hosts: the one leads elsewhere, and the other has a text, beside which there is no CNAME."""
        place = {"account": PROD, "zone": "prod.getorcha.com"}
        change(self._aws, "CREATE", name=HOSTS[0], values=["192.0.2.7"], kind="A", **place)
        self.words[f"record A {HOSTS[0]}"] = "it leads to 192.0.2.7, and "
        place = {"account": MANAGEMENT, "zone": "getorcha.com"}
        change(self._aws, "CREATE", name=HOSTS[1], values=['"proof"'], kind="TXT", **place)
        self.words[f"record TXT {HOSTS[1]}"] = "DNS allows no CNAME beside it (RFC 1034 section 3.6.2)"
