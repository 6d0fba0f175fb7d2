"""`edge bootstrap`: what is missing is made, what stands is never weakened, and a second run does nothing."""

import json
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ProfileNotFound
from moto import mock_aws

from edge.__main__ import main
from edge.aws import state_bucket
from edge.prerequisites import bucket, command
from environments.loader import load
from tests.support.authorization.examples import EXAMPLES, ids_of
from tests.support.two_accounts import Accounts

BUCKET, REGION, PROD, MANAGEMENT = "v1-orcha-terraform-state", "eu-central-1", "111111111111", "222222222222"
ARN = f"arn:aws:s3:::{BUCKET}"
SETTINGS = ["object ownership", "public access", "versions", "encryption", "transport"]
ROLES = [
    "--roles",
    "--repository=getorcha/edge",
    *(f"--id={name}={id}" for name, id in ids_of(EXAMPLES["prod"]).items()),
]
STRICT = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    monkeypatch.setenv("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false")
    monkeypatch.setattr(sys, "stdin", StringIO())
    with mock_aws():
        made = Accounts()
        monkeypatch.setattr(command, "client_of", lambda _: made)
        yield made


Said = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*options: str) -> tuple[int, dict[str, str], str]:
        """Run it; give the exit code, what is done about each thing, and what it says."""
        code = main(["bootstrap", "prod", "--json", *options])
        printed = capsys.readouterr()
        rows = json.loads(printed.out or "[]")
        return code, {f"{row['account']} {row['thing']}": row["action"] for row in rows}, printed.err

    return run


def s3(accounts: Accounts, account: str = PROD, region: str = REGION) -> Any:
    return accounts("s3", account, region)


def make(client: Any, region: str = REGION) -> None:
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})


def statements(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    return found


# The bucket


def test_a_bucket_is_made_versioned_encrypted_closed_and_by_tls_alone(accounts: Accounts, run: Said) -> None:
    code, did, _ = run("--yes")
    assert (code, did) == (0, {f"prod bucket {BUCKET}": "make", **{f"prod {name}": "set" for name in SETTINGS}})
    client = s3(accounts)
    assert client.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    (rule,) = client.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert client.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"] == STRICT
    assert client.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    (refusal,) = statements(client)
    assert refusal["Effect"] == "Deny"
    assert refusal["Resource"] == [ARN, f"{ARN}/*"]
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert client.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == REGION


def test_a_second_run_writes_nothing(accounts: Accounts, run: Said) -> None:
    run("--yes", *ROLES)
    accounts.calls.clear()
    code, did, output = run("--yes", *ROLES)
    assert (code, set(did.values()), accounts.writes) == (0, {"stands"}, [])
    assert output.endswith("Nothing to do: all that prod needs stands.\n")


@pytest.mark.parametrize("works", [0, 1, 4, 9, 14])
def test_a_run_that_was_cut_off_is_completed(works: int, accounts: Accounts, run: Said) -> None:
    """The first `works` writes of a run are made, and all others refused; the next run makes exactly the rest."""
    left = [works]

    def refuse(model: Any, **_: Any) -> None:
        if model.name.startswith(("Create", "Put", "Attach")):
            left[0] -= 1
            if left[0] < 0:
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, model.name)

    clients = [s3(accounts), *(accounts("iam", account, "us-east-1") for account in (PROD, MANAGEMENT))]
    for client in clients:
        client.meta.events.register("before-call.*", refuse)
    code, _, output = run("--yes", *ROLES)
    assert code == 1
    assert "AWS refused" in output
    assert "run again: it goes on from there" in output
    for client in clients:
        client.meta.events.unregister("before-call.*", refuse)
    code, did, _ = run("--yes", *ROLES)
    assert code == 0
    made = works if works != 1 else 2  # a bucket is made with its owner's enforcement
    assert sum(action == "stands" for action in did.values()) == made
    assert set(run(*ROLES)[1].values()) == {"stands"}


def test_settings_that_are_stricter_stay(accounts: Accounts, run: Said) -> None:
    client = s3(accounts)
    make(client)
    own = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": ARN}
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": own}))
    key = {"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": "arn:aws:kms:eu-central-1:111111111111:key/1"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": key}]}
    client.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=rules)
    code, did, _ = run("--yes")
    assert (code, did["prod encryption"]) == (0, "stands")
    assert (
        client.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0][
            "ApplyServerSideEncryptionByDefault"
        ]
        == key
    )
    assert [statement["Sid"] for statement in statements(client)] == ["Own", "RefuseWithoutTls"]


