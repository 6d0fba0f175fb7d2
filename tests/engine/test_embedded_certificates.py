"""Does the embedded AWS issue a certificate exactly when AWS would?"""

import re

import pytest
from moto.route53.models import route53_backends

from embedded_aws.corrections.dns import PublicDns
from embedded_aws.process import LocalAws
from tests.support.aws_calls import (
    MANAGEMENT,
    PROD,
    REGION,
    STAGING,
    change,
    describe,
    prove,
    record_of,
    request,
    status,
    zone_id,
)

pytestmark = pytest.mark.takes(minutes=0.2)

PROD_ZONE, ROOT_ZONE = "prod.getorcha.com", "getorcha.com"


def test_a_certificate_is_issued_once_both_records_stand_each_in_its_own_account(embedded_aws: LocalAws) -> None:
    names = "both.prod.getorcha.com", "both.getorcha.com"
    arn = request(embedded_aws, *names)
    seen = [status(embedded_aws, arn)]
    prove(embedded_aws, arn, names[0], account=PROD, zone=PROD_ZONE)
    seen.append(status(embedded_aws, arn))
    prove(embedded_aws, arn, names[1], account=MANAGEMENT, zone=ROOT_ZONE)
    seen.append(status(embedded_aws, arn))
    assert seen == ["PENDING_VALIDATION", "PENDING_VALIDATION", "ISSUED"]


def test_each_option_has_its_own_status_in_the_order_of_the_names(embedded_aws: LocalAws) -> None:
    names = [f"{letter}.prod.getorcha.com" for letter in "qzax"]
    arn = request(embedded_aws, *names)
    prove(embedded_aws, arn, names[2], account=PROD, zone=PROD_ZONE)
    detail = describe(embedded_aws, arn)
    options = [(option["DomainName"], option["ValidationStatus"]) for option in detail["DomainValidationOptions"]]
    pending = "PENDING_VALIDATION"
    assert options == list(zip(names, [pending, pending, "SUCCESS", pending], strict=True))
    assert detail["SubjectAlternativeNames"] == names


def test_a_pending_certificate_has_no_date_of_issue(embedded_aws: LocalAws) -> None:
    arn = request(embedded_aws, "dates.prod.getorcha.com")
    pending = describe(embedded_aws, arn)
    prove(embedded_aws, arn, "dates.prod.getorcha.com", account=PROD, zone=PROD_ZONE)
    dates = {"IssuedAt", "NotBefore", "NotAfter"}
    assert (dates & set(pending), dates & set(describe(embedded_aws, arn))) == (set(), dates)


def test_an_issued_certificate_stays_issued_when_its_record_goes(embedded_aws: LocalAws) -> None:
    name = "stays.prod.getorcha.com"
    arn = request(embedded_aws, name)
    prove(embedded_aws, arn, name, account=PROD, zone=PROD_ZONE)
    assert status(embedded_aws, arn) == "ISSUED"
    record = record_of(embedded_aws, arn, name)
    change(embedded_aws, "DELETE", account=PROD, zone=PROD_ZONE, name=record["Name"], values=[record["Value"]])
    assert status(embedded_aws, arn) == "ISSUED"


@pytest.mark.parametrize(
    ("case", "account", "zone", "instead"),
    [
        ("wrong-value", PROD, PROD_ZONE, {"value": "_0123.abc.acm-validations.aws."}),
        ("wrong-type", PROD, PROD_ZONE, {"kind": "TXT"}),
        ("less-specific-zone", MANAGEMENT, ROOT_ZONE, {}),
    ],
)
def test_a_record_that_does_not_answer_proves_nothing(
    embedded_aws: LocalAws, case: str, account: str, zone: str, instead: dict[str, str]
) -> None:
    name = f"{case}.prod.getorcha.com"
    arn = request(embedded_aws, name)
    prove(embedded_aws, arn, name, account=account, zone=zone, **instead)
    assert status(embedded_aws, arn) == "PENDING_VALIDATION"


@pytest.mark.parametrize("account", [PROD, MANAGEMENT], ids=["same account", "other account"])
def test_a_second_zone_of_the_same_name_proves_nothing(embedded_aws: LocalAws, account: str) -> None:
    name = f"second-{account}.prod.getorcha.com"
    route53 = embedded_aws.client("route53", account, REGION)
    second = route53.create_hosted_zone(Name=PROD_ZONE, CallerReference=name)["HostedZone"]["Id"]
    arn = request(embedded_aws, name)
    prove(embedded_aws, arn, name, account=account, zone=second)
    assert status(embedded_aws, arn) == "PENDING_VALIDATION"


