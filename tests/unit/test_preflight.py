"""What is asked before a plan, and before a deploy: each fault in one sentence, and nothing is written by asking."""

import json
import re
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from moto import mock_aws

from edge.preflight import readiness, several_zones, writing
from edge.preflight.readiness import NotReadyError, demand_readiness, missing_zones
from edge.preflight.writing import demand_writable, impossible_record
from edge.verify.check import CheckFailedError
from environments.checked import Environment
from environments.loader import load
from tests.support.authorization.evaluator import Request, allows
from tests.support.authorization.examples import EXAMPLES, ids_of, roles_of
from tests.support.authorization.translation import normalized
from tests.support.two_accounts import Accounts

(ENVIRONMENT,) = load(["prod"])
BUCKET, REGION, PROD, MANAGEMENT = "v1-orcha-terraform-state", "eu-central-1", "111111111111", "222222222222"
NO_STATE = f"s3://{BUCKET}/edge/prod.tfstate is not a state of Terraform; restore an earlier version of the object"
HERE = "tests/environments/prod.toml"


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    """Both zones, and a bucket as `edge bootstrap` makes it."""
    monkeypatch.setenv("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false")
    monkeypatch.setattr(sys, "stdin", StringIO())
    with mock_aws():
        made = Accounts()
        for module in (readiness, writing):
            monkeypatch.setattr(module, "client_of", lambda _: made)
        s3 = made("s3", PROD, REGION)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        encrypted = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
        s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=encrypted)
        own, parent = zone(made, PROD, "prod.getorcha.com"), zone(made, MANAGEMENT, "getorcha.com")
        lead(made, parent, servers(made, own))
        made.calls.clear()
        yield made


def zone(accounts: Accounts, account: str, name: str) -> str:
    reference = f"{name}{len(accounts.calls)}"
    made = accounts("route53", account, REGION).create_hosted_zone(Name=name, CallerReference=reference)
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def servers(accounts: Accounts, id: str) -> list[str]:
    found = accounts("route53", PROD, REGION).get_hosted_zone(Id=id)
    return [f"{name}." for name in found["DelegationSet"]["NameServers"]]


def serve_each_by_its_own(accounts: Accounts, account: str) -> None:
    """Give each zone name servers of its own, as Route 53 does; moto gives all the same ones."""

    def answer(parsed: dict[str, Any], **_: Any) -> None:
        parsed["DelegationSet"]["NameServers"] = [f"ns.{parsed['HostedZone']['Id'].rpartition('/')[2].lower()}.example"]

    accounts("route53", account, REGION).meta.events.register("after-call.route-53.GetHostedZone", answer)


def lead(accounts: Accounts, parent: str, servers: list[str]) -> None:
    record = {"Name": "prod.getorcha.com", "Type": "NS", "TTL": 300, "ResourceRecords": [{"Value": n} for n in servers]}
    accounts("route53", MANAGEMENT, REGION).change_resource_record_sets(
        HostedZoneId=parent, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )


def zones(accounts: Accounts, account: str) -> list[str]:
    found = accounts("route53", account, REGION).list_hosted_zones()["HostedZones"]
    return [str(one["Id"]).rpartition("/")[2] for one in found]


def deny(accounts: Accounts, operation: str, code: str, *, service: str = "s3", account: str = PROD) -> list[str]:
    """Let AWS answer an operation with an error; the list gets the body of each request."""
    asked: list[str] = []

    def refuse(model: Any, params: Any, **_: Any) -> None:
        if model.name == operation:
            asked.append(str(params["body"]))
            raise ClientError({"Error": {"Code": code, "Message": "not authorized"}}, operation)

    accounts(service, account, REGION).meta.events.register("before-call.*", refuse)
    return asked


# Before a plan


def test_what_is_ready_passes_without_a_word_or_a_write(accounts: Accounts, capsys: pytest.CaptureFixture[str]) -> None:
    demand_readiness(ENVIRONMENT)
    assert accounts.writes == []
    assert capsys.readouterr().err == ""