def test_without_a_terminal_nothing_is_made_unless_somebody_says_so(accounts: Accounts, run: Said) -> None:
    code, did, output = run()
    assert (code, did[f"prod bucket {BUCKET}"], accounts.writes) == (2, "make", [])
    assert output.startswith("edge bootstrap asks before it changes anything, and there is no terminal to ask on;")


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("y", 1), ("", 1)])
def test_on_a_terminal_only_a_yes_is_one(
    answer: str, code: int, accounts: Accounts, run: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = StringIO(f"{answer}\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert run()[0] == code
    assert bool(accounts.writes) is (code == 0)


def test_a_bucket_of_another_account_is_refused(accounts: Accounts, run: Said) -> None:
    make(s3(accounts, MANAGEMENT))
    accounts.calls.clear()
    code, _, output = run("--yes")
    assert (code, accounts.writes) == (2, [])
    assert output == (
        f"s3://{BUCKET} is refused to account prod ({PROD}): it is another account's, or the profile lacks "
        "s3:ListBucket; choose another name in backend.bucket, name its account in backend.account, or sign in with "
        "that permission\n"
    )


def test_a_bucket_in_another_region_is_refused(accounts: Accounts, run: Said) -> None:
    make(s3(accounts, PROD, "eu-west-1"), "eu-west-1")
    accounts.calls.clear()
    code, _, output = run("--yes")
    assert (code, accounts.writes) == (2, [])
    assert output == (
        f"s3://{BUCKET} stands in eu-west-1, and backend.region is eu-central-1; correct one of backend.region and "
        "backend.bucket\n"
    )


@pytest.mark.parametrize("code", ["301", "400"])
def test_a_region_that_boto3_did_not_follow_to_is_refused(code: str) -> None:
    class Elsewhere:
        def head_bucket(self, **_: str) -> Any:
            headers = {"HTTPHeaders": {"x-amz-bucket-region": "us-west-2"}}
            raise ClientError({"Error": {"Code": code}, "ResponseMetadata": headers}, "HeadBucket")

    (environment,) = load(["prod"])
    place = state_bucket.place_of(environment, lambda *_: Elsewhere())
    assert place
    with pytest.raises(state_bucket.BucketError, match=r"stands in us-west-2, and backend\.region is eu"):
        state_bucket.stands(place)


def test_what_may_not_be_read_is_one_sentence(accounts: Accounts, run: Said) -> None:
    def refuse(model: Any, **_: Any) -> None:
        if model.name == "GetBucketPolicy":
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, model.name)

    client = s3(accounts)
    make(client)
    client.meta.events.register("before-call.*", refuse)
    accounts.calls.clear()
    code, _, output = run("--yes")
    assert (code, accounts.writes, output.count("\n")) == (2, [], 1)
    assert "could not be read, and nothing was changed" in output


def test_a_profile_of_another_account_is_refused(
    accounts: Accounts, run: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        command, "client_of", lambda _: lambda service, _id, region: accounts(service, "9" * 12, region)
    )
    code, _, output = run("--yes")
    assert (code, accounts.writes) == (2, [])
    assert "accounts.prod: profile orcha-prod signs in to account 999999999999, not to 111111111111;" in output


def test_s3_is_asked_again_while_it_does_not_know_the_bucket_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "_PAUSE_SECONDS", 0.0)
    (environment,) = load(["prod"])
    place = state_bucket.place_of(environment, lambda *_: None)
    assert place
    answers = iter(["NoSuchBucket", "OperationAborted", None])
    asked = []

    def put(**settings: Any) -> None:
        asked.append(settings)
        if code := next(answers):
            raise ClientError({"Error": {"Code": code}}, "PutBucketVersioning")

    bucket._setting(place, put, A=1)()
    assert asked == [{"Bucket": BUCKET, "ExpectedBucketOwner": PROD, "A": 1}] * 3