def test_a_zone_that_nothing_delegates_to_proves_nothing(embedded_aws: LocalAws) -> None:
    name = "delegated.staging.getorcha.com"
    arn = request(embedded_aws, name, account=STAGING)
    prove(embedded_aws, arn, name, account=STAGING, zone="staging.getorcha.com")
    zone = zone_id(embedded_aws, account=STAGING, zone="staging.getorcha.com")
    answer = embedded_aws.client("route53", STAGING, REGION).get_hosted_zone(Id=zone)
    delegation = {"account": MANAGEMENT, "zone": ROOT_ZONE, "name": "staging.getorcha.com", "kind": "NS"}
    servers = answer["DelegationSet"]["NameServers"]
    change(embedded_aws, "DELETE", values=servers, **delegation)
    without = status(embedded_aws, arn)
    change(embedded_aws, "CREATE", values=servers, **delegation)
    assert (without, status(embedded_aws, arn)) == ("PENDING_VALIDATION", "ISSUED")


def test_the_zone_that_the_parent_names_answers_and_not_the_older_one(embedded_aws: LocalAws) -> None:
    name, zone = "moved.staging.getorcha.com", "staging.getorcha.com"
    route53 = embedded_aws.client("route53", STAGING, REGION)
    older = route53.get_hosted_zone(Id=zone_id(embedded_aws, account=STAGING, zone=zone))["DelegationSet"]
    newer = route53.create_hosted_zone(Name=zone, CallerReference=name)
    arn = request(embedded_aws, name, account=STAGING)
    prove(embedded_aws, arn, name, account=STAGING, zone=newer["HostedZone"]["Id"])
    before = status(embedded_aws, arn)
    delegation = {"account": MANAGEMENT, "zone": ROOT_ZONE, "name": zone, "kind": "NS"}
    change(embedded_aws, "UPSERT", values=newer["DelegationSet"]["NameServers"], **delegation)
    after = status(embedded_aws, arn)
    change(embedded_aws, "UPSERT", values=older["NameServers"], **delegation)
    assert (before, after) == ("PENDING_VALIDATION", "ISSUED")


def test_a_private_zone_proves_nothing() -> None:
    zones = route53_backends["666666666666"]["aws"]
    seen = []
    for private in (True, False):
        zone = zones.create_hosted_zone("private.example.", private_zone=private)
        zone.add_rrset({"Name": "name.private.example.", "Type": "CNAME", "ResourceRecords": [f"private-{private}"]})
        seen.append(PublicDns({"private.example": "666666666666"}).cnames("name.private.example"))
    assert seen == [[], ["private-False"]]


def test_a_name_under_no_declared_zone_stays_pending(embedded_aws: LocalAws) -> None:
    embedded_aws.client("route53", PROD, REGION).create_hosted_zone(Name="undeclared.example", CallerReference="u")
    arn = request(embedded_aws, "www.undeclared.example")
    prove(embedded_aws, arn, "www.undeclared.example", account=PROD, zone="undeclared.example")
    assert status(embedded_aws, arn) == "PENDING_VALIDATION"


def test_a_zone_whose_name_is_only_the_end_of_a_label_does_not_answer(embedded_aws: LocalAws) -> None:
    arn = request(embedded_aws, "notgetorcha.com")
    prove(embedded_aws, arn, "notgetorcha.com", account=MANAGEMENT, zone=ROOT_ZONE)
    assert status(embedded_aws, arn) == "PENDING_VALIDATION"


def test_upper_case_and_trailing_dots_make_no_difference(embedded_aws: LocalAws) -> None:
    arn = request(embedded_aws, "Loud.Prod.GetOrcha.com")
    record = record_of(embedded_aws, arn, "Loud.Prod.GetOrcha.com")
    value = record["Value"].rstrip(".").upper()
    change(embedded_aws, "CREATE", account=PROD, zone=PROD_ZONE, name=record["Name"].rstrip("."), values=[value])
    assert status(embedded_aws, arn) == "ISSUED"


def test_a_wildcard_and_its_base_name_share_one_record_that_looks_like_acms(embedded_aws: LocalAws) -> None:
    arn = request(embedded_aws, "w.prod.getorcha.com", "*.w.prod.getorcha.com")
    base, wildcard = (record_of(embedded_aws, arn, name) for name in ("w.prod.getorcha.com", "*.w.prod.getorcha.com"))
    assert base == wildcard
    assert re.fullmatch(r"_[0-9a-f]{32}\.w\.prod\.getorcha\.com\.", base["Name"])
    assert re.fullmatch(r"_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.", base["Value"])


def test_the_record_is_stable_for_an_account_and_differs_between_accounts_and_domains(embedded_aws: LocalAws) -> None:
    name = "stable.prod.getorcha.com"
    first, again = request(embedded_aws, name), request(embedded_aws, name)
    elsewhere = request(embedded_aws, name, account=STAGING)
    other = request(embedded_aws, "other.prod.getorcha.com")
    records = [record_of(embedded_aws, arn, name) for arn in (first, again, elsewhere)]
    assert records[0] == records[1]
    values = {record["Value"] for record in [*records, record_of(embedded_aws, other, "other.prod.getorcha.com")]}
    assert len(values) == 3