def test_a_profile_of_another_account_is_refused(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    def stranger(service: str, account: str, region: str) -> Any:
        return accounts(service, "9" * 12 if account == MANAGEMENT else account, region)

    monkeypatch.setattr(readiness, "client_of", lambda _: stranger)
    with pytest.raises(NotReadyError, match=r"^accounts\.management: profile orcha signs in to account 9{12}, not to"):
        demand_readiness(ENVIRONMENT)


def test_a_bucket_that_does_not_stand_is_to_be_made_by_bootstrap(accounts: Accounts) -> None:
    accounts("s3", PROD, REGION).delete_bucket(Bucket=BUCKET)
    with pytest.raises(NotReadyError) as refusal:
        demand_readiness(ENVIRONMENT)
    assert str(refusal.value) == (
        f"the state's bucket s3://{BUCKET} does not stand yet; make it with `edge bootstrap prod`"
    )


def test_a_bucket_without_permission_is_one_sentence(accounts: Accounts) -> None:
    deny(accounts, "HeadBucket", "403")
    with pytest.raises(NotReadyError, match=rf"^s3://{BUCKET} is refused to account prod \(111111111111\): .*[^\n]$"):
        demand_readiness(ENVIRONMENT)


def test_a_bucket_that_forgets_or_does_not_encrypt_is_reported_and_stops_nothing(
    accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    s3 = accounts("s3", PROD, REGION)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_bucket_encryption(Bucket=BUCKET)
    demand_readiness(ENVIRONMENT)
    assert capsys.readouterr().err.splitlines() == [
        f"s3://{BUCKET} no longer keeps earlier versions, by which a lost state comes back; `edge bootstrap prod` sets "
        "that.",
        f"s3://{BUCKET} does not encrypt what it holds; `edge bootstrap prod` sets that.",
    ]


def test_roles_of_an_earlier_release_may_not_ask_and_go_on(
    accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    deny(accounts, "GetBucketVersioning", "AccessDenied")
    demand_readiness(ENVIRONMENT)
    assert "derive the roles again" in capsys.readouterr().err


def test_a_zone_that_is_missing_is_named_with_its_account(accounts: Accounts) -> None:
    (id,) = zones(accounts, MANAGEMENT)
    lead_off = accounts("route53", MANAGEMENT, REGION)
    records = lead_off.list_resource_record_sets(HostedZoneId=id)["ResourceRecordSets"]
    own = [record for record in records if record["Name"].startswith("prod.")]
    lead_off.change_resource_record_sets(
        HostedZoneId=id, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": one} for one in own]}
    )
    lead_off.delete_hosted_zone(Id=id)
    with pytest.raises(NotReadyError) as refusal:
        demand_readiness(ENVIRONMENT)
    assert str(refusal.value) == (
        f'{HERE}: zones."getorcha.com": account management (222222222222) holds no public hosted zone of this name; '
        "correct the account, or set create = true"
    )


def test_a_removal_needs_no_zone_of_others(accounts: Accounts) -> None:
    """What leaves goes by the state; for what stays, the zones that are missing are named beside it."""
    zone(accounts, PROD, "prod.getorcha.com")
    demand_readiness(ENVIRONMENT, only_state=True)
    (sentence,) = missing_zones(ENVIRONMENT)
    assert 'zones."prod.getorcha.com": account prod (111111111111) holds 2 public hosted zones' in sentence
    with pytest.raises(NotReadyError):
        demand_readiness(ENVIRONMENT)


def test_an_account_of_which_nothing_is_asked_is_not_signed_in_to(accounts: Accounts) -> None:
    idle = {**ENVIRONMENT.accounts, "idle": ENVIRONMENT.accounts["management"].model_copy(update={"id": "9" * 12})}
    deny(accounts, "GetCallerIdentity", "AccessDenied", service="sts", account="9" * 12)
    demand_readiness(ENVIRONMENT.model_copy(update={"accounts": idle}))


def test_of_two_zones_of_a_name_one_must_be_named(accounts: Accounts) -> None:
    zone(accounts, PROD, "prod.getorcha.com")
    found = zones(accounts, PROD)
    serve_each_by_its_own(accounts, PROD)
    lead(accounts, zones(accounts, MANAGEMENT)[0], servers(accounts, found[0]))
    several = "holds 2 public hosted zones of this name; name one by its id: "
    in_use = f"{found[0]} (the parent delegates to it), {found[1]}"
    with pytest.raises(NotReadyError, match=re.escape(several + in_use) + "$"):
        demand_readiness(ENVIRONMENT)
    declared = {name: settings.model_copy() for name, settings in ENVIRONMENT.zones.items()}
    for id, fault in ((found[0], None), ("Z0", "holds no public hosted zone of this name with the id Z0")):
        declared["prod.getorcha.com"] = declared["prod.getorcha.com"].model_copy(update={"id": id})
        chosen = ENVIRONMENT.model_copy(update={"zones": dict(declared)})
        if fault is None:
            demand_readiness(chosen)
        else:
            with pytest.raises(NotReadyError, match=fault):
                demand_readiness(chosen)


@pytest.mark.parametrize("answers", [True, False])
def test_of_two_zones_below_an_undeclared_parent_the_public_dns_says_which_is_in_use(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, *, answers: bool
) -> None:
    second = zone(accounts, MANAGEMENT, "getorcha.com")
    serve_each_by_its_own(accounts, MANAGEMENT)
    described = accounts("route53", MANAGEMENT, REGION).get_hosted_zone(Id=second)

    def asked(name: str, _dns: object) -> tuple[str, tuple[str, ...]]:
        assert name == "getorcha.com"
        if not answers:
            raise CheckFailedError("no server of com answers", "")
        return "com", tuple(described["DelegationSet"]["NameServers"])

    monkeypatch.setattr(several_zones, "delegated_to", asked)
    in_use = {second: f"{second} (the parent delegates to it)"} if answers else {}
    ids = ", ".join(in_use.get(id, id) for id in zones(accounts, MANAGEMENT))
    with pytest.raises(NotReadyError, match=rf"name one by its id: {re.escape(ids)}$"):
        demand_readiness(ENVIRONMENT)


def test_a_zone_that_its_parent_does_not_lead_to_is_reported(
    accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    (parent,) = zones(accounts, MANAGEMENT)
    lead(accounts, parent, ["ns.elsewhere.example."])
    demand_readiness(ENVIRONMENT)
    assert capsys.readouterr().err.startswith("getorcha.com does not lead to our zone prod.getorcha.com: nobody sees")


def test_a_refusal_of_aws_is_a_sentence_with_its_place(accounts: Accounts) -> None:
    deny(accounts, "ListHostedZones", "AccessDenied", service="route53", account=MANAGEMENT)
    for ask in (demand_readiness, missing_zones):
        with pytest.raises(NotReadyError, match=rf"^{HERE}: zones: AWS refuses: .*AccessDenied.*; sign in with that"):
            ask(ENVIRONMENT)


def test_without_credentials_it_is_left_to_terraform(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(*_: str) -> Any:
        raise NoCredentialsError

    for module in (readiness, writing):
        monkeypatch.setattr(module, "client_of", lambda _: nobody)
    demand_readiness(ENVIRONMENT)
    demand_writable(ENVIRONMENT)
    assert capsys.readouterr().err.count("Unable to locate credentials") == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '{"version": 5, "terraform_version": "2.0.0"}',
            f"s3://{BUCKET}/edge/prod.tfstate has the state format 5, written by Terraform 2.0.0, and 4 is the one "
            "that is read here; use the Terraform that wrote it",
        ),
        ("<html>", NO_STATE),
        ("[]", NO_STATE),
    ],
)
def test_a_state_that_terraform_cannot_read_is_one_sentence(text: str, sentence: str, accounts: Accounts) -> None:
    s3 = accounts("s3", PROD, REGION)
    s3.put_object(Bucket=BUCKET, Key="edge/prod.tfstate", Body=text.encode())
    accounts.calls.clear()
    with pytest.raises(NotReadyError) as refusal:
        demand_readiness(ENVIRONMENT)
    assert str(refusal.value) == sentence
    assert accounts.writes == []


def test_a_state_of_this_format_is_read(accounts: Accounts) -> None:
    s3 = accounts("s3", PROD, REGION)
    s3.put_object(Bucket=BUCKET, Key="edge/prod.tfstate", Body=b'{"version": 4, "terraform_version": "1.99.0"}')
    demand_readiness(ENVIRONMENT)


# Before a deploy


def test_a_lock_is_named_with_its_holder_before_anything_is_planned(accounts: Accounts) -> None:
    lock = {"ID": "1", "Who": "ada@laptop", "Operation": "OperationTypeApply", "Created": "2026-11-26T10:00:00Z"}
    s3 = accounts("s3", PROD, REGION)
    s3.put_object(Bucket=BUCKET, Key="edge/prod.tfstate.tflock", Body=json.dumps(lock).encode())
    for account in (PROD, MANAGEMENT):
        deny(accounts, "ChangeResourceRecordSets", "InvalidChangeBatch", service="route53", account=account)
    with pytest.raises(NotReadyError) as refusal:
        demand_writable(ENVIRONMENT)
    assert str(refusal.value) == (
        "The state is locked by ada@laptop, OperationTypeApply, since 2026-11-26T10:00:00Z; wait for that to end, or, "
        "where it ended without releasing the lock, run `edge recover prod`. Nothing was changed"
    )


def test_who_may_write_is_asked_in_each_account_and_nothing_changes(
    accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        deny(accounts, "ChangeResourceRecordSets", "InvalidChangeBatch", service="route53", account=account)
        for account in (PROD, MANAGEMENT)
    ]
    demand_writable(ENVIRONMENT)
    assert [len(bodies) for bodies in asked] == [1, 1]
    assert [body.count("<Action>DELETE</Action>") for bodies in asked for body in bodies] == [1, 1]
    assert capsys.readouterr().err == ""


def test_a_denial_in_the_management_account_is_refused(accounts: Accounts) -> None:
    deny(accounts, "ChangeResourceRecordSets", "InvalidChangeBatch", service="route53")
    deny(accounts, "ChangeResourceRecordSets", "AccessDenied", service="route53", account=MANAGEMENT)
    with pytest.raises(NotReadyError) as refusal:
        demand_writable(ENVIRONMENT)
    assert str(refusal.value).startswith(
        'zones."getorcha.com": account management (222222222222) may not write into this zone: An error occurred '
        "(AccessDenied)"
    )
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_role_that_deploys_may_ask_and_the_one_that_plans_may_not(name: str) -> None:
    environment, key, asked = EXAMPLES[name], "route53:ChangeResourceRecordSets", 0
    for zone, settings in environment.zones.items():
        record = impossible_record(environment, zone)
        if record is None or settings.create:
            continue
        context = {
            f"{key}NormalizedRecordNames": (normalized(record["Name"]),),
            f"{key}RecordTypes": (record["Type"],),
            f"{key}Actions": ("DELETE",),
        }
        request = Request.of(key, f"arn:aws:route53:::hostedzone/{ids_of(environment)[zone]}", context)
        asked += 1
        for task, may in (("deploy", True), ("plan", False)):
            statements = [one.as_json() for one in roles_of(environment)[settings.account, task].statements]
            assert allows(statements, request) is may, (zone, task)
    assert asked or not environment.services


def test_the_record_that_is_asked_about_is_a_new_one_each_time() -> None:
    first, second = (impossible_record(ENVIRONMENT, "getorcha.com") for _ in range(2))
    assert first
    assert second
    assert first["Name"] != second["Name"]
    assert first["Name"].endswith(".link.getorcha.com")


def test_where_only_a_delegation_is_written_that_is_asked_about() -> None:
    (staging,) = load(["staging"])
    record = impossible_record(staging, "getorcha.com")
    assert record
    assert (record["Name"], record["Type"]) == ("staging.getorcha.com", "NS")
    assert impossible_record(without_services(staging), "getorcha.com") is not None


def without_services(environment: Environment) -> Environment:
    return environment.model_copy(update={"services": {}})
