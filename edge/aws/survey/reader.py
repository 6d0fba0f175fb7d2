"""What one survey reads of the accounts, each list once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from edge.aws.sessions import ClientOf
from edge.aws.survey.acm_lists import described, listed_certificates
from edge.aws.survey.model import as_mapping
from edge.aws.survey.regions import Elsewhere, elsewhere
from environments.checked import Environment
from environments.dns_names import canonical

HTTPS_PORT = 443
_TAGS_AT_ONCE = 20  # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html


class Reader:
    """Reads the accounts of one environment; a later survey takes a new reader, which sees what changed meanwhile."""

    def __init__(self, environment: Environment, client_of: ClientOf) -> None:
        self.environment = environment
        self._client_of = client_of
        self._zone_records: dict[str, list[dict[str, Any]]] = {}
        self._rules: dict[str, list[dict[str, Any]]] = {}

    def client(self, service: str, account: str) -> Any:
        """Give a client in an account, by the account's name."""
        return self._client_of(service, self.environment.accounts[account].id, self.environment.region)

    def of_platform(self, service: str) -> Any:
        """Give a client in the platform's account, which holds everything but other accounts' records."""
        return self.client(service, self.environment.platform.account)

    @cached_property
    def certificates(self) -> list[dict[str, Any]]:
        """Every certificate of the platform's account that serves or may yet, each as ACM describes it."""
        return listed_certificates(self.of_platform("acm"))

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """The same of the account's further regions."""
        region, account = self.environment.region, self.environment.accounts[self.environment.platform.account].id
        return elsewhere(
            region, self.of_platform("ec2"), lambda name: self._client_of("acm", account, name), listed_certificates
        )

    @cached_property
    def sharing_proofs(self) -> list[dict[str, Any]]:
        """The certificates of all regions: a domain has one validation record in the whole account.

        https://github.com/hashicorp/terraform-provider-aws/issues/13653
        """
        return [*self.certificates, *self.elsewhere.certificates]

    def users_of_certificate(self, arn: str) -> list[str]:
        """List the ARNs of what uses a certificate, whatever became of it; none where it is gone."""
        found = described(self.of_platform("acm"), arn)
        return list(map(str, found.get("InUseBy", ()))) if found else []

    def users_elsewhere(self, arn: str) -> list[str]:
        """List the same without the environment's own load balancer."""
        own = f"/{self.environment.load_balancer_name}/"
        return [user for user in self.users_of_certificate(arn) if own not in user]

    def tags_of_certificate(self, arn: str) -> Mapping[str, str]:
        """Read a certificate's tags."""
        return as_mapping(self.of_platform("acm").list_tags_for_certificate(CertificateArn=arn)["Tags"])

    def tags_of_balancing(self, arn: str) -> Mapping[str, str]:
        """Read the tags of a target group or a listener rule."""
        return self.tags_of_all([arn])[arn]

    def tags_of_all(self, arns: Sequence[str]) -> dict[str, dict[str, str]]:
        """Read the tags of target groups or listener rules, as many at once as AWS takes."""
        elbv2 = self.of_platform("elbv2")
        parts = [arns[start : start + _TAGS_AT_ONCE] for start in range(0, len(arns), _TAGS_AT_ONCE)]
        return {
            description["ResourceArn"]: as_mapping(description["Tags"])
            for part in parts
            for description in elbv2.describe_tags(ResourceArns=part)["TagDescriptions"]
        }

    def attached(self, listener: str) -> list[str]:
        """List the certificates that a listener serves by SNI, without its default."""
        pages = self.of_platform("elbv2").get_paginator("describe_listener_certificates")
        return [
            str(entry["CertificateArn"])
            for page in pages.paginate(ListenerArn=listener)
            for entry in page["Certificates"]
            if not entry.get("IsDefault")
        ]

    @cached_property
    def _balancer(self) -> Mapping[str, Any] | None:
        pages = self.of_platform("elbv2").get_paginator("describe_load_balancers").paginate()
        found = (
            balancer
            for page in pages
            for balancer in page["LoadBalancers"]
            if balancer["LoadBalancerName"] == self.environment.load_balancer_name
        )
        return next(found, None)

    @property
    def load_balancer(self) -> str | None:
        """The ARN of the environment's load balancer; None where there is none yet."""
        return str(self._balancer["LoadBalancerArn"]) if self._balancer else None

    @property
    def vpc(self) -> str | None:
        """The id of the VPC of the environment's load balancer; None where there is no load balancer yet."""
        return str(self._balancer["VpcId"]) if self._balancer else None

    @cached_property
    def listeners(self) -> Mapping[int, str]:
        """The ARNs of the load balancer's listeners by their ports."""
        if self.load_balancer is None:
            return {}
        answer = self.of_platform("elbv2").describe_listeners(LoadBalancerArn=self.load_balancer)
        return {int(found["Port"]): str(found["ListenerArn"]) for found in answer["Listeners"]}

    @property
    def https_listener(self) -> str | None:
        """The ARN of the environment's HTTPS listener; None where there is none yet."""
        return self.listeners.get(HTTPS_PORT)

    def rules(self, listener: str) -> list[dict[str, Any]]:
        """List a listener's rules, without its default action, as they were when first asked for."""
        if listener not in self._rules:
            pages = self.of_platform("elbv2").get_paginator("describe_rules").paginate(ListenerArn=listener)
            rules = [dict(rule) for page in pages for rule in page["Rules"]]
            self._rules[listener] = [rule for rule in rules if rule["Priority"] != "default"]
        return self._rules[listener]

    def target_groups_of(self, load_balancer: str) -> list[str]:
        """List the target groups to which a load balancer's rules forward."""
        pages = self.of_platform("elbv2").get_paginator("describe_target_groups")
        try:
            return [
                str(group["TargetGroupArn"])
                for page in pages.paginate(LoadBalancerArn=load_balancer)
                for group in page["TargetGroups"]
            ]
        except ClientError as error:
            if error.response["Error"]["Code"] == "TargetGroupNotFound":  # there are none
                return []
            raise

    def attached_to_instances(self, name: str) -> list[str]:
        """List the target groups that an Auto Scaling group registers its instances with; none where it is gone."""
        answer = self.of_platform("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return [str(arn) for group in answer["AutoScalingGroups"] for arn in group["TargetGroupARNs"]]

    def scaling_groups_with(self, target_group: str) -> list[str]:
        """Name the Auto Scaling groups that register their instances with a target group, whoever attached it."""
        pages = self.of_platform("autoscaling").get_paginator("describe_auto_scaling_groups").paginate()
        groups = (group for page in pages for group in page["AutoScalingGroups"])
        return [str(group["AutoScalingGroupName"]) for group in groups if target_group in group["TargetGroupARNs"]]

    def group_rules(self, groups: Sequence[str]) -> list[dict[str, Any]]:
        """List the rules of security groups, by the groups' ids."""
        pages = self.of_platform("ec2").get_paginator("describe_security_group_rules")
        filters = [{"Name": "group-id", "Values": list(groups)}]
        return [dict(rule) for page in pages.paginate(Filters=filters) for rule in page["SecurityGroupRules"]]

    @cached_property
    def zone_ids(self) -> Mapping[str, tuple[str, str]]:
        """The account's name and the id of each declared zone that stands in its account, by the zone's name."""
        return self._zone_ids(self.environment.accounts)

    def zone_ids_of(self, zones: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """Give the same of some zones; accounts that hold none of them are not asked."""
        accounts = dict.fromkeys(self.environment.zones[zone].account for zone in zones)
        return {zone: found for zone, found in self._zone_ids(accounts).items() if zone in zones}

    def _zone_ids(self, accounts: Iterable[str]) -> dict[str, tuple[str, str]]:
        declared = self.environment.zones
        return {
            canonical(zone["Name"]): (account, zone["Id"].rpartition("/")[2])
            for account in accounts
            for page in self.client("route53", account).get_paginator("list_hosted_zones").paginate()
            for zone in page["HostedZones"]
            if canonical(zone["Name"]) in declared and declared[canonical(zone["Name"])].account == account
            if not zone["Config"]["PrivateZone"]
            if declared[canonical(zone["Name"])].id in (None, zone["Id"].rpartition("/")[2])
        }

    def records(self, account: str, zone_id: str, name: str) -> list[dict[str, Any]]:
        """List the records of one name in a zone, whatever their types."""
        answer = self.client("route53", account).list_resource_record_sets(
            HostedZoneId=zone_id, StartRecordName=name, MaxItems="20"
        )
        return [record for record in answer["ResourceRecordSets"] if canonical(record["Name"]) == canonical(name)]

    def zone_records(self, account: str, zone_id: str) -> list[dict[str, Any]]:
        """List the records of a zone, as they were when first asked for."""
        if zone_id not in self._zone_records:
            self._zone_records[zone_id] = self.all_records(account, zone_id)
        return self._zone_records[zone_id]

    def all_records(self, account: str, zone_id: str) -> list[dict[str, Any]]:
        """List the records of a zone."""
        pages = self.client("route53", account).get_paginator("list_resource_record_sets")
        return [dict(record) for page in pages.paginate(HostedZoneId=zone_id) for record in page["ResourceRecordSets"]]
