"""What one survey reads of the accounts, each list once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from edge.aws.sessions import ClientOf
from edge.aws.survey.model import as_mapping
from environments.checked import Environment
from environments.dns_names import canonical

HTTPS_PORT = 443
# Certificates that can still serve: https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
_USABLE = ["PENDING_VALIDATION", "ISSUED"]


class Reader:
    """Reads the accounts of one environment; a later survey takes a new reader, which sees what changed meanwhile."""

    def __init__(self, environment: Environment, client_of: ClientOf) -> None:
        self.environment = environment
        self._client_of = client_of

    def client(self, service: str, account: str) -> Any:
        """Give a client in an account, by the account's name."""
        return self._client_of(service, self.environment.accounts[account].id, self.environment.region)

    def of_platform(self, service: str) -> Any:
        """Give a client in the platform's account, which holds everything but other accounts' records."""
        return self.client(service, self.environment.platform.account)

    @cached_property
    def certificates(self) -> list[dict[str, Any]]:
        """Every certificate of the platform's account that serves or may yet, each as ACM describes it."""
        acm = self.of_platform("acm")
        arns = [
            summary["CertificateArn"]
            for page in acm.get_paginator("list_certificates").paginate(CertificateStatuses=_USABLE)
            for summary in page["CertificateSummaryList"]
        ]
        described = [_described(acm, arn) for arn in arns]
        return [certificate for certificate in described if certificate is not None]

    def tags_of_certificate(self, arn: str) -> Mapping[str, str]:
        """Read a certificate's tags."""
        return as_mapping(self.of_platform("acm").list_tags_for_certificate(CertificateArn=arn)["Tags"])

    def tags_of_balancing(self, arn: str) -> Mapping[str, str]:
        """Read the tags of a target group or a listener rule."""
        (answer,) = self.of_platform("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"]
        return as_mapping(answer["Tags"])

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
    def https_listener(self) -> str | None:
        """The ARN of the environment's HTTPS listener; None where there is none yet."""
        elbv2 = self.of_platform("elbv2")
        for page in elbv2.get_paginator("describe_load_balancers").paginate():
            for balancer in page["LoadBalancers"]:
                if balancer["LoadBalancerName"] == self.environment.load_balancer_name:
                    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
                    return next((str(found["ListenerArn"]) for found in listeners if found["Port"] == HTTPS_PORT), None)
        return None

    @cached_property
    def zone_ids(self) -> Mapping[str, tuple[str, str]]:
        """The account's name and the id of each declared zone that stands in its account, by the zone's name."""
        declared = self.environment.zones
        return {
            canonical(zone["Name"]): (account, zone["Id"].rpartition("/")[2])
            for account in self.environment.accounts
            for page in self.client("route53", account).get_paginator("list_hosted_zones").paginate()
            for zone in page["HostedZones"]
            if canonical(zone["Name"]) in declared and declared[canonical(zone["Name"])].account == account
            if not zone["Config"]["PrivateZone"]
        }

    def records(self, account: str, zone_id: str, name: str) -> list[dict[str, Any]]:
        """List the records of one name in a zone, whatever their types."""
        answer = self.client("route53", account).list_resource_record_sets(
            HostedZoneId=zone_id, StartRecordName=name, MaxItems="20"
        )
        return [record for record in answer["ResourceRecordSets"] if canonical(record["Name"]) == canonical(name)]


def _described(acm: Any, arn: str) -> dict[str, Any] | None:
    try:
        return dict(acm.describe_certificate(CertificateArn=arn)["Certificate"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":  # removed since it was listed
            return None
        raise
