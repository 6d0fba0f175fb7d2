"""Before a plan and before a deploy everything is asked in seconds, and nothing is written where something is wrong."""

import resource
from collections.abc import Iterator

import pytest

from edge.aws import inventory
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.call_recorder import Recorder, recording
from tests.support.planning import Desk, prod_toml
from tests.support.write_gate import READS, Answer

(ENVIRONMENT,) = load(["prod"])
BUCKET, MANAGEMENT, PROD = "v1-orcha-terraform-state", "222222222222", "111111111111"
DENIED = (
    b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error>"
    b"</ErrorResponse>"
)
ASKING = {"AssumeRole", "ChangeResourceRecordSets"}

pytestmark = pytest.mark.takes(minutes=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=900) as aws:
        desk = Desk(tmp_path_factory.mktemp("desk"), aws)
        desk.write(prod_toml())
        yield desk


def edge(desk: Desk, *arguments: str) -> tuple[int, str, float]:
    """Run it; give the exit code, what it says, and the processor's seconds: on a busy machine the clock tells less."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = desk.python("edge", *arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.returncode, done.stderr, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def nothing_was_synthesized(desk: Desk) -> bool:
    return not (desk.folder / "out").exists()


def written(recorder: Recorder) -> set[str]:
    """Name what was called that could write, but for what asks only, and is refused."""
    return {
        call.operation
        for call in recorder.calls
        if not call.operation.startswith((*READS, "Head")) and not (call.operation in ASKING and not call.succeeded)
    }


class DeniesRecords(Recorder):
    """Refuses every change of records to the management account, as IAM does: before it looks at the change."""

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        answer = super().pass_on(method, path, headers, body)
        last = self.calls[-1]
        if last.operation == "ChangeResourceRecordSets" and last.account == MANAGEMENT:
            return 403, [("Content-Type", "text/xml")], DENIED
        return answer


def test_a_denial_in_the_management_account_ends_in_seconds_with_nothing_made(desk: Desk) -> None:
    before = inventory.take(ENVIRONMENT, desk.aws.client)
    proxy = DeniesRecords(desk.aws)
    with proxy.serving():
        desk.aws.variables["AWS_ENDPOINT_URL"] = proxy.url
        code, output, seconds = edge(desk, "deploy", "prod", "--auto-approve")
        desk.aws.variables["AWS_ENDPOINT_URL"] = desk.aws.url
    assert code == 2, output
    assert 'zones."getorcha.com": account management (222222222222) may not write into this zone' in output
    assert seconds < 15
    assert nothing_was_synthesized(desk)
    assert written(proxy) == set()
    assert inventory.take(ENVIRONMENT, desk.aws.client) == before


@pytest.mark.parametrize("command", [["plan", "prod"], ["deploy", "prod", "--auto-approve"], ["adopt", "prod"]])
def test_without_a_bucket_every_command_names_bootstrap_and_writes_nothing(desk: Desk, command: list[str]) -> None:
    desk.write(prod_toml(bucket=f"{BUCKET} -> not-there-yet"), "prod")
    with recording(desk.aws) as recorder:
        code, output, seconds = edge(desk, *command)
    desk.write(prod_toml())
    assert code == 2, output
    assert "the state's bucket s3://not-there-yet does not stand yet; make it with `edge bootstrap prod`" in output
    assert seconds < 15
    assert nothing_was_synthesized(desk)
    assert written(recorder) == set()


def test_a_bucket_of_another_account_is_one_sentence(desk: Desk) -> None:
    place = {"CreateBucketConfiguration": {"LocationConstraint": ENVIRONMENT.region}}
    desk.aws.client("s3", MANAGEMENT, ENVIRONMENT.region).create_bucket(Bucket="of-management", **place)
    desk.write(prod_toml(bucket=f"{BUCKET} -> of-management"))
    for command in (["plan", "prod"], ["bootstrap", "prod", "--yes"]):
        with recording(desk.aws) as recorder:
            code, output, _ = edge(desk, *command)
        assert (code, output.count("\n"), written(recorder)) == (2, 1, set()), output
        assert output.startswith(f"s3://of-management is refused to account prod ({PROD}): it is another account's, or")
    desk.write(prod_toml())


BAD_OBJECTS = {
    "edge/prod.tfstate": (
        '{"version": 5, "terraform_version": "2.0.0"}',
        "has the state format 5, written by",
    ),
    "edge/prod.tfstate.tflock": (
        '{"ID": "1", "Who": "ada@laptop", "Operation": "OperationTypeApply", "Created": "2026-11-26T10:00:00Z"}',
        "he state is locked by ada@laptop, OperationTypeApply, since 2026-11-26T10:00:00Z",
    ),
}


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("edge/prod.tfstate", ["plan", "prod"]),
        ("edge/prod.tfstate", ["adopt", "prod"]),
        ("edge/prod.tfstate", ["recover", "prod", "--yes"]),
        ("edge/prod.tfstate.tflock", ["deploy", "prod", "--auto-approve"]),
        ("edge/prod.tfstate.tflock", ["recover", "prod", "--yes"]),
    ],
)
def test_a_state_that_cannot_be_read_or_is_held_is_one_sentence(desk: Desk, key: str, command: list[str]) -> None:
    s3 = desk.aws.client("s3", PROD, ENVIRONMENT.region)
    text, sentence = BAD_OBJECTS[key]
    s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
    with recording(desk.aws) as recorder:
        code, output, _ = edge(desk, *command)
    lines = [line for line in output.splitlines() if sentence in line]
    assert (code, len(lines), written(recorder)) == (2, 1, set()), output
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() == text
    s3.delete_object(Bucket=BUCKET, Key=key)


def test_imports_of_another_environment_are_one_sentence(desk: Desk) -> None:
    file = desk.folder / "environments" / "prod.imports.toml"
    text = 'environment = "staging"\n\n[imports]\n"aws_lb_target_group.link" = "arn"\n'
    file.write_text(text, encoding="utf-8")
    for command in (["plan", "prod"], ["adopt", "prod"], ["deploy", "prod", "--auto-approve"]):
        with recording(desk.aws) as recorder:
            code, output, _ = edge(desk, *command)
        assert (code, output.count("\n"), recorder.calls) == (2, 1, []), output
        assert 'environment: names "staging", and the file\'s name says prod' in output
    assert file.read_text(encoding="utf-8") == text
    file.unlink()