REFUSAL = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    ("changes", "refuses"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}, "Action": ["s3:*"], "Resource": "*"}, True),
        ({"Condition": {"Bool": {"AWS:securetransport": [False]}}}, True),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": PROD}}, False),
        ({"Action": "s3:PutObject"}, False),
        ({"Resource": f"{ARN}/*"}, False),
        ({"Resource": ARN}, False),
        ({"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        ({"Condition": {}}, False),
        ({"Condition": {**REFUSAL["Condition"], "StringEquals": {"aws:PrincipalAccount": PROD}}}, False),  # type: ignore[dict-item]
    ],
)
def test_only_a_refusal_of_everything_without_tls_is_one(changes: dict[str, Any], refuses: bool) -> None:
    assert bucket.refuses_plain_text([{**REFUSAL, **changes}], ARN) is refuses


# A KMS key of the file


KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("standing", "kind"),
    [({"SSEAlgorithm": "AES256"}, "set"), ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": f"{KEY}0"}, "replace")],
)
def test_the_files_key_encrypts_and_another_key_is_a_difference(
    standing: dict[str, str], kind: str, accounts: Accounts
) -> None:
    (environment,) = load(["prod"])
    assert environment.backend
    backend = environment.backend.model_copy(update={"kms_key_arn": KEY})
    place = state_bucket.place_of(environment.model_copy(update={"backend": backend}), accounts)
    assert place
    make(place.s3)
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": standing}]}
    place.s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=rules)
    (step,) = [step for step in bucket.steps(place) if step.thing == "encryption"]
    assert step.kind == kind
    step.act()
    (rule,) = place.s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert rule["BucketKeyEnabled"] is True
    assert [step.kind for step in bucket.steps(place) if step.thing == "encryption"] == ["stands"]


# Roles


def test_roles_and_the_provider_are_made_in_each_account(accounts: Accounts, run: Said) -> None:
    code, did, _ = run("--yes", *ROLES)
    assert code == 0
    assert did["management identity provider token.actions.githubusercontent.com"] == "make"
    for account, name in ((PROD, "prod"), (MANAGEMENT, "management")):
        iam = accounts("iam", account, "us-east-1")
        for task in ("deploy", "plan"):
            role = f"orcha-edge-prod-{task}"
            assert did[f"{name} role {role}"] == "make"
            trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
            assert trust["Statement"][0]["Principal"]["Federated"].startswith(f"arn:aws:iam::{account}:oidc-provider/")
            attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
            assert {policy["PolicyName"].rpartition("-")[0] for policy in attached} == {role}
        provider = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"][0]["Arn"]
        assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)["ClientIDList"] == [
            "sts.amazonaws.com"
        ]


def test_the_policies_are_those_of_edge_roles(
    accounts: Accounts, run: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--yes", *ROLES)
    assert main(["roles", "prod", *ROLES[1:]]) == 0
    for account, tasks in json.loads(capsys.readouterr().out).items():
        iam = accounts("iam", {"prod": PROD, "management": MANAGEMENT}[account], "us-east-1")
        for task, documents in tasks.items():
            role = iam.get_role(RoleName=f"orcha-edge-prod-{task}")["Role"]
            assert role["AssumeRolePolicyDocument"] == documents.pop("trust")
            policies = iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
            made = [
                iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId="v1")["PolicyVersion"]["Document"]
                for policy in sorted(policies, key=lambda policy: policy["PolicyName"])
            ]
            assert made == list(documents.values())


def changed_by_hand(accounts: Accounts) -> Any:
    """Let a policy allow more, a role trust somebody else, and a policy of an earlier version stay attached."""
    iam = accounts("iam", PROD, "us-east-1")
    wide = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    iam.create_policy_version(
        PolicyArn=f"arn:aws:iam::{PROD}:policy/orcha-edge-prod-plan-1",
        PolicyDocument=json.dumps(wide),
        SetAsDefault=True,
    )
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": PROD}, "Action": "sts:AssumeRole"},
    }
    iam.update_assume_role_policy(RoleName="orcha-edge-prod-plan", PolicyDocument=json.dumps(trust))
    for name in ("orcha-edge-prod-plan-9", "somebody-elses"):
        iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(wide))
        iam.attach_role_policy(RoleName="orcha-edge-prod-plan", PolicyArn=f"arn:aws:iam::{PROD}:policy/{name}")
    return iam


DIFFERENCES = {
    "prod policy orcha-edge-prod-plan-1",
    "prod role orcha-edge-prod-plan",
    "prod attachment of orcha-edge-prod-plan-9",
}


def test_what_stands_otherwise_is_shown_and_kept_with_yes(accounts: Accounts, run: Said) -> None:
    run("--yes", *ROLES)
    iam = changed_by_hand(accounts)
    accounts.calls.clear()
    code, did, output = run("--yes", *ROLES)
    assert (code, accounts.writes) == (1, [])
    assert {thing for thing, action in did.items() if action != "stands"} == DIFFERENCES
    assert output.count("kept as it stands") == 3
    assert "removes statement 1" in output
    assert iam.get_role(RoleName="orcha-edge-prod-plan")["Role"]["AssumeRolePolicyDocument"]["Statement"]["Action"]


def test_it_is_replaced_where_somebody_says_so_and_what_others_attached_stays(accounts: Accounts, run: Said) -> None:
    run("--yes", *ROLES)
    iam = changed_by_hand(accounts)
    assert run("--replace", *ROLES)[0] == 0
    assert set(run(*ROLES)[1].values()) == {"stands"}
    attached = iam.list_attached_role_policies(RoleName="orcha-edge-prod-plan")["AttachedPolicies"]
    names = {policy["PolicyName"] for policy in attached}
    assert "somebody-elses" in names
    assert "orcha-edge-prod-plan-9" not in names


def test_the_oldest_version_goes_where_aws_keeps_no_more(accounts: Accounts, run: Said) -> None:
    run("--yes", *ROLES)
    iam = accounts("iam", PROD, "us-east-1")
    arn = f"arn:aws:iam::{PROD}:policy/orcha-edge-prod-plan-1"
    wide = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(wide), SetAsDefault=True)
    assert run("--replace", *ROLES)[0] == 0
    versions = {version["VersionId"] for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]}
    assert versions == {"v2", "v3", "v4", "v5", "v6"}


def test_a_provider_that_stands_serves_aws_too(accounts: Accounts, run: Said) -> None:
    """moto does not know the call; the embedded AWS does, and its own test asks that."""
    iam = accounts("iam", PROD, "us-east-1")
    url, asked = "https://token.actions.githubusercontent.com", []

    def answer(params: Any, **_: Any) -> Any:
        asked.append(params["body"])
        return SimpleNamespace(status_code=200), {}

    iam.meta.events.register("before-call.iam.AddClientIDToOpenIDConnectProvider", answer)
    iam.create_open_id_connect_provider(Url=url, ClientIDList=["somebody"], ThumbprintList=["0" * 40])
    _, did, _ = run("--yes", *ROLES)
    assert did["prod identity provider token.actions.githubusercontent.com"] == "set"
    assert [(body["ClientID"], body["OpenIDConnectProviderArn"][-36:]) for body in asked] == [
        ("sts.amazonaws.com", "/token.actions.githubusercontent.com")
    ]


def test_a_managed_platform_gets_the_boundary_that_its_file_names(
    accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bootstrap", "staging", "--roles", "--repository=a/b", "--id=getorcha.com=Z1", "--yes"]) == 0
    iam = accounts("iam", "333333333333", "us-east-1")
    arn = "arn:aws:iam::333333333333:policy/v1-orcha-staging-instances-boundary"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"
    assert "v1-orcha-staging-instances-boundary" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--roles"], "--roles: needs the repository that the roles trust; add --repository owner/name\n"),
        (["--repository=a/b"], "--repository: is about roles, and none are made without --roles; add that, or leave"),
        (["--roles", "--repository=a"], "--repository a: is not a repository on GitHub; write it as owner/name\n"),
    ],
)
def test_wrong_options_are_one_sentence(options: list[str], sentence: str, accounts: Accounts, run: Said) -> None:
    code, _, output = run(*options)
    assert (code, accounts.writes) == (2, [])
    assert output.startswith(sentence)


def test_wrong_options_are_reported_before_aws_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def client(*_: object) -> None:
        raise ProfileNotFound(profile="orcha-prod")

    monkeypatch.setattr("edge.prerequisites.command.client_of", lambda _: client)
    assert main(["bootstrap", "prod", "--roles", "--repository=a", "--id=b"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "--id b: is not of the form NAME=ID; write one such as getorcha.com=Z0123456789ABC",
        "--repository a: is not a repository on GitHub; write it as owner/name",
    ]


def test_an_environment_with_a_local_state_needs_no_bucket() -> None:
    (environment,) = load(["prod"])
    assert state_bucket.place_of(environment.model_copy(update={"backend": None}), lambda *_: None) is None
